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

fn hide(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_secret = |index: &usize| {
        let before = |back: usize| index.checked_sub(back).map(|at| words[at]);
        let is_of_carp = words.contains(&"vhid");
        before(1).is_some_and(|word| SECRETS.contains(&word) && (word != "pass" || is_of_carp))
            || (before(1) == Some("auth") && before(2) == Some("stats"))
    };
    let hidden = (0..words.len()).filter(is_secret).map(|index| words[index]);
    hidden.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
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
            ("pass in proto tcp", "pass in proto tcp"),
            ("server a 10.0.0.1:6443 check", "server a 10.0.0.1:6443 check"),
        ] {
            assert_eq!(hide(line.trim()), quote);
        }
    }
}
