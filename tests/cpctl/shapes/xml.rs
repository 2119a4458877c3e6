//! JUnit XML, against the schema by which Jenkins reads it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cpctl::outcome::{Preflight, Shape};

use super::{super::harness::Ran, sample, samples, text, tool};

const SCHEMA: &str = "fixtures/schemas/junit-10.xsd";

/// What xmllint says of a file.
pub(in super::super) fn judged(file: &Path) -> Ran {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    Ran::of(Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).arg(file))
}

fn written(directory: &Path, told: &str) -> PathBuf {
    let file = directory.join("report.xml");
    fs::write(&file, told).unwrap();
    file
}

#[test]
fn junit_is_what_its_schema_describes() {
    if !tool("xmllint") {
        return;
    }
    let home = tempfile::tempdir().unwrap();

    for sample in samples() {
        judged(&written(home.path(), &text(Shape::Junit, &sample))).exits(0);
    }
    let watched = include_str!(
        "../../../src/render/watched/snapshots/cpctl__render__watched__tests__failover-junit.snap"
    );
    let watched = &watched[watched.find("<?xml").unwrap()..];
    judged(&written(home.path(), watched)).exits(0);
    let broken = text(Shape::Junit, &sample::preflight())
        .replace("<failure", "<fault")
        .replace("</failure", "</fault");
    judged(&written(home.path(), &broken)).exits(3);
}

#[test]
fn a_case_fails_where_what_was_found_counts() {
    let told = |fail_on| text(Shape::Junit, &Preflight { fail_on, ..sample::preflight() });

    let (counting, never) = (told(sample::preflight().fail_on), told(None));

    assert_eq!(counting.matches("<failure ").count(), 4, "{counting}");
    assert!(counting.contains("failures=\"4\" errors=\"0\">"), "{counting}");
    assert!(!never.contains("<failure "), "{never}");
    assert!(counting.contains("accepted until 2026-12-31: its battery comes #1, at 100%"), "{counting}");
}
