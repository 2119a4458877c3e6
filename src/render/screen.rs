//! Standard error, where the work, the machines and the signals speak at the same time.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

/// Standard error in several hands: one line at a time.
#[derive(Clone)]
pub(super) struct Screen {
    loudness: Loudness,
    shown: Arc<Mutex<Shown>>,
}

struct Shown {
    /// What the step at work is doing; none where standard error is not a terminal.
    spinner: Option<ProgressBar>,
    at_hand: AtHand,
}

/// What must be finished before a wish to stop can be met.
pub(super) enum AtHand {
    Nothing,
    Something,
    /// A change on this node.
    Node(String),
}

impl Screen {
    pub(super) fn new(loudness: Loudness) -> Self {
        Self { loudness, shown: Arc::new(Mutex::new(Shown { spinner: None, at_hand: AtHand::Nothing })) }
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.loudness == Loudness::Verbose
    }

    /// Takes the spinner off the screen; nothing is at hand any more.
    pub(super) fn rest(&self) {
        let mut shown = self.shown();
        shown.at_hand = AtHand::Nothing;
        if let Some(bar) = shown.spinner.take() {
            bar.finish_and_clear();
        }
    }

    pub(super) fn take_up(&self, at_hand: AtHand) {
        self.shown().at_hand = at_hand;
    }

    /// A line that stays.
    pub(super) fn say(&self, text: &str) {
        if self.loudness != Loudness::Quiet {
            self.shown().write(text);
        }
    }

    /// A line for those who want to know more.
    pub(super) fn detail(&self, text: &str) {
        if self.is_verbose() {
            self.shown().write(text);
        }
    }

    /// What is going on: on a terminal a line that moves, elsewhere a plain line where details are wanted.
    pub(super) fn doing(&self, text: String) {
        if self.loudness == Loudness::Normal && io::stderr().is_terminal() {
            self.shown().spinner.get_or_insert_with(spinner).set_message(text);
        } else {
            self.detail(&text);
        }
    }

    /// Says, once, that a wish to stop was heard; `--quiet` hides no answer to what the operator has just typed.
    pub(super) fn acknowledge(&self) {
        let mut shown = self.shown();
        let what = match std::mem::replace(&mut shown.at_hand, AtHand::Nothing) {
            AtHand::Nothing => return,
            AtHand::Something => "what is at hand".to_owned(),
            AtHand::Node(node) => format!("the change at hand on {node}"),
        };
        shown.write(&format!("stopping once {what} is finished; Ctrl-C again ends at once"));
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shown {
    fn write(&self, text: &str) {
        match &self.spinner {
            Some(bar) => bar.println(text),
            // Progress that cannot be written is not worth stopping a change for.
            None => drop(writeln!(io::stderr(), "{text}")),
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
