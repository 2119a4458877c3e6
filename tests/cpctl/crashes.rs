//! The shipped binary struck by a signal as it writes a record, on rehearsed machines and on real nodes.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::{harness::Cpctl, left_out::left_out};

mod nodes;
mod rehearsed;

/// strace in front of the binary: `signal` meets it at its journal's record of that number, counted from one.
///
/// The record stands in the file by then, and what it announces has not begun. Where `log` names a file, the process id
/// and the signal stand there.
pub(super) fn struck(signal: &str, record: usize, log: &Path) -> Vec<String> {
    struck_at("fdatasync", signal, record, log)
}

/// The same at any system call.
fn struck_at(call: &str, signal: &str, number: usize, log: &Path) -> Vec<String> {
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:signal={signal}:when={number}"));
    let log = log.to_str().expect("the path is text");
    ["strace", "-f", "-qq", "-o", log, "-e", &trace, "-e", &inject]
        .into_iter()
        .chain([Cpctl::binary()])
        .map(str::to_owned)
        .collect()
}

/// Whether strace works here; a test without it tells that it is left out, and fails in CI.
pub(super) fn has_strace(name: &str) -> bool {
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "true"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let works = traced.is_ok_and(|status| status.success());
    if !works {
        left_out(&format!("{name} needs strace, and the right to trace"));
    }
    works
}
