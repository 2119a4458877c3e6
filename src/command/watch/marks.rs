//! Lines that are typed while probes are on their way.

use std::{
    io::{self, IsTerminal as _},
    sync::mpsc::{self, Receiver},
    thread,
};

use rustix::{process::getpgrp, termios::tcgetpgrp};

/// What is typed, line by line, from another thread: nobody can be waited for at a keyboard.
pub struct Marks(Receiver<String>);

impl Marks {
    pub fn typed() -> Self {
        let (typed, marks) = mpsc::channel();
        if may_read() {
            thread::spawn(move || {
                let lines = io::stdin().lines().map_while(Result::ok);
                let texts = lines.map(|line| line.trim().to_owned()).filter(|text| !text.is_empty());
                texts.map(|text| typed.send(text)).take_while(Result::is_ok).for_each(drop);
            });
        }
        Self(marks)
    }

    /// Those that were typed since the last time.
    pub fn untold(&self) -> impl Iterator<Item = String> {
        self.0.try_iter()
    }
}

/// A program in the background that reads from its terminal is stopped.
fn may_read() -> bool {
    !io::stdin().is_terminal() || tcgetpgrp(io::stdin()).is_ok_and(|foreground| foreground == getpgrp())
}
