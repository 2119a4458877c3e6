//! The table of findings in `docs/findings.md`, made from the program's own.

use std::{fmt::Write as _, fs, path::Path};

use cpctl::report::{CHECKS, Check, Group, Severity};

use super::text;

/// Set to write the page anew.
const WRITE: &str = "CPCTL_WRITE_DOCS";
const PAGE: &str = "docs/findings.md";

const HEAD: &str = "# Findings\n\n\
    Each finding ends with its id, which never changes: scripts match on it. `cpctl explain ID` tells what it means, why it\n\
    matters, how it was seen, how to mend it, and where that is written. `fail` is exit code 1, or a refusal before a change.\n\
    `cpctl preflight` chooses by the groups and checks below, and by the ids: `--only certificates`, `--skip clock,cert-expiring`.\n";

fn page() -> String {
    let of_group =
        |group: &Group| CHECKS.iter().filter(|check| check.group == *group).map(section).collect::<String>();
    let groups = Group::ALL.iter().map(|group| format!("\n## {}\n{}", group.id(), of_group(group)));
    groups.fold(HEAD.to_owned(), |page, group: String| page + &group)
}

fn section(check: &Check) -> String {
    let mut section = format!(
        "\n### {}\n\nWhere nothing is found, its subject {}.\n\n| finding | how bad | what |\n|---|---|---|\n",
        check.id, check.title
    );
    for code in check.codes {
        let how_bad = match code.severity() {
            Severity::Note => "note",
            Severity::Warn => "warn",
            Severity::Fail => "fail",
        };
        let what = code.explanation().what.replace('|', "\\|");
        writeln!(section, "| `{}` | {how_bad} | {what} |", code.id()).unwrap();
    }
    section
}

#[test]
fn the_table_of_findings_is_what_the_program_knows() {
    let page = page();
    if std::env::var_os(WRITE).is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE), &page).unwrap();
    }

    assert!(text(PAGE) == page, "write {PAGE} anew: {WRITE}=1 cargo test --test cpctl -- table_of_findings");
}
