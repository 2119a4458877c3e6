//! The shipped binary struck by a signal as it writes a record, on rehearsed machines and on real nodes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use super::{
    harness::{Cpctl, Ran},
    left_out::left_out,
    wait::awaited,
};

pub(super) mod laptop;
mod machines;
mod nodes;
mod rehearsed;
pub(super) mod stages;

/// strace in front of the binary: `signal` meets it at its journal's record of that number, counted from one.
///
/// The record stands in the file by then, and what it announces has not begun. Where `log` names a file, the process id
/// and the signal stand there.
pub(super) fn struck(signal: &str, record: usize, log: &Path) -> Vec<String> {
    struck_at("fdatasync", signal, record, log)
}

/// The binary with what kills it at the same place in it: that costs a third of what strace does, and it is done a
/// thousand times.
fn killed_at(record: usize) -> Vec<String> {
    let library = strike().to_str().expect("the path is text");
    let (preload, at) = (format!("LD_PRELOAD={library}"), format!("STRIKE_AT={record}"));
    ["env", &preload, &at, Cpctl::binary()].map(str::to_owned).into()
}

/// `strike.c` as a library.
fn strike() -> &'static Path {
    static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cpctl/crashes/strike.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("strike.so");
        let made = library.with_extension(std::process::id().to_string());
        let words = ["-shared", "-fPIC", "-O1", "-o"];
        Ran::of(Command::new("cc").args(words).arg(&made).arg(&source)).exits(0);
        fs::rename(made, &library).unwrap();
        library
    });
    &LIBRARY
}

/// strace again, at any system call.
fn struck_at(call: &str, signal: &str, number: usize, log: &Path) -> Vec<String> {
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:signal={signal}:when={number}"));
    let log = log.to_str().expect("the path is text");
    ["strace", "-f", "-qq", "-o", log, "-e", &trace, "-e", &inject]
        .into_iter()
        .chain([Cpctl::binary()])
        .map(str::to_owned)
        .collect()
}

/// The process that a stop has met, by strace's log, once it stands still.
fn standing_still(log: &Path) -> String {
    awaited("the binary stands still", || {
        let said = fs::read_to_string(log).unwrap_or_default();
        let line = said.lines().find(|line| line.contains("stopped by SIGSTOP"))?;
        Some(line.split_whitespace().next()?.to_owned())
    })
}

/// Whether the binary can be killed at a record here; a test that cannot tells that it is left out.
fn can_kill(name: &str) -> bool {
    if cfg!(target_os = "linux") {
        return true;
    }
    left_out(&format!("{name} at a record needs Linux"));
    false
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
