//! What a systemd unit starts, and with which environment, from its text.
//!
//! <https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines>. A program
//! may overwrite its own arguments when it starts, as K3s does because they may hold a password: its process then tells
//! nothing.

use std::{collections::BTreeMap, path::PathBuf};

/// The `[Service]` part of a unit, its drop-ins merged. It may hold a token, so it has no `Debug`.
#[derive(Clone, Default, Eq, PartialEq)]
pub(super) struct Service {
    start: Vec<Word>,
    /// Set in the unit itself.
    environment: Variables,
    /// Files that set more; those that come later win.
    pub environment_files: Vec<PathBuf>,
    /// The unit's file or the drop-in of it that has the command line.
    pub start_file: Option<PathBuf>,
}

pub(super) type Variables = BTreeMap<String, String>;

/// A word of a command line; one that stands in quotes is never split further.
#[derive(Clone, Default, Eq, PartialEq)]
struct Word {
    text: String,
    is_quoted: bool,
}

impl Service {
    /// Reads what `systemctl cat` shows of the unit of this name.
    pub fn read(name: &str, text: &str) -> Self {
        let mut service = Self { start_file: start_file(text), ..Self::default() };
        let mut is_inside = false;
        for line in lines(text) {
            if line.starts_with('[') {
                is_inside = line == "[Service]";
                continue;
            }
            let Some((key, value)) = line.split_once('=').filter(|_| is_inside) else { continue };
            let value = value.trim();
            match key.trim() {
                "ExecStart" => service.start = started(value),
                "Environment" if value.is_empty() => service.environment.clear(),
                "Environment" => {
                    let words = words(value).into_iter();
                    service.environment.extend(words.filter_map(|word| variable(&word.text)));
                }
                "EnvironmentFile" if value.is_empty() => service.environment_files.clear(),
                "EnvironmentFile" => service.environment_files.push(file(name, value)),
                _ => {}
            }
        }
        service
    }

    /// The unit's variables and those of its files, in the order of `environment_files`.
    pub fn variables<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> Variables {
        let of_files = files.into_iter().flat_map(str::lines).filter_map(assigned);
        self.environment.clone().into_iter().chain(of_files).collect()
    }

    /// The program and its arguments, with the variables that they name put in.
    pub fn arguments(&self, variables: &Variables) -> Vec<String> {
        self.start.iter().flat_map(|word| word.expanded(variables)).collect()
    }
}

impl Word {
    /// A variable that is a word of its own is split at its spaces; one in braces or within a word is not.
    fn expanded(&self, variables: &Variables) -> Vec<String> {
        let value = |name: &str| variables.get(name).map_or("", String::as_str);
        let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let alone = self.text.strip_prefix('$').filter(|name| !name.is_empty() && is_name(name));
        if let Some(name) = alone.filter(|_| !self.is_quoted) {
            return value(name).split_whitespace().map(str::to_owned).collect();
        }
        let mut parts = self.text.split("${");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once('}') {
                Some((name, rest)) => text.extend([value(name), rest]),
                None => text.extend(["${", part]),
            }
        }
        vec![text.replace("$$", "$").replace("%%", "%")]
    }
}

/// Whole lines: those that end with a backslash go on in the next one, and comments in between count as nothing.
fn lines(text: &str) -> Vec<String> {
    let (mut whole, mut begun) = (vec![], String::new());
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(start) = line.strip_suffix('\\') {
            begun.push_str(start);
            begun.push(' ');
            continue;
        }
        begun.push_str(line);
        whole.push(std::mem::take(&mut begun).trim().to_owned());
    }
    whole.push(begun.trim().to_owned());
    whole
}

/// The words of a start line, without the marks that may stand before its program.
fn started(value: &str) -> Vec<Word> {
    let line = value.trim_start_matches(['-', '@', ':', '+', '!', '|']);
    let marks = &value[..value.len() - line.len()];
    let mut words = words(line);
    // After this mark the second word is only what the program sees as its own name.
    if marks.contains('@') && words.len() > 1 {
        words.remove(1);
    }
    words
}

/// The file whose command line counts: `systemctl cat` puts the path above each, and the last one that has any wins.
fn start_file(text: &str) -> Option<PathBuf> {
    let (mut file, mut found) = (None, None);
    for line in text.lines() {
        match line.strip_prefix("# ").filter(|path| path.starts_with('/')) {
            Some(path) => file = Some(PathBuf::from(path)),
            None if line.trim_start().starts_with("ExecStart=") => found = file.clone(),
            None => {}
        }
    }
    found
}

fn words(line: &str) -> Vec<Word> {
    let (mut words, mut word, mut quote) = (vec![], None::<Word>, None);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default().is_quoted = true;
            }
            (_, Some(open)) if letter == open => quote = None,
            ('\\', _) => word.get_or_insert_default().text.extend(letters.next()),
            (_, None) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().text.push(letter),
        }
    }
    words.extend(word);
    words
}

/// A path with what systemd puts in for the unit's name; a dash before it says that the file may be missing.
fn file(unit: &str, value: &str) -> PathBuf {
    let stem = unit.strip_suffix(".service").unwrap_or(unit);
    let path = value.strip_prefix('-').unwrap_or(value).trim_matches(['"', '\'']);
    path.replace("%N", stem).replace("%p", stem).replace("%n", unit).into()
}

fn variable(text: &str) -> Option<(String, String)> {
    text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// A line of an environment file.
fn assigned(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let (name, value) = variable(line).filter(|_| !line.starts_with(['#', ';']))?;
    let words = words(value.trim()).into_iter().map(|word| word.text);
    Some((name.trim().to_owned(), words.collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Vec<String> {
        let service = Service::read("k3s.service", text);
        service.arguments(&service.variables([]))
    }

    #[test]
    fn a_start_line_is_split_as_systemd_splits_it() {
        for (line, words) in [
            ("ExecStart=/usr/local/bin/k3s server", vec!["/usr/local/bin/k3s", "server"]),
            (
                "ExecStart=-/k3s server '--tls-san' '10.0.0.9'",
                vec!["/k3s", "server", "--tls-san", "10.0.0.9"],
            ),
            ("ExecStart=/k3s \\\n    server \\\n\t'--x' \\\n\n", vec!["/k3s", "server", "--x"]),
            ("ExecStart=/k3s \\\n# why\n  server", vec!["/k3s", "server"]),
            ("ExecStart=@/k3s its-name server", vec!["/k3s", "server"]),
            ("ExecStart=/k3s \"--a=b c\" d\\ e ''", vec!["/k3s", "--a=b c", "d e", ""]),
            ("ExecStart=/k3s\nExecStart=\nExecStart=/other server", vec!["/other", "server"]),
            ("ExecStartPre=/sbin/modprobe overlay", vec![]),
        ] {
            assert_eq!(arguments(&format!("[Unit]\nExecStart=/no\n[Service]\n{line}\n")), words, "{line}");
        }
    }

    #[test]
    fn variables_of_the_unit_and_of_its_files_are_put_in() {
        let text = "[Service]\nEnvironment=A=1 \"B=2 3\"\nEnvironmentFile=-/etc/default/%N\n\
                    ExecStart=/k3s $B ${B} --x=${A} \"$B\" $$ $MISSING\n";
        let service = Service::read("k3s-blue.service", text);

        let variables = service.variables(["# B=9\n A=\"one two\" \nC='x'\n"]);

        assert_eq!(service.environment_files, [PathBuf::from("/etc/default/k3s-blue")]);
        assert_eq!(variables["C"], "x");
        assert_eq!(service.arguments(&variables), ["/k3s", "2", "3", "2 3", "--x=one two", "$B", "$"],);
    }
}
