//! Which checks are wanted: by group, by check, or by the finding that they come to.

use std::str::FromStr;

use super::{CHECKS, Check, Checked, Code, Group, Verdict};

/// A group, a check or a finding, by its id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Choice {
    Group(Group),
    Check(&'static Check),
    Code(Code),
}

#[derive(Debug, thiserror::Error)]
#[error("there is no group, check or finding of that id; the groups are {}", groups())]
pub struct UnknownChoice;

impl FromStr for Choice {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let group = Group::ALL.iter().find(|group| group.id() == text).map(|group| Self::Group(*group));
        let check = || CHECKS.iter().find(|check| check.id == text).map(Self::Check);
        group.or_else(check).or_else(|| Code::of(text).map(Self::Code)).ok_or(UnknownChoice)
    }
}

fn groups() -> String {
    let groups: Vec<_> = Group::ALL.iter().map(|group| format!("`{}`", group.id())).collect();
    groups.join(", ")
}

/// What is wanted of all checks; by default all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Nothing but these; empty where all are wanted.
    pub only: Vec<Choice>,
    pub skip: Vec<Choice>,
}

impl Selection {
    /// Whether anything of this group is wanted, so that it is worth a look.
    pub fn wants(&self, group: Group) -> bool {
        let in_group = |choice: &Choice| match choice {
            Choice::Group(chosen) => *chosen == group,
            Choice::Check(check) => check.group == group,
            Choice::Code(code) => Check::of(*code).group == group,
        };
        (self.only.is_empty() || self.only.iter().any(in_group)) && !self.skip.contains(&Choice::Group(group))
    }

    /// Whether findings of this kind are told.
    pub fn keeps(&self, code: Code) -> bool {
        let check = Check::of(code);
        let is_meant = |choice: &Choice| match choice {
            Choice::Group(group) => *group == check.group,
            Choice::Check(chosen) => *chosen == check,
            Choice::Code(chosen) => *chosen == code,
        };
        (self.only.is_empty() || self.only.iter().any(is_meant)) && !self.skip.iter().any(is_meant)
    }

    /// The rows that are wanted, each with the findings of it that are.
    pub fn of(&self, rows: Vec<Checked>) -> Vec<Checked> {
        rows.into_iter().filter_map(|row| self.row(row)).collect()
    }

    fn row(&self, mut row: Checked) -> Option<Checked> {
        let chosen = |choice: &Choice| match choice {
            Choice::Group(group) => *group == row.check.group,
            Choice::Check(check) => *check == row.check,
            Choice::Code(_) => false,
        };
        if self.skip.iter().any(chosen) {
            return None;
        }
        let is_whole = self.only.is_empty() || self.only.iter().any(chosen);
        let in_part =
            |choice: &Choice| matches!(choice, Choice::Code(code) if row.check.codes.contains(code));
        if !is_whole && !self.only.iter().any(in_part) {
            return None;
        }
        if let Verdict::Found(findings) = &mut row.verdict {
            let named = |choices: &[Choice], code| choices.contains(&Choice::Code(code));
            findings.retain(|finding| {
                (is_whole || named(&self.only, finding.code)) && !named(&self.skip, finding.code)
            });
            if findings.is_empty() {
                row.verdict = Verdict::Passed;
            }
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Finding, Looked, Scope, checked};

    fn selection(only: &[&str], skip: &[&str]) -> Selection {
        let choices = |words: &[&str]| words.iter().map(|word| word.parse().unwrap()).collect();
        Selection { only: choices(only), skip: choices(skip) }
    }

    /// Checks that came to something, of a node that is wrong in two ways, and how many there are in all.
    fn told(selection: &Selection) -> (Vec<&'static str>, usize) {
        let findings = [
            Finding::new(Code::ClockOff, "cp1", "its clock is off"),
            Finding::new(Code::DiskFull, "cp1", "its disk is full"),
            Finding::new(Code::ReadOnly, "cp1", "its disk cannot be written on"),
        ];
        let looked = [Looked { subject: "cp1".into(), scope: Scope::Node, unseen: None }];
        let rows = selection.of(checked(&looked, &findings));
        let found = rows.iter().flat_map(Checked::findings).map(|finding| finding.code.id()).collect();
        (found, rows.len())
    }

    #[test]
    fn nothing_but_what_is_wanted_is_told() {
        assert_eq!(told(&selection(&["clock"], &[])), (vec!["clock-off"], 1));
        assert_eq!(told(&selection(&["disk-full"], &[])), (vec!["disk-full"], 1));
        assert_eq!(
            told(&selection(&["room", "clock-off"], &["read-only"])),
            (vec!["clock-off", "disk-full"], 2)
        );
        assert_eq!(told(&selection(&["reach"], &["room"])).0, ["clock-off"]);
        assert_eq!(told(&selection(&[], &["reach"])).0, Vec::<&str>::new());
    }

    #[test]
    fn a_group_of_which_nothing_is_wanted_needs_no_look() {
        let wants = |only: &[&str], skip: &[&str], group| selection(only, skip).wants(group);

        assert!(wants(&[], &[], Group::Endpoint));
        assert!(wants(&["san-missing"], &[], Group::Certificates));
        assert!(!wants(&["san-missing"], &[], Group::Reach));
        assert!(!wants(&[], &["clients"], Group::Clients));
        assert!(wants(&[], &["kubeconfig"], Group::Clients));
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        assert!("certs".parse::<Choice>().is_err());
    }
}
