//! The operator at the other end: progress on standard error, questions on the terminal.

use std::{
    error::Error as _,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use console::Style;
use dialoguer::Confirm;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::{Format, inspection, preview, text};
use crate::{
    apply::{Event, Watch},
    error::Error,
    operator::{Agreement, Operator},
    outcome::{Inspected, Outcome, Preview},
};

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

/// Standard error for progress, the terminal for questions.
pub struct Terminal {
    loudness: Loudness,
    /// How the result is wanted.
    format: Format,
    now: fn() -> Timestamp,
    /// What the step at work is doing; none where standard error is not a terminal.
    spinner: Option<ProgressBar>,
}

impl Terminal {
    pub fn new(loudness: Loudness, format: Format, now: fn() -> Timestamp) -> Self {
        Self { loudness, format, now, spinner: None }
    }

    /// Takes a spinner off the screen.
    pub fn rest(&mut self) {
        if let Some(bar) = self.spinner.take() {
            bar.finish_and_clear();
        }
    }

    /// A line that stays.
    fn say(&mut self, text: &str) {
        if self.loudness == Loudness::Quiet {
            return;
        }
        match &self.spinner {
            Some(bar) => bar.println(text),
            // Progress that cannot be written is not worth stopping a change for.
            None => drop(writeln!(io::stderr(), "{text}")),
        }
    }

    /// What is going on: on a terminal a line that moves, elsewhere a plain line where details are wanted.
    fn doing(&mut self, text: String) {
        if self.loudness == Loudness::Verbose {
            self.say(&text);
        } else if self.loudness == Loudness::Normal && io::stderr().is_terminal() {
            self.spinner.get_or_insert_with(spinner).set_message(text);
        }
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_style(one_line());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A plan's line may be longer than the terminal is wide, and what moves must not fill the screen.
fn one_line() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {wide_msg}").expect("the template is well-formed")
}

impl Watch for Terminal {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Opening { node } => self.doing(format!("{node}: take the lock")),
            Event::Step { step, number, of } => {
                self.say(&format!("{} ({number}/{of}): {}", step.node, step.why))
            }
            Event::Awaiting { step, refused } => {
                let why = refused.source().map(|cause| format!(" ({cause})")).unwrap_or_default();
                self.say(&format!("{} waits: {refused}{why}", step.node));
            }
            Event::Changing { step, change } => self.doing(format!("{}: {change}", step.node)),
            Event::AlreadyMade { step, change } => {
                self.doing(format!("{}: already there: {change}", step.node))
            }
            Event::Settling { step, settle } => self.doing(format!("{}: {settle}", step.node)),
            Event::Restarting { step, unit } => {
                self.say(&format!("{}: the server did not follow, so {unit} is restarted", step.node))
            }
            Event::Proving { proof } => self.doing(proof.to_string()),
            Event::Completed { step } => {
                self.say(&format!("{}: {}", step.node, Style::new().for_stderr().green().apply_to("done")))
            }
            Event::Failed { step, cause } => self.say(&format!("{}: {}\n  {cause}", step.node, failed())),
            Event::TakingBack { step } => self.say(&format!("{}: take back: {}", step.node, step.why)),
            Event::TakenBack { step } => self.say(&format!("{}: taken back", step.node)),
        }
    }
}

fn failed() -> impl std::fmt::Display {
    Style::new().for_stderr().red().apply_to("failed")
}

impl Operator for Terminal {
    fn agrees(&mut self, preview: &Preview) -> Agreement {
        self.rest();
        let mut text = vec![];
        if preview::write(preview, &mut text).and_then(|()| super::to_stderr(&text)).is_err() {
            return Agreement::NobodyToAsk;
        }
        self.confirms("Carry it out?")
    }

    fn confirms(&mut self, question: &str) -> Agreement {
        if !io::stdin().is_terminal() {
            return Agreement::NobodyToAsk;
        }
        match Confirm::new().with_prompt(question).default(false).interact_opt() {
            Ok(Some(true)) => Agreement::Yes,
            Ok(_) => Agreement::No,
            Err(_) => Agreement::NobodyToAsk,
        }
    }

    fn saw(&mut self, row: &Inspected) {
        // A reader that went away wants no more lines; the exit code still tells.
        let _ = inspection::line(row, (self.now)(), &mut io::stdout().lock());
    }

    fn shows(&mut self, command: &str) {
        self.say(&format!("$ {command}"));
    }

    fn showed(&mut self, outcome: &Result<Outcome, Error>) {
        self.rest();
        let mut text = vec![];
        let written = match outcome {
            Ok(outcome) => text::write(outcome, &mut text),
            Err(error) => super::error(error, &mut text),
        };
        if written.is_ok() {
            let text = String::from_utf8_lossy(&text);
            self.say(&format!("{}\n", super::for_stderr(&text).trim_end()));
        }
    }

    fn note(&mut self, text: &str) {
        self.say(text);
    }

    fn concluded(&mut self, outcome: &Outcome) {
        self.rest();
        let mut out = io::stdout().lock();
        // A reader that went away wants no more; whoever ends the verb still can.
        let _ = super::outcome(outcome, self.format, &mut out).and_then(|()| out.flush());
    }
}
