//! Files with known faults: what is found in them is what their own comments say, and nothing else.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, path::Path};

use super::{Facts, Source, lint};

/// What a comment begins with that names the findings of its line.
const MARK: &str = "<- ";

/// The files of a folder, or one file, as the command reads them.
pub(super) fn sources(path: &Path) -> Vec<Source> {
    if path.is_dir() {
        let mut inside: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        return inside.iter().flat_map(|path| sources(path)).collect();
    }
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let text = fs::read_to_string(path).unwrap();
    vec![Source { name: path.display().to_string(), text, mode: Some(mode), kind: None }]
}

pub(super) fn fixture(path: &str) -> Vec<Source> {
    sources(&Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).join(path))
}

/// `file:line code` of everything that is found.
pub(super) fn found(sources: &[Source]) -> BTreeSet<String> {
    let judged = lint(sources, &Facts { plane: None, today: jiff::civil::date(2026, 1, 1) });
    let told = judged.findings.iter().map(|finding| {
        let file = finding.subject.rsplit('/').next().unwrap();
        let line = finding.at.as_ref().map_or(0, |at| at.line);
        format!("{file}:{line} {}", finding.code.id())
    });
    told.collect()
}

fn marked(sources: &[Source]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for source in sources {
        let file = source.name.rsplit('/').next().unwrap();
        for (index, line) in source.text.lines().enumerate() {
            let codes = line.split_once(MARK).map_or("", |(_, codes)| codes);
            all.extend(codes.split_whitespace().map(|code| format!("{file}:{} {code}", index + 1)));
        }
    }
    all
}

/// Every file of a kind alone, and every folder of them together, held against its marks.
pub(super) fn hold(kind: &str) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lint")).join(kind);
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();

    for case in cases {
        let sources = sources(&case);
        assert_eq!(found(&sources), marked(&sources), "{}", case.display());
    }
}

#[test]
fn every_fault_of_nginx_is_found_and_nothing_else() {
    hold("nginx");
}

#[test]
fn every_fault_of_keepalived_is_found_and_nothing_else() {
    hold("keepalived");
}

#[test]
fn every_fault_of_relayd_and_pf_is_found_and_nothing_else() {
    hold("relayd");
}
