//! A command line that makes no sense: where its words belong, and how programs that asked for JSON are told.

use std::ffi::OsString;

use clap::{
    Command, CommandFactory,
    error::{ContextKind, ContextValue},
};

use super::Cli;

/// Flags of one letter that take no value, and so may stand before `-o` in one word.
const SWITCHES: &str = "yqvK";

/// Whether `-o json` is among the words, however it is spelled; the words themselves may make no sense.
pub fn wants_json(words: impl IntoIterator<Item = OsString>) -> bool {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let words = words.split(|word| word == "--").next().unwrap_or_default();
    let format = |(position, word): (usize, &String)| match output_of(word)? {
        "" => words.get(position + 1).cloned(),
        format => Some(format.to_owned()),
    };
    words.iter().enumerate().filter_map(format).any(|format| format == "json")
}

/// The format in a word that asks for one; empty where the next word is the format.
fn output_of(word: &str) -> Option<&str> {
    if let Some(rest) = word.strip_prefix("--output") {
        return if rest.is_empty() { Some(rest) } else { rest.strip_prefix('=') };
    }
    let rest = word.strip_prefix('-')?.trim_start_matches(|letter| SWITCHES.contains(letter));
    let format = rest.strip_prefix('o')?;
    Some(format.strip_prefix('=').unwrap_or(format))
}

/// Says of a subcommand that stands in the wrong place where it belongs.
pub fn placed(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand)
        && let Some(place) = place(&Cli::command(), word)
    {
        let tip = format!("you may mean `{place}`").into();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// The subcommand of this name with all that stands before it.
fn place(command: &Command, word: &str) -> Option<String> {
    let found = command.get_subcommands().find_map(|below| match below.get_name() {
        name if name == word => Some(word.to_owned()),
        _ => place(below, word),
    });
    found.map(|rest| format!("{} {rest}", command.get_name()))
}

/// What is wrong on one line, and what to type instead.
pub fn told(error: &clap::Error) -> (String, Vec<String>) {
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n").map(|paragraph| {
        paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let wrong = paragraphs.next().unwrap_or_default();
    let wrong = wrong.strip_prefix("error: ").unwrap_or(&wrong).to_owned();
    (wrong, paragraphs.filter(|hint| !hint.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn json_is_asked_for_in_every_spelling_that_the_program_takes() {
        let asks = |line: &str| wants_json(line.split(' ').map(OsString::from));

        for line in ["-o json", "-ojson", "-o=json", "--output json", "--output=json", "-qojson", "-yo json"]
        {
            let line = format!("cpctl undo {line}");
            assert!(Cli::try_parse_from(line.split(' ')).is_ok() && asks(&line), "{line}");
        }
        for line in ["-o text", "-o", "--output", "-- -o json", "--outputs json", "-io json", "json"] {
            assert!(!asks(&format!("cpctl undo {line}")), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_stands_on_one_line_and_each_hint_on_another() {
        let error = Cli::try_parse_from(["cpctl", "certs", "add-san", "--dryrun", "x"]).unwrap_err();

        let (wrong, hints) = told(&error);

        assert_eq!(wrong, "unexpected argument '--dryrun' found");
        assert_eq!(hints[0], "tip: a similar argument exists: '--dry-run'");
        assert!(hints[1].starts_with("Usage: cpctl certs add-san "), "{hints:?}");
        assert_eq!(hints.last().unwrap(), "For more information, try '--help'.");
    }
}
