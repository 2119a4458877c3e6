//! Ctrl-C in two stages: the first lets the change at hand finish, the second ends the program at once.

use std::{sync::Arc, thread};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
    iterator::Signals,
};

use crate::{apply::Interrupt, error::Error, operator::Operator};

/// The exit code of a program that a signal ended, as a shell tells it.
const SECOND_CTRL_C: i32 = 130;
/// A terminal that is closed asks no less than Ctrl-C.
const ASKING: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// An interrupt that the next Ctrl-C raises. Until this is called, Ctrl-C ends the program at once, as it should
/// while nothing is being changed.
pub fn armed() -> Result<Interrupt, Error> {
    let interrupt = Interrupt::default();
    for signal in ASKING {
        // In this order: a first signal finds the flag down, and only then raises it.
        flag::register_conditional_shutdown(signal, SECOND_CTRL_C, interrupt.flag())
            .and_then(|_| flag::register(signal, Arc::clone(&interrupt.flag())))
            .map_err(Error::Start)?;
    }
    Ok(interrupt)
}

/// The same, and the operator is told at once that it was heard, while the change at hand goes on: by a thread that a
/// pipe wakes, since a signal handler may not print.
pub fn acknowledged(operator: &mut dyn Operator) -> Result<Interrupt, Error> {
    let interrupt = armed()?;
    let mut signals = Signals::new(ASKING).map_err(Error::Start)?;
    let acknowledge = operator.acknowledgement();
    thread::spawn(move || signals.forever().next().map(|_| acknowledge()));
    Ok(interrupt)
}
