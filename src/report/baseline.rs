//! Findings that somebody agreed to live with, each until a day.

use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::{Accepted, Check, Checked, Code, Finding, Selection, Verdict};

/// What was agreed to, and the file that says so.
#[derive(Debug)]
pub struct Baseline {
    name: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    code: Code,
    subject: String,
    until: Option<Date>,
    reason: Option<String>,
    line: usize,
}

/// Why a file is no baseline, and where in it.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("{name}:{line}:{column}: {reason}")]
pub struct Unread {
    name: String,
    line: u64,
    column: u64,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    accepted: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: Spanned<String>,
    subject: String,
    until: Option<Spanned<String>>,
    reason: Option<String>,
}

impl Baseline {
    /// What such a file looks like.
    pub const SHAPE: &str =
        "a baseline has `accepted:`, a list of `code` and `subject` with any of `until` and `reason`";

    pub fn parse(name: &str, text: &str) -> Result<Self, Unread> {
        let wrong = |at: Location, reason: String| Unread {
            name: name.to_owned(),
            line: at.line(),
            column: at.column(),
            reason,
        };
        let read: Text = serde_saphyr::from_str(text).map_err(|error| {
            let at = error.location().unwrap_or(Location::UNKNOWN);
            let told = error.without_snippet().to_string();
            let told = told.lines().next().unwrap_or_default();
            let end = told.rfind(" at line ").unwrap_or(told.len());
            wrong(at, told[..end].trim_end_matches([':', ',']).to_owned())
        })?;
        let entry = |written: Spanned<Written>| {
            let (at, Written { code, subject, until, reason }) = (written.referenced, written.value);
            let known = Code::of(&code.value).ok_or_else(|| {
                wrong(code.referenced, format!("there is no finding of the name `{}`", code.value))
            })?;
            let day = |until: Spanned<String>| {
                let told = || format!("`{}` is no day, such as `2027-03-31`", until.value);
                until.value.parse().map_err(|_| wrong(until.referenced, told()))
            };
            let line = usize::try_from(at.line()).unwrap_or_default();
            Ok(Entry { code: known, subject, until: until.map(day).transpose()?, reason, line })
        };
        let entries = read.accepted.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Self { name: name.to_owned(), entries })
    }

    /// Sets apart what was agreed to, and tells what there is to say of the entries themselves.
    pub fn apply(&self, rows: &mut [Checked], selection: &Selection, today: Date) -> Vec<Finding> {
        let told = self.entries.iter().filter_map(|entry| self.told(entry, rows, selection, today)).collect();
        for row in rows {
            self.set_apart(row, today);
        }
        told
    }

    fn set_apart(&self, row: &mut Checked, today: Date) {
        let Verdict::Found(findings) = &mut row.verdict else { return };
        let mut left = vec![];
        for finding in findings.drain(..) {
            match self.entries.iter().find(|entry| entry.fits(&finding) && !entry.is_over(today)) {
                Some(Entry { until, reason, .. }) => {
                    row.accepted.push(Accepted { finding, until: *until, reason: reason.clone() });
                }
                None => left.push(finding),
            }
        }
        row.verdict = if left.is_empty() { Verdict::Passed } else { Verdict::Found(left) };
    }

    fn told(&self, entry: &Entry, rows: &[Checked], selection: &Selection, today: Date) -> Option<Finding> {
        let Entry { code, subject, until, line, .. } = entry;
        let (id, quote) = (code.id(), format!("{}: {subject}", code.id()));
        let is_there = rows.iter().flat_map(Checked::findings).any(|finding| entry.fits(finding));
        if is_there && entry.is_over(today) {
            let until = until.map(|day| day.to_string()).unwrap_or_default();
            let why = format!("the time for which `{id}` of {subject} was accepted ended on {until}");
            let finding = Finding::new(Code::IgnoreExpired, &self.name, why).at(*line, quote);
            return Some(finding.remedy("mend what it speaks of, and remove the entry"));
        }
        if is_there || !selection.keeps(*code) || is_unseen(*code, subject, rows) {
            return None;
        }
        let why = format!("`{id}` is accepted of {subject}, where nothing of it is found");
        let finding = Finding::new(Code::IgnoreUnused, &self.name, why).at(*line, quote);
        Some(finding.remedy("remove the entry"))
    }
}

/// Whether nobody could look at the subject, or at one that it may be of.
fn is_unseen(code: Code, subject: &str, rows: &[Checked]) -> bool {
    let skipped = |row: &&Checked| matches!(row.verdict, Verdict::Skipped(_));
    let mut of_check = rows.iter().filter(|row| *row.check == *Check::of(code));
    let own = of_check.clone().find(|row| row.subject == subject);
    own.map_or_else(|| of_check.any(|row| skipped(&row)), |row| skipped(&row))
}

impl Entry {
    fn fits(&self, finding: &Finding) -> bool {
        finding.code == self.code && finding.subject == self.subject
    }

    fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Looked, Scope, checked};

    const TEXT: &str = "# agreed to in the meeting\naccepted:\n  - code: clock-off\n    subject: cp1\n    until: 2026-11-22\n    reason: its battery comes on Monday\n";

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn rows(unseen: Option<&str>, findings: &[Finding]) -> Vec<Checked> {
        let unseen = unseen.map(str::to_owned);
        checked(&[Looked { subject: "cp1".into(), scope: Scope::Node, unseen }], findings)
    }

    fn off() -> Finding {
        Finding::new(Code::ClockOff, "cp1", "its clock is off")
    }

    /// What still counts, what was set apart, and what is told of the entries.
    fn judged(mut rows: Vec<Checked>, only: &[&str], today: &str) -> (usize, usize, Vec<String>) {
        let only = only.iter().map(|word| word.parse().unwrap()).collect();
        let baseline = Baseline::parse("accepted.yaml", TEXT).unwrap();
        let told = baseline.apply(&mut rows, &Selection { only, skip: vec![] }, day(today));
        let told = told.iter().map(|one| format!("{} {}", one.code.id(), one.at.as_ref().unwrap().line));
        let counting = rows.iter().flat_map(Checked::findings).count();
        (counting, rows.iter().map(|row| row.accepted.len()).sum(), told.collect())
    }

    #[test]
    fn what_was_agreed_to_does_not_count_until_its_day_is_over() {
        let on = |today| judged(rows(None, &[off()]), &[], today);

        assert_eq!(on("2026-11-22"), (0, 1, vec![]));
        assert_eq!(on("2026-11-23"), (1, 0, vec!["ignore-expired 3".into()]));
    }

    #[test]
    fn an_entry_speaks_of_one_code_and_one_subject() {
        let others = [
            Finding::new(Code::ClockOff, "cp2", "its clock is off"),
            Finding::new(Code::DiskFull, "cp1", "its disk is full"),
        ];

        let judged = judged(rows(None, &others), &[], "2026-11-22");

        assert_eq!(judged, (2, 0, vec!["ignore-unused 3".into()]));
    }

    #[test]
    fn an_entry_for_what_nobody_looked_for_is_not_called_unused() {
        let unseen = judged(rows(Some("it does not answer"), &[]), &[], "2026-11-22");
        let unasked = judged(rows(None, &[]), &["room"], "2026-11-22");

        assert_eq!(unseen, (0, 0, vec![]));
        assert_eq!(unasked, (0, 0, vec![]));
    }

    #[test]
    fn a_row_of_which_all_was_agreed_to_has_passed() {
        let mut rows = rows(None, &[off()]);

        let baseline = Baseline::parse("accepted.yaml", TEXT).unwrap();
        baseline.apply(&mut rows, &Selection::default(), day("2026-11-01"));

        let row = rows.iter().find(|row| row.check.id == "clock").unwrap();
        assert_eq!(row.verdict, Verdict::Passed);
        assert_eq!(row.accepted[0].reason.as_deref(), Some("its battery comes on Monday"));
        assert_eq!(row.accepted[0].finding, off());
    }

    #[test]
    fn what_is_no_baseline_is_told_with_its_place() {
        for (text, told) in [
            (
                "accepted:\n  - code: clock-of\n    subject: a\n",
                "b.yaml:2:11: there is no finding of the name `clock-of`",
            ),
            (
                "accepted:\n  - code: clock-off\n    subject: a\n    until: soon\n",
                "b.yaml:4:12: `soon` is no day, such as `2027-03-31`",
            ),
        ] {
            assert_eq!(Baseline::parse("b.yaml", text).unwrap_err().to_string(), told);
        }
        for text in ["", "- code: clock-off", "accepted:\n  - code: clock-off\n", "accepted: []\nmore: 1\n"] {
            assert!(Baseline::parse("b.yaml", text).is_err(), "{text}");
        }
    }
}
