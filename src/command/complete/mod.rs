//! `cpctl __complete -- WORD…`: what may come next on a line that is being typed.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{self, ArgValueCompleter, CompletionCandidate};

use crate::{
    cli::{Cli, Complete},
    outcome::{Candidate, Completed, Outcome},
    world::World,
};

mod known;

use known::{FILES, Known, values};

/// An operator who waits longer than this types on; a file that never ends must not hold the shell.
const WITHIN: Duration = Duration::from_secs(1);

pub fn run(args: &Complete, world: &World) -> Outcome {
    let (words, state) = (args.words.clone(), world.state.clone());
    let (sender, receiver) = mpsc::channel();
    // The thread of one who waits for a file that nobody writes to ends with the process.
    thread::spawn(move || sender.send(completed(words, &state)));
    Outcome::Completed(receiver.recv_timeout(WITHIN).unwrap_or_default())
}

fn completed(mut words: Vec<OsString>, state: &Path) -> Completed {
    if words.is_empty() {
        words.push(OsString::new());
    }
    let known = Arc::new(Known::of(&words, state));
    let mut command = Cli::command();
    // The verbs' own flags are there once it is built.
    command.build();
    let mut command = filled(command, &known);
    let (place, is_option) = (words.len(), words.last().is_some_and(is_option));
    words.insert(0, "cpctl".into());
    let found = engine::complete(&mut command, words, place, None).unwrap_or_default();
    let (files, found): (Vec<_>, Vec<_>) = found.into_iter().partition(stands_for_files);
    let mut candidates: Vec<Candidate> = found.iter().filter_map(candidate).collect();
    if !is_option && (!files.is_empty() || candidates.iter().any(|candidate| !is_option_text(candidate))) {
        candidates.retain(|candidate| !is_option_text(candidate));
    }
    Completed { candidates, files: !files.is_empty() }
}

fn is_option(word: &OsString) -> bool {
    word.as_encoded_bytes().starts_with(b"-")
}

fn is_option_text(candidate: &Candidate) -> bool {
    candidate.word.starts_with('-')
}

fn stands_for_files(candidate: &CompletionCandidate) -> bool {
    candidate.get_tag().is_some_and(|tag| tag.to_string() == FILES)
}

/// A candidate that a line can hold; `None` for a word that would be several, or none that anybody could type.
fn candidate(found: &CompletionCandidate) -> Option<Candidate> {
    let word = found.get_value().to_str().filter(|word| !word.chars().any(char::is_control))?;
    let what = found.get_help().map(|help| help.to_string());
    let what = what.and_then(|help| help.lines().next().map(str::to_owned)).filter(|line| !line.is_empty());
    Some(Candidate { word: word.to_owned(), what })
}

/// The command line with what is known here as the values of its flags and arguments.
fn filled(command: Command, known: &Arc<Known>) -> Command {
    command.mut_args(|arg| with_values(arg, known)).mut_subcommands(|verb| filled(verb, known))
}

fn with_values(arg: Arg, known: &Arc<Known>) -> Arg {
    let Some(values) = values(&arg) else { return arg };
    let known = Arc::clone(known);
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let mut found = values(&known);
        found.retain(|value| stands_for_files(value) || begins(value, typed));
        found
    }))
}

fn begins(value: &CompletionCandidate, typed: &OsStr) -> bool {
    value.get_value().as_encoded_bytes().starts_with(typed.as_encoded_bytes())
}
