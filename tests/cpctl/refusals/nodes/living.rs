//! A run of another operator that is still at work: it stands still until the other one was refused, and then goes on.

use std::{fs, process::Stdio};

use super::{ADD, NODES, refused};
use crate::{crashes::struck, harness::Ran, lab::Lab, wait::awaited};

pub(super) fn a_living_run_of_another_operator_is_named_and_goes_on(lab: &Lab) {
    let state = lab.path("living");
    fs::create_dir_all(&state).unwrap();
    let log = state.join("strace");
    let words = struck("STOP", 3, &log);
    let words: Vec<&str> = words.iter().map(String::as_str).chain(ADD).collect();
    let mut command = lab.inside(&words);
    let living =
        command.env("XDG_STATE_HOME", &state).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = awaited("a run that stands still", || {
        let said = fs::read_to_string(&log).ok()?;
        let line = said.lines().find(|line| line.contains("stopped by SIGSTOP"))?;
        Some(line.split_whitespace().next()?.to_owned())
    });
    let serials = NODES.map(|node| lab.serial(node));

    let ran =
        refused(lab.cpctl(&ADD), &["fail n1: run ", "holds the lock since ", "wait while it is at work"]);

    let run = ran.stderr.split("fail n1: run ").nth(1).unwrap().split(' ').next().unwrap();
    assert_eq!(NODES.map(|node| lab.serial(node)), serials);
    Ran::of(&mut lab.inside(&["kill", "-CONT", &id])).exits(0);
    let ran = Ran::ended(living).exits(0);
    assert!(ran.stderr.contains(run), "{run}: {}", ran.shown());
    lab.cpctl(&["undo", run, "--yes"]).exits(0);
    assert_eq!(NODES.map(|node| lab.serial(node)), serials);
}
