//! What checks came to, subject by subject.

use jiff::civil::Date;

use super::{CHECKS, Check, Finding, Scope};

/// Something that was looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    pub subject: String,
    pub scope: Scope,
    /// Why nothing more can be said of it than what was found.
    pub unseen: Option<String>,
}

/// What a check came to for one subject.
#[derive(Clone, Debug)]
pub struct Checked {
    pub check: &'static Check,
    pub subject: String,
    pub verdict: Verdict,
    /// What was found as well, and does not count.
    pub accepted: Vec<Accepted>,
}

/// A finding that somebody agreed to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Accepted {
    pub finding: Finding,
    /// The last day on which it does not count.
    pub until: Option<Date>,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    Passed,
    Found(Vec<Finding>),
    /// What kept it from being made.
    Skipped(String),
}

/// Each check for each subject of its kind, in order; a finding about anything else makes a row of its own.
pub fn checked(looked: &[Looked], findings: &[Finding]) -> Vec<Checked> {
    CHECKS.iter().flat_map(|check| rows(check, looked, findings)).collect()
}

fn rows(check: &'static Check, looked: &[Looked], findings: &[Finding]) -> Vec<Checked> {
    let found: Vec<&Finding> =
        findings.iter().filter(|finding| check.codes.contains(&finding.code)).collect();
    let mut rows: Vec<Checked> = vec![];
    for one in looked.iter().filter(|one| check.scopes.contains(&one.scope)) {
        let of_it = about(&found, &one.subject);
        let verdict = match (&one.unseen, of_it.is_empty()) {
            (_, false) => Verdict::Found(of_it),
            (Some(reason), true) => Verdict::Skipped(reason.clone()),
            (None, true) => Verdict::Passed,
        };
        if rows.iter().all(|row| row.subject != one.subject) {
            rows.push(Checked { check, subject: one.subject.clone(), verdict, accepted: vec![] });
        }
    }
    for finding in &found {
        if rows.iter().all(|row| row.subject != finding.subject) {
            let verdict = Verdict::Found(about(&found, &finding.subject));
            rows.push(Checked { check, subject: finding.subject.clone(), verdict, accepted: vec![] });
        }
    }
    rows
}

fn about(findings: &[&Finding], subject: &str) -> Vec<Finding> {
    findings.iter().filter(|finding| finding.subject == subject).map(|finding| (*finding).clone()).collect()
}

impl Checked {
    pub fn findings(&self) -> &[Finding] {
        match &self.verdict {
            Verdict::Found(findings) => findings,
            Verdict::Passed | Verdict::Skipped(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Code;

    fn node(subject: &str, unseen: Option<&str>) -> Looked {
        Looked { subject: subject.into(), scope: Scope::Node, unseen: unseen.map(str::to_owned) }
    }

    fn verdicts(rows: &[Checked], id: &str) -> Vec<(String, Verdict)> {
        let rows = rows.iter().filter(|row| row.check.id == id);
        rows.map(|row| (row.subject.clone(), row.verdict.clone())).collect()
    }

    #[test]
    fn each_subject_has_a_row_of_each_check_of_its_kind() {
        let off = Finding::new(Code::ClockOff, "cp2", "its clock is off");
        let looked = [node("cp1", None), node("cp2", None), node("cp3", Some("it does not answer"))];

        let rows = checked(&looked, std::slice::from_ref(&off));

        assert_eq!(
            verdicts(&rows, "clock"),
            [
                ("cp1".to_owned(), Verdict::Passed),
                ("cp2".to_owned(), Verdict::Found(vec![off])),
                ("cp3".to_owned(), Verdict::Skipped("it does not answer".into())),
            ]
        );
        assert_eq!(verdicts(&rows, "reachable"), []);
    }

    #[test]
    fn a_finding_about_something_else_is_not_lost() {
        let differ = Finding::new(Code::SansDiffer, "nodes", "they differ");

        let rows = checked(&[node("cp1", None)], std::slice::from_ref(&differ));

        assert_eq!(verdicts(&rows, "names"), [("nodes".to_owned(), Verdict::Found(vec![differ]))]);
    }
}
