//! A file as it was read, and a place in it.

use super::Kind;
use crate::report::{Code, Finding};

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
            Some(instead) => finding.remedy(instead),
            None => finding,
        }
    }

    /// A line as people shall see it: without its indentation and without what only few may know.
    pub fn quote(&self, line: usize) -> String {
        let text = line.checked_sub(1).and_then(|index| self.text.lines().nth(index)).unwrap_or_default();
        hide(text.trim())
    }
}

/// Words whose next word is a secret, in any of the grammars.
const SECRETS: &[&str] =
    &["auth_pass", "password", "insecure-password", "pass", "token:", "password:", "client-key-data:"];

/// The text with `…` in place of each secret.
fn hide(text: &str) -> String {
    let (mut shown, mut rest, mut before) = (String::new(), text, [""; 2]);
    while let Some(start) = rest.find(|letter: char| !letter.is_whitespace()) {
        shown.push_str(&rest[..start]);
        rest = &rest[start..];
        let is_secret = is_secret_after(before, shown.trim().is_empty());
        let (word, after) = rest.split_at(end_of_word(rest));
        shown.push_str(if is_secret { "…" } else { word });
        (before, rest) = ([before[1], word], after);
    }
    shown + rest
}

/// Whether a secret follows these two words; `pass` in front of a line lets packets through.
fn is_secret_after(before: [&str; 2], is_first: bool) -> bool {
    let is_rule = before == ["", "pass"];
    !is_first && !is_rule && (SECRETS.contains(&before[1]) || before == ["stats", "auth"])
}

/// Where a word ends, which may be quoted.
fn end_of_word(text: &str) -> usize {
    let from = match text.chars().next().filter(|letter| ['"', '\''].contains(letter)) {
        Some(quote) => text[1..].find(quote).map_or(text.len(), |at| at + 2),
        None => 0,
    };
    text[from..].find(char::is_whitespace).map_or(text.len(), |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_line_holds_no_secret() {
        for (line, quote) in [
            ("  stats auth admin:hunter2", "stats auth …"),
            ("auth_pass  hunter2", "auth_pass  …"),
            ("user me insecure-password hunter2 # mine", "user me insecure-password … # mine"),
            ("inet 10.0.0.9 vhid 3 pass hunter2 alias", "inet 10.0.0.9 vhid 3 pass … alias"),
            ("auth_pass \"hunter 2\" # ours", "auth_pass … # ours"),
            ("auth_pass \"hunter 2", "auth_pass …"),
            ("pass in proto tcp to a round-robin", "pass in proto tcp to a round-robin"),
            ("server a 10.0.0.1:6443 check", "server a 10.0.0.1:6443 check"),
        ] {
            assert_eq!(hide(line.trim()), quote);
        }
    }
}
