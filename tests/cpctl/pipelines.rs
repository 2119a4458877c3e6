//! The steps that `docs/ci.md` and the action give to pipelines, run as far as a shell can run them.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use cpctl::report::Baseline;
use serde_json::Value;

use super::{
    desk::Desk,
    docs,
    harness::{Cpctl, Ran},
    shapes::schemas,
};

const ACTION: &str = ".github/actions/preflight/action.yml";

/// A cluster in which one clock is wrong.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.cluster.machine("cp2").unwrap().set_clock_offset(3_600).unwrap();
    desk
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// The blocks of a language in `docs/ci.md`.
fn block(holding: &str) -> String {
    let blocks = docs::blocks(&docs::text("docs/ci.md"), "yaml");
    blocks
        .into_iter()
        .find(|block| block.contains(holding))
        .unwrap_or_else(|| panic!("no block holds {holding}"))
}

/// The one step of the action with these inputs, as a runner starts it.
fn acted(desk: &Desk, given: &[(&str, &str)]) -> (Ran, BTreeMap<String, String>, String) {
    let action = yaml(&docs::text(ACTION));
    let step = &action["runs"]["steps"][0];
    assert_eq!((&step["shell"], action["runs"]["steps"].as_array().unwrap().len()), (&"bash".into(), 1));
    let input = |name: &str| {
        let default = &action["inputs"][name]["default"];
        let default = default.as_str().unwrap_or_else(|| panic!("no input {name}"));
        given.iter().find(|(given, _)| *given == name).map_or(default, |(_, value)| *value).to_owned()
    };
    let mut command = Command::new("bash");
    desk.cpctl.scrub(&mut command);
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
    for (name, value) in step["env"].as_object().unwrap() {
        let asked =
            value.as_str().unwrap().strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"));
        command.env(name, input(asked.unwrap()));
    }
    let (output, summary) = (desk.path("output"), desk.path("summary"));
    let written = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let ran = Ran::of(command.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary));
    let outputs = written(&output);
    let outputs = outputs.lines().filter_map(|line| line.split_once('='));
    (ran, outputs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), written(&summary))
}

#[test]
fn the_action_annotates_and_leaves_its_reports_where_the_next_steps_look() {
    let desk = desk();

    let (ran, outputs, summary) = acted(&desk, &[("cpctl", Cpctl::binary())]);

    let ran = ran.exits(1);
    assert!(ran.stdout.contains("::error title="), "{}", ran.shown());
    assert_eq!(outputs["result"], "failed");
    let report = |name: &str| fs::read_to_string(desk.path("cluster").join(name)).unwrap();
    assert!(report(&outputs["sarif"]).contains("\"version\": \"2.1.0\""));
    assert!(report(&outputs["html"]).starts_with("<!doctype html>"));
    assert!(report("preflight/preflight.xml").ends_with("</testsuites>\n"));
    schemas::assert_described(&report("preflight/preflight.json"));
    let told = report("preflight/preflight.txt");
    assert_eq!(summary, format!("~~~~~~~~text\n{told}~~~~~~~~\n"));
    for output in yaml(&docs::text(ACTION))["outputs"].as_object().unwrap().keys() {
        assert!(outputs.contains_key(output), "{output}");
    }
}

#[test]
fn the_action_fails_without_a_result_where_nothing_could_be_checked() {
    let desk = desk();

    let (ran, outputs, _) = acted(&desk, &[("cpctl", Cpctl::binary()), ("inventory", "none.yaml")]);

    let ran = ran.exits(2);
    assert!(ran.stderr.contains("none.yaml"), "{}", ran.shown());
    assert!(outputs.is_empty(), "{outputs:?}");
}

#[test]
fn the_job_of_gitlab_leaves_what_it_says_that_it_leaves() {
    let desk = desk();
    let job = &yaml(&block("script:"))["preflight"];
    let line = job["script"][0].as_str().unwrap();
    let binaries = Path::new(Cpctl::binary()).parent().unwrap().display().to_string();
    let line = line.replace("--wait 5m", "--wait 1ms");

    let mut shell = Command::new("sh");
    desk.cpctl.scrub(&mut shell);
    let ran = Ran::of(shell.args(["-ec", &line]).env("PATH", format!("{binaries}:/usr/bin:/bin")));

    let ran = ran.exits(1);
    assert!(ran.stdout.contains("fail "), "{}", ran.shown());
    let paths =
        job["artifacts"]["paths"].as_array().unwrap().iter().chain([&job["artifacts"]["reports"]["junit"]]);
    for path in paths {
        let path = desk.path("cluster").join(path.as_str().unwrap());
        assert!(path.is_file(), "{}", path.display());
    }
}

#[test]
fn the_workflow_gives_the_action_inputs_that_it_has_and_reads_outputs_that_it_has() {
    let (action, workflow) = (yaml(&docs::text(ACTION)), block("uses: ./.github"));

    let steps = &yaml(&workflow)["jobs"]["preflight"]["steps"];
    let step = steps.as_array().unwrap().iter().find(|step| step["id"] == "preflight").unwrap();

    for input in step["with"].as_object().unwrap().keys() {
        assert!(action["inputs"].get(input).is_some(), "{input}");
    }
    for output in workflow.split("steps.preflight.outputs.").skip(1) {
        let name = output.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap();
        assert!(action["outputs"].get(name).is_some(), "{name}");
    }
}

#[test]
fn the_baseline_that_is_shown_is_one() {
    assert!(Baseline::parse("docs/ci.md", &block("accepted:")).is_ok());
}

#[test]
fn several_reports_are_written_at_once_and_none_where_one_cannot_be() {
    let desk = desk();
    let flags = ["--report", "tap=a.tap", "--report", "prometheus=a.prom", "--report"];
    let preflight = |last| desk.run(&[&["preflight", "-o", "json"], &flags[..], &[last]].concat());

    let refused = preflight("text=nowhere/a.txt").exits(2);
    let twice = preflight("text=a.tap").exits(2);
    assert!(!desk.path("cluster/a.tap").exists(), "nothing was written yet");
    let ran = preflight("text=a.txt").exits(1);

    assert!(refused.stdout.contains("nowhere/a.txt: cannot write"), "{}", refused.shown());
    assert!(
        twice.stdout.contains("`--report tap` and `--report text` name the same file"),
        "{}",
        twice.shown()
    );
    schemas::assert_described(&ran.stdout);
    let written = |name: &str| fs::read_to_string(desk.path("cluster").join(name)).unwrap();
    assert!(written("a.tap").starts_with("TAP version 14\n"));
    assert!(written("a.prom").contains("\ncpctl_preflight_passed 0\n"));
    assert!(written("a.txt").contains("something must be put right first\n"));
}

#[test]
fn what_is_accepted_no_longer_fails_until_its_day_is_over() {
    let desk = desk();
    let told: Value = serde_json::from_str(&desk.run(&["preflight", "-o", "json"]).exits(1).stdout).unwrap();
    let checks = told["checks"].as_array().unwrap().iter();
    let findings: Vec<&Value> = checks.flat_map(|check| check["findings"].as_array().unwrap()).collect();
    let baseline = |until: &str| {
        let one = |finding: &&Value| {
            format!(
                "  - code: {}\n    subject: {}\n    until: {until}\n",
                finding["code"], finding["subject"]
            )
        };
        let entries: String = findings.iter().map(one).collect();
        fs::write(desk.path("cluster/accepted.yaml"), format!("accepted:\n{entries}")).unwrap();
        desk.run(&["preflight", "--baseline", "accepted.yaml", "--wait", "1ms"])
    };

    let accepted = baseline("2999-01-01").exits(0);
    let over = baseline("2020-01-01").exits(1);

    assert!(accepted.stdout.contains("accepted until 2999-01-01"), "{}", accepted.shown());
    assert!(accepted.stderr.is_empty(), "nothing is waited for: {}", accepted.shown());
    assert!(over.stdout.contains("[ignore-expired]"), "{}", over.shown());
}
