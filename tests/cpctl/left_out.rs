//! What a test leaves out on this machine, told where `./test` reads it: libtest swallows what a passing test prints.

use std::{fs::OpenOptions, io::Write};

/// The file that `./test` prints at its end.
const TOLD_IN: &str = "CPCTL_LEFT_OUT";

/// Tells what this machine has no tool for; in CI nothing is left out.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub(crate) fn left_out(what: &str) {
    let thread = std::thread::current();
    let line = format!("{}: {what}\n", thread.name().unwrap_or("a test"));
    eprint!("LEFT OUT: {line}");
    if let Some(file) = std::env::var_os(TOLD_IN) {
        let mut file =
            OpenOptions::new().create(true).append(true).open(file).expect("the file can be written");
        file.write_all(line.as_bytes()).expect("the file can be written");
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "nothing is left out in CI: {what}");
}
