//! Waiting for what comes to be, and giving up loudly.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long something may take on a machine with other work to do.
pub const PATIENCE: Duration = Duration::from_secs(120);

const PAUSE: Duration = Duration::from_millis(50);

/// What a look finds in the end; one that does not takes its time, and tells what it saw instead.
#[track_caller]
pub fn found<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match look() {
            Ok(seen) => return seen,
            Err(seen) => assert!(begun.elapsed() < PATIENCE, "never came to be: {what}; {seen}"),
        }
    }
}

/// What is seen once it is there.
#[track_caller]
pub fn awaited<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let nothing = || {
        thread::sleep(PAUSE);
        "nothing was seen".to_owned()
    };
    found(what, || look().ok_or_else(nothing))
}

/// Comes back when it is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    awaited(what, || is_so().then_some(()));
}
