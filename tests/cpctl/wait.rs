//! Waiting for what comes to be, and giving up loudly.

use std::{
    fmt::Debug,
    thread,
    time::{Duration, Instant},
};

/// How long something may take on a machine with other work to do.
pub const PATIENCE: Duration = Duration::from_secs(120);

const PAUSE: Duration = Duration::from_millis(20);

/// What is seen once it is there.
pub fn awaited<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "never came to be: {what}");
        thread::sleep(PAUSE);
    }
}

/// Comes back when it is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    awaited(what, || is_so().then_some(()));
}

/// Comes back when what is seen is as wanted; what was seen last is told where it never is.
#[track_caller]
pub fn until_equal<T: Debug + PartialEq>(what: &str, wanted: &T, mut look: impl FnMut() -> T) {
    let begun = Instant::now();
    loop {
        let seen = look();
        if seen == *wanted {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: {seen:?}, and never {wanted:?}");
        thread::sleep(PAUSE);
    }
}
