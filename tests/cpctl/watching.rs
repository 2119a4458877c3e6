//! A `cpctl watch` at work, read and ended by a test.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

use super::{desk::Desk, harness::Ran, wait::found};

/// Seldom and patiently, so that a machine with other work to do is no reason to fail.
pub const GENTLY: [&str; 4] = ["--interval", "250ms", "--request-timeout", "60s"];

/// A watch at work, whose probes are read as they come.
pub struct Watching {
    child: Child,
    keyboard: ChildStdin,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Watching {
    pub fn start(desk: &Desk, flags: &[&str]) -> Self {
        let endpoint = desk.endpoint();
        let args =
            [&["watch", &endpoint, "-o", "json", "--quiet", "--for", "10m"], &GENTLY[..], flags].concat();
        Self::of(desk.cpctl.command(&args))
    }

    /// A `watch -o json` that is started so.
    pub fn of(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { keyboard: child.stdin.take().unwrap(), child, lines }
    }

    /// Reads on until something is seen in a line; they come as long as it is at work.
    pub fn awaited<T>(&mut self, what: &str, mut look: impl FnMut(&Value) -> Option<T>) -> T {
        found(what, || {
            let line = self.lines.next().expect("it is still at work").unwrap();
            look(&serde_json::from_str(&line).unwrap()).ok_or(line)
        })
    }

    /// Reads on until every lane has had this many probes that came to this.
    pub fn until(&mut self, lanes: &[&str], result: &str, many: usize) {
        let mut left: Vec<(&str, usize)> = lanes.iter().map(|lane| (*lane, many)).collect();
        self.awaited(&format!("{many} probes in {lanes:?} that come to {result}"), |line| {
            let probe = &line["probe"];
            for (lane, count) in &mut left {
                *count -= usize::from(probe["lane"] == **lane && probe["result"] == *result);
            }
            left.retain(|(_, count)| *count > 0);
            left.is_empty().then_some(())
        });
    }

    pub fn mark(&mut self, text: &str) {
        writeln!(self.keyboard, "{text}").unwrap();
        self.awaited("the mark", |line| (line["mark"]["text"] == *text).then_some(()));
    }

    /// Presses Ctrl-C once; the exit code and the result.
    pub fn ends(mut self) -> (i32, Value) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        let last = self.lines.by_ref().map(Result::unwrap).last().expect("a result");
        let ran = Ran::ended(self.child);
        (ran.code, serde_json::from_str(&last).unwrap_or_else(|_| panic!("{last}\n{}", ran.shown())))
    }
}

/// The numbers of a lane.
pub fn lane<'a>(result: &'a Value, name: &str) -> &'a Value {
    let lanes = result["lanes"].as_array().unwrap();
    lanes.iter().find(|lane| lane["lane"] == *name).unwrap_or_else(|| panic!("no {name}: {result:#}"))
}
