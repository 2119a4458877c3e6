//! Every shape that a controller's configuration is found in, from the look to the plan.

use std::fs;

use super::*;

const WANTED: [&str; 2] = ["10.0.3.200", "new.example.com"];

fn shapes() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/k0s/configs");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<_> =
        files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// What is read and what becomes of it, in the words that an operator reads.
fn told_of(shape: &str) -> String {
    let controller = Controller::installed().config(shape);
    let before = controller.observe().configured();
    let becomes = match controller.plan(&WANTED) {
        Ok(step) => changed(shape, &controller, &step.unwrap()),
        Err(findings) => {
            let line = |finding: &Finding| format!("  {}: {}\n", finding.code.id(), finding.message);
            findings.iter().map(line).collect()
        }
    };
    format!("{shape}: {before}\n{becomes}")
}

/// The lines that change, and none but them when it is taken back.
fn changed(shape: &str, controller: &Controller, step: &Step) -> String {
    let (text, after) = (fixture(&format!("configs/{shape}.yaml")), controller.after(step));
    let Change::Edit { edit, .. } = &step.changes[0] else { panic!("{shape}: {step:?}") };
    assert_eq!(edit.inverse().make(&after).unwrap(), text, "{shape}");
    let names = Controller::installed().with_file(CONFIG, &after).observe().configured();
    assert_eq!(names, controller.observe().configured().union(&set(&WANTED)), "{shape}");
    let lines = similar::TextDiff::from_lines(&text, &after);
    let lines = lines.iter_all_changes().filter(|line| line.tag() != similar::ChangeTag::Equal);
    lines.map(|line| format!("  {}{:?}\n", line.tag(), line.value())).collect()
}

#[test]
fn every_shape_gets_the_names_and_no_other_byte() {
    let told: Vec<_> = shapes().iter().map(|shape| told_of(shape)).collect();

    insta::assert_snapshot!(told.join("\n"));
}
