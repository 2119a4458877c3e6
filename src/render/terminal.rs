//! The operator at the other end: progress on standard error, questions on the terminal.

use std::{
    error::Error as _,
    io::{self, IsTerminal, Write},
    sync::Arc,
    time::Duration,
};

use console::Style;
use dialoguer::Confirm;
use jiff::Timestamp;

use super::{
    Format, inspection, preview,
    screen::{AtHand, Loudness, Screen},
    text,
};
use crate::{
    apply::{Event, Watch},
    error::Error,
    node::{Errand, Listener, Trip},
    operator::{Agreement, Operator},
    outcome::{Inspected, Outcome, Preview},
};

/// Standard error for progress, the terminal for questions.
pub struct Terminal {
    screen: Screen,
    /// How the result is wanted.
    format: Format,
    now: fn() -> Timestamp,
}

impl Terminal {
    pub fn new(loudness: Loudness, format: Format, now: fn() -> Timestamp) -> Self {
        Self { screen: Screen::new(loudness), format, now }
    }

    /// Takes a spinner off the screen.
    pub fn rest(&mut self) {
        self.screen.rest();
    }

    /// Whoever hears of round trips, where they are wanted.
    pub fn listener(&self) -> Option<Listener> {
        let screen = self.screen.clone();
        self.screen
            .is_verbose()
            .then(|| Arc::new(move |trip: Trip<'_>| screen.detail(&told(trip))) as Listener)
    }

    fn is_at(&mut self, node: &str) {
        self.screen.take_up(AtHand::Node(node.to_owned()));
    }
}

/// A round trip and how long it took.
fn told(trip: Trip<'_>) -> String {
    let Trip { node, errand, took, is_answered } = trip;
    let (what, done) = match errand {
        Errand::Login { host } => (host.to_owned(), "connected"),
        Errand::Look { asks } => (counted(asks, "question"), "answered"),
        Errand::Act { acts } => (counted(acts, "act"), "carried out"),
    };
    match is_answered {
        true => format!("{node}: {what} {done} in {}", spent(took)),
        false => format!("{node}: {what} not {done} after {}", spent(took)),
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn spent(took: Duration) -> String {
    match took.as_secs() {
        0 => format!("{} ms", took.as_millis()),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

impl Watch for Terminal {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Begun { run } => self.screen.say(&format!("run {run} begins")),
            Event::Opening { node } => {
                self.is_at(node);
                self.screen.doing(format!("{node}: take the lock"));
            }
            Event::Unlocked { node, error } => {
                let why = error.source().map(|cause| format!(" ({cause})")).unwrap_or_default();
                self.screen.say(&format!(
                    "{node} has nothing to be taken back and goes without a lock: {error}{why}"
                ));
            }
            Event::Step { step, number, of } => {
                self.is_at(&step.node);
                self.screen.say(&format!("{} ({number}/{of}): {}", step.node, step.why));
            }
            Event::Awaiting { step, refused } => {
                let why = refused.source().map(|cause| format!(" ({cause})")).unwrap_or_default();
                self.screen.say(&format!("{} waits: {refused}{why}", step.node));
            }
            Event::Awaited { step, took } => {
                self.screen.detail(&format!("{}: the others are ready after {}", step.node, spent(took)))
            }
            Event::Changing { step, change } => self.screen.doing(format!("{}: {change}", step.node)),
            Event::AlreadyMade { step, change } => {
                self.screen.doing(format!("{}: already there: {change}", step.node))
            }
            Event::Settling { step, settle } => self.screen.doing(format!("{}: {settle}", step.node)),
            Event::Settled { step, took } => {
                self.screen.detail(&format!("{}: seen after {}", step.node, spent(took)))
            }
            Event::Restarting { step, unit } => {
                self.screen.say(&format!("{}: the server did not follow, so {unit} is restarted", step.node))
            }
            Event::Proving { proof } => self.screen.doing(proof.to_string()),
            Event::Proven { proof, took } => {
                self.screen.detail(&format!("{} proven after {}", proof.endpoint, spent(took)))
            }
            Event::Completed { step } => self.screen.say(&format!(
                "{}: {}",
                step.node,
                Style::new().for_stderr().green().apply_to("done")
            )),
            Event::Failed { step, cause } => {
                self.screen.say(&format!("{}: {}\n  {cause}", step.node, failed()))
            }
            Event::TakingBack { step } => {
                self.is_at(&step.node);
                self.screen.say(&format!("{}: take back: {}", step.node, step.why));
            }
            Event::TakenBack { step } => self.screen.say(&format!("{}: taken back", step.node)),
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
        self.screen.say(&format!("$ {command}"));
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
            self.screen.say(&format!("{}\n", super::for_stderr(&text).trim_end()));
        }
    }

    fn acknowledgement(&mut self) -> Box<dyn FnOnce() + Send> {
        self.screen.take_up(AtHand::Something);
        let screen = self.screen.clone();
        Box::new(move || screen.acknowledge())
    }

    fn note(&mut self, text: &str) {
        self.screen.say(text);
    }

    fn concluded(&mut self, outcome: &Outcome) {
        self.rest();
        let mut out = io::stdout().lock();
        // A reader that went away wants no more; whoever ends the verb still can.
        let _ = super::outcome(outcome, self.format, &mut out).and_then(|()| out.flush());
    }
}
