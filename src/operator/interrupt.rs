//! Ctrl-C in two stages: the first lets the change at hand finish, the second ends the program at once.

use std::sync::Arc;

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
};

use crate::{apply::Interrupt, error::Error};

/// The exit code of a program that a signal ended, as a shell tells it.
const SECOND_CTRL_C: i32 = 130;

/// An interrupt that the next Ctrl-C raises. Until this is called, Ctrl-C ends the program at once, as it should
/// while nothing is being changed.
pub fn armed() -> Result<Interrupt, Error> {
    let interrupt = Interrupt::default();
    // A terminal that is closed asks no less than Ctrl-C.
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // In this order: a first signal finds the flag down, and only then raises it.
        flag::register_conditional_shutdown(signal, SECOND_CTRL_C, interrupt.flag())
            .and_then(|_| flag::register(signal, Arc::clone(&interrupt.flag())))
            .map_err(Error::Start)?;
    }
    Ok(interrupt)
}
