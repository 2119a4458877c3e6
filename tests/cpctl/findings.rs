//! Every finding as it is told to people and to programs, each made by the code that finds it.

use std::{fs, path::Path};

use cpctl::{
    outcome::Outcome,
    render::{self, Format},
    report::{Code, Finding},
};

use super::{desk::Desk, told::assert_told};

mod balancers;
mod by_hand;
mod drift;
mod endpoint;
mod filed;
mod files;
mod front;
mod k0s;
mod k3s;
mod kubeadm;
mod lines;
mod lint;
mod moves;
pub mod nodes;
mod wire;

/// What a refusal with these findings looks like, for people and for programs.
fn rendered(findings: Vec<Finding>) -> String {
    let refused = Outcome::Refused(findings);
    let mut out = vec![];
    render::outcome(&refused, Format::Text, &mut out).unwrap();
    out.push(b'\n');
    render::outcome(&refused, Format::Json, &mut out).unwrap();
    console::strip_ansi_codes(std::str::from_utf8(&out).unwrap()).into_owned()
}

/// All that the snapshots of a directory and of those below it hold.
fn snapshots(directory: &Path) -> String {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: std::path::PathBuf| match path.extension() {
        None if path.is_dir() => snapshots(&path),
        Some(end) if end == "snap" => fs::read_to_string(&path).unwrap(),
        _ => String::new(),
    };
    entries.map(text).collect()
}

#[test]
fn every_finding_is_held_as_people_and_as_programs_read_it() {
    let held = snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cpctl"));
    let is_held = |code: &Code| {
        held.contains(&format!("[{}]\n", code.id())) && held.contains(&format!("\"code\": \"{}\"", code.id()))
    };

    let missing: Vec<&str> = Code::ALL.iter().filter(|code| !is_held(code)).map(|code| code.id()).collect();

    assert_eq!(missing, Vec::<&str>::new());
}
