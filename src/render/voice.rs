//! How the program speaks of itself: the commands that a plugin of kubectl tells begin with `kubectl cpctl`.

use std::{
    borrow::Cow,
    ffi::OsStr,
    io::{self, Write},
    path::Path,
};

const OWN: &str = "cpctl";

/// What kubectl looks for on the PATH; krew links what it installs under this name too.
const PLUGIN: &str = "kubectl-cpctl";

/// What the operator types to start the program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Voice {
    Own,
    /// Behind kubectl; a command goes on with one of these verbs, with a flag, or with what stands for them.
    Plugin {
        verbs: Vec<String>,
    },
}

impl Voice {
    /// As the first word of the command line tells.
    pub fn of(program: Option<&OsStr>, verbs: fn() -> Vec<String>) -> Self {
        let file = program.and_then(|program| Path::new(program).file_stem());
        if file == Some(OsStr::new(PLUGIN)) { Self::Plugin { verbs: verbs() } } else { Self::Own }
    }

    /// Writes a text with each of the program's commands as the operator would type it.
    pub fn say(&self, text: &[u8], out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.spoken(&String::from_utf8_lossy(text)).as_bytes())?;
        out.flush()
    }

    pub(super) fn spoken<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Self::Plugin { verbs } = self else { return text.into() };
        let (mut spoken, mut rest) = (String::with_capacity(text.len()), 0);
        for (at, _) in text.match_indices(OWN) {
            if begins_a_word(&text[..at]) && is_command(&text[at + OWN.len()..], verbs) {
                spoken.push_str(&text[rest..at]);
                spoken.push_str("kubectl ");
                rest = at;
            }
        }
        spoken.push_str(&text[rest..]);
        spoken.into()
    }
}

fn begins_a_word(before: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '/' | '.');
    !before.ends_with(is_part) && !before.ends_with("kubectl ")
}

fn is_command(behind: &str, verbs: &[String]) -> bool {
    let Some(behind) = behind.strip_prefix(' ') else { return behind.starts_with('`') };
    let word = behind.split(|letter: char| !letter.is_ascii_lowercase()).next().unwrap_or_default();
    behind.starts_with(['[', '<', '-']) || verbs.iter().any(|verb| verb == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_as_kubectl_takes_them_and_nothing_else_changes() {
        let verbs = || ["certs", "undo"].map(str::to_owned).to_vec();
        let plugin = Voice::of(Some(OsStr::new("/home/ada/.krew/bin/kubectl-cpctl")), verbs);
        let own = Voice::of(Some(OsStr::new("./cpctl")), verbs);

        for (text, spoken) in [
            ("`cpctl undo 1`", "`kubectl cpctl undo 1`"),
            ("to take it back: cpctl undo 1", "to take it back: kubectl cpctl undo 1"),
            ("Usage: cpctl [OPTIONS]", "Usage: kubectl cpctl [OPTIONS]"),
            ("cpctl certs\n  cpctl certs", "kubectl cpctl certs\n  kubectl cpctl certs"),
            ("cpctl knows no undo", "cpctl knows no undo"),
            ("/usr/bin/cpctl undo, cpctl.yaml", "/usr/bin/cpctl undo, cpctl.yaml"),
            ("`kubectl cpctl undo`", "`kubectl cpctl undo`"),
        ] {
            assert_eq!((plugin.spoken(text), own.spoken(text)), (spoken.into(), text.into()));
        }
    }
}
