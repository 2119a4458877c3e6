//! Every finding as it is told to people and to programs, each made by the code that finds it.

use std::{fs, path::Path};

use cpctl::{
    outcome::Outcome,
    render::{self, Format},
    report::{Code, Finding},
};

use super::desk::Desk;

mod by_hand;
mod files;
mod k3s;
mod nodes;
mod wire;

/// Compares with the snapshot of this name, whatever the day, the certificates and the run.
macro_rules! assert_told {
    ($name:expr, $text:expr) => {
        insta::with_settings!({ filters => vec![
            (r"\b\d{8}-\d{6}-[0-9a-z]{4}\b", "yyyymmdd-hhmmss-rand"),
            (r"\b[0-9a-f]{64}\b", "[sha256]"),
            (r"\b[0-9a-f]{30,40}\b", "[serial]"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-01-01 00:00"),
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-01-01T00:00:00Z"),
            (r"PORT2: (no answer within 5 s|cannot connect: connection refused)", "PORT2: [silent]"),
            (r"\b\d+ s (ahead of|behind)", "N s $1"),
        ] }, { insta::assert_snapshot!($name, $text) });
    };
}
pub(crate) use assert_told;

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
