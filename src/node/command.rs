//! An argument vector: there is no way to make one from a shell line.

use std::{fmt, path::Path};

use serde::{Deserialize, Serialize};

/// A program and its arguments.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Command {
    pub program: String,
    pub args: Vec<String>,
}

impl Command {
    pub fn new(program: &str) -> Self {
        Self { program: program.into(), args: vec![] }
    }

    /// Signs what it reads with a private key. An encrypted key fails at once instead of waiting for a person.
    pub(super) fn signing(key: &Path, digest: &str) -> Self {
        let words = ["dgst", &format!("-{digest}"), "-passin", "pass:", "-sign"];
        let command = words.into_iter().fold(Self::new("openssl"), Self::arg);
        command.arg(key.to_string_lossy())
    }

    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// The words in order, the program first.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.program.as_str()).chain(self.args.iter().map(String::as_str))
    }
}

/// The line that a POSIX shell splits back into exactly this vector.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.words().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&quote(word))?;
        }
        Ok(())
    }
}

/// A word as a POSIX shell reads it back; a NUL, which no argument can hold, becomes `?`.
pub(super) fn quote(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_=/,.+:@%".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\0', "?").replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a real shell is the judge")]
    fn a_shell_splits_the_line_back_into_the_same_words() {
        let words = [
            "",
            " ",
            "a b",
            "it's",
            "$HOME",
            "`id`",
            "a\nb",
            "*",
            "!x",
            "\\",
            "é",
            "--x={\"k\":1}",
            ";",
            "~",
        ];
        let line = words
            .iter()
            .fold(Command::new("printf").arg("%s\\0"), |command, word| command.arg(*word))
            .to_string();

        let out = std::process::Command::new("sh").arg("-c").arg(line).output().unwrap().stdout;

        let back: Vec<_> =
            out.split(|b| *b == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect();
        assert_eq!(back[..words.len()], words);
    }
}
