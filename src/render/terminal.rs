//! The operator at the other end: progress on standard error, questions on the terminal.

use std::{
    io::{self, Write},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    Format, inspection, json,
    keyboard::{self, Typed},
    preview,
    progress::{self, Line},
    screen::{AtHand, Loudness, Screen},
    text, watched,
};
use crate::{
    apply::{Event, Watch},
    error::Error,
    node::{Listener, Trip},
    operator::{Agreement, Operator, Sight},
    outcome::{Inspected, Outcome, Preview},
    watch::Recording,
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
            .then(|| Arc::new(move |trip: Trip<'_>| screen.detail(&progress::trip(trip))) as Listener)
    }
}

impl Watch for Terminal {
    fn event(&mut self, event: Event<'_>) {
        if let Some(node) = progress::node_at_work(event) {
            self.screen.take_up(AtHand::Node(node.to_owned()));
        }
        match progress::line(event) {
            Line::Stays(text) => self.screen.say(&text),
            Line::Moves(text) => self.screen.doing(text),
            Line::Detail(text) => self.screen.detail(&text),
        }
    }
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
        if !keyboard::is_manned() {
            return Agreement::NobodyToAsk;
        }
        match keyboard::yes_or_no(question) {
            Ok(Typed::Answer(true)) => Agreement::Yes,
            Ok(Typed::Answer(false)) => Agreement::No,
            Ok(Typed::CtrlC) => {
                self.screen.say("nothing was changed");
                keyboard::interrupt();
                Agreement::No
            }
            Ok(Typed::Nothing) | Err(_) => Agreement::NobodyToAsk,
        }
    }

    fn saw(&mut self, row: &Inspected) {
        // A reader that went away wants no more lines; the exit code still tells.
        let _ = inspection::line(row, (self.now)(), &mut io::stdout().lock());
    }

    fn watched(&mut self, sight: Sight<'_>, so_far: &Recording) {
        let mut out = io::stdout().lock();
        let is_json = self.format == Format::Json;
        // A reader that went away wants no more lines; what is measured goes on, for the files that were asked for.
        match sight {
            Sight::Probed(record) if is_json => drop(json::watched::probe(record, so_far, &mut out)),
            Sight::Probed(_) => {}
            Sight::Marked(mark) => {
                if is_json {
                    drop(json::watched::mark(mark, &mut out));
                }
                self.screen.say(&watched::marked(mark, so_far));
            }
            Sight::Turned(turn) => self.screen.say(&watched::turned(turn, so_far)),
            Sight::Standing(_) if self.screen.is_verbose() => {}
            Sight::Standing(follower) => self.screen.doing(watched::standing(follower)),
        }
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
