//! What the unit starts K3s with.

use super::facts::Facts;

impl Facts {
    /// Whether the unit starts K3s itself, so that its arguments are known.
    pub fn is_plain(&self) -> bool {
        self.program().is_some() && self.arguments.iter().any(|word| word == "server")
    }

    /// The names that the flags give.
    pub fn name_flags(&self) -> Vec<&str> {
        self.flags(&["tls-san"])
    }

    /// K3s' own program, where the unit starts it and not a script.
    pub fn program(&self) -> Option<&str> {
        self.arguments.first().map(String::as_str).filter(|program| self.flavour().is_program(program))
    }

    pub fn is_agent(&self) -> bool {
        self.arguments
            .iter()
            .find(|word| matches!(word.as_str(), "server" | "agent"))
            .is_some_and(|word| word == "agent")
    }

    /// Whether what needs no value is said, and not that it is not so.
    pub fn is_on(&self, key: &str) -> bool {
        let is_bare = |word: &String| word.starts_with('-') && word.trim_start_matches('-') == key;
        self.arguments.iter().any(is_bare) || self.option(key).is_some_and(|value| !is_no(&value))
    }

    /// The values of a flag in their order, written `--flag value` or `--flag=value`, with one dash or two.
    pub fn flags(&self, names: &[&str]) -> Vec<&str> {
        let mut values = vec![];
        let mut words = self.arguments.iter();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else { continue };
            match flag.split_once('=') {
                Some((name, value)) if names.contains(&name) => values.push(value),
                None if names.contains(&flag) => values.extend(words.next().map(String::as_str)),
                _ => {}
            }
        }
        values
    }
}

/// How it may be said that something is not so.
pub(super) fn is_no(value: &str) -> bool {
    matches!(value, "false" | "False" | "FALSE" | "0" | "f" | "F")
}
