//! A file as it was read, and a place in it.

use super::Kind;
use crate::{
    balancer::secrets::hidden,
    report::{Code, Finding},
};

/// A file of a balancer.
#[derive(Clone, Debug)]
pub struct Source {
    /// As the operator named it.
    pub name: String,
    pub text: String,
    /// Its permissions, where it lies on this machine.
    pub mode: Option<u32>,
    /// What the operator says it is; otherwise its content tells.
    pub kind: Option<Kind>,
}

/// What a rule found: the line, why it is wrong, and the line to write instead.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spot {
    /// Counted from 1.
    pub line: usize,
    pub why: String,
    pub instead: Option<String>,
}

impl Spot {
    pub fn new(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into(), instead: None }
    }

    /// With the line to write, or what to do where that is no line.
    #[must_use]
    pub fn instead(mut self, line: impl Into<String>) -> Self {
        self.instead = Some(line.into());
        self
    }
}

impl Source {
    pub fn kind(&self) -> Option<Kind> {
        self.kind.or_else(|| Kind::of(&self.text))
    }

    /// The finding at a place in this file.
    pub fn finding(&self, code: Code, spot: Spot) -> Finding {
        let finding = Finding::new(code, &self.name, spot.why).at(spot.line, self.quote(spot.line));
        match spot.instead {
            Some(instead) => finding.remedy(hidden(&instead)),
            None => finding,
        }
    }

    /// A line as people shall see it: without its indentation and without what only few may know.
    pub fn quote(&self, line: usize) -> String {
        hidden(self.line(line).trim())
    }

    /// A line as it stands; no line where there is none.
    pub(super) fn line(&self, line: usize) -> &str {
        line.checked_sub(1).and_then(|index| self.text.lines().nth(index)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_the_line_nor_the_one_to_write_instead_holds_a_secret() {
        let text = "curl -H \"Authorization: Bearer hunter2\" https://10.0.0.1:6443/readyz\n".to_owned();
        let source = Source { name: "check.sh".into(), text: text.clone(), mode: None, kind: None };

        let spot = Spot::new(1, "any answer will do").instead(text.replace("curl", "curl -f"));
        let finding = source.finding(Code::KeepalivedAnyAnswer, spot);

        assert!(!format!("{finding:?}").contains("hunter2"), "{finding:?}");
        assert_eq!(
            finding.remedy.unwrap().trim(),
            "curl -f -H \"Authorization: Bearer …\" https://10.0.0.1:6443/readyz"
        );
    }
}
