//! Every shape that the configuration of a server is found in, from the look to the plan.
//!
//! A directory of `fixtures/k3s/servers` is a machine's root, with the names that K3s' own parser (`pkg/configfilearg`)
//! hands on in `names`, and the version in `version` where it is not a recent one.

use std::{fs, path::Path};

use super::*;

const WANTED: [&str; 3] = ["10.0.3.200", "new.example.com", "2001:db8::99"];

/// Those that K3s reads, and that cpctl leaves alone.
const REFUSED: [&str; 4] = ["comma-string-oldest", "duplicate-keys-oldest", "flags-before-files", "script"];

/// One that K3s takes for a name, and that is none.
const NONE: &str = "[{a b}]";

struct Shape {
    name: String,
    server: Server,
    /// What K3s' own parser reads.
    names: Vec<String>,
}

fn shapes() -> Vec<Shape> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/k3s/servers");
    let mut roots: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    roots.sort();
    roots.iter().map(|root| shape(root)).collect()
}

fn shape(root: &Path) -> Shape {
    let mut server = Server::installed();
    let (mut folders, mut names) = (vec![root.to_owned()], vec![]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let (at, text) = (path.strip_prefix(root).unwrap(), fs::read_to_string(&path).unwrap());
            match (at.to_str().unwrap(), at.extension().is_some_and(|ending| ending == "service")) {
                ("names", _) => names = text.lines().map(str::to_owned).collect(),
                ("version", _) => server = server.version(text.trim()),
                (_, true) => server = server.on(|machine| with_unit(machine, at, &text)),
                (at, false) => server = server.with_file(&format!("/{at}"), &text),
            }
        }
    }
    Shape { name: root.file_name().unwrap().to_string_lossy().into(), server, names }
}

/// A machine with one unit, and that one running.
fn with_unit(mut machine: Machine, at: &Path, text: &str) -> Machine {
    let name = at.file_name().unwrap().to_str().unwrap();
    machine = machine.without_unit("k3s").with_running(name.trim_end_matches(".service"));
    machine.units.insert(name.into(), format!("# /{}\n{text}", at.display()));
    machine
}

/// What is read and what is planned, in the words that an operator reads.
fn told_of(Shape { name, server, .. }: &Shape) -> String {
    let planned = match server.plan(&WANTED) {
        Ok(step) => {
            step.iter().flat_map(|step| &step.changes).map(|change| changed(change, server)).collect()
        }
        Err(findings) => {
            let line = |finding: &Finding| format!("  {}: {}\n", finding.code.id(), finding.message);
            findings.iter().map(line).collect::<String>()
        }
    };
    format!("{name}: {}\n{planned}", server.configured())
}

fn changed(change: &Change, server: &Server) -> String {
    let Change::Edit { path, edit } = change else { return format!("  {change}\n") };
    let before = String::from_utf8(server.machine.files[path].clone()).unwrap();
    let after = edit.make(&before).unwrap();
    let lines = similar::TextDiff::from_lines(&before, &after);
    let lines = lines.iter_all_changes().filter(|line| line.tag() != similar::ChangeTag::Equal);
    let lines: String = lines.map(|line| format!("  {}{:?}\n", line.tag(), line.value())).collect();
    format!("  {change}\n{lines}")
}

#[test]
fn every_shape_is_read_as_k3s_reads_it() {
    for Shape { name, server, names } in shapes() {
        let read: SanSet = names.iter().filter_map(|name| name.parse().ok()).collect();

        assert_eq!(server.observe().configured(), read, "{name}");
    }
}

#[test]
fn every_shape_gets_the_names_and_no_other_byte_and_goes_back() {
    for Shape { name, server, names } in shapes() {
        let is_broken = names.iter().any(|name| name.starts_with('!') || name == NONE);
        let (before, files) = (server.observe().configured(), server.machine.files.clone());
        let Ok(step) = server.plan(&WANTED) else {
            assert!(is_broken || REFUSED.contains(&name.as_str()), "{name}");
            continue;
        };
        let step = step.unwrap();

        let after = server.after(&step);

        assert_eq!(after.observe().configured(), before.union(&set(&WANTED)), "{name}");
        assert_eq!(after.back(&step).machine.files, files, "{name}");
    }
}

#[test]
fn every_shape_has_its_plan() {
    let told: Vec<_> = shapes().iter().map(told_of).collect();

    insta::assert_snapshot!(told.join("\n"));
}
