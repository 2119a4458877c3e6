//! What the operator is told while a run is at work, and how Ctrl-C is answered.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use super::{
    desk::Desk,
    stage::close,
    wait::{PATIENCE, until},
};

/// A run of the binary, and its lines on standard error as they come.
struct AtWork {
    process: Child,
    lines: Receiver<String>,
}

impl AtWork {
    fn start(desk: &Desk, args: &[&str]) -> Self {
        let mut command = desk.cpctl.command(args);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, lines) = mpsc::channel();
        let err = BufReader::new(process.stderr.take().unwrap());
        thread::spawn(move || err.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        Self { process, lines }
    }

    fn next_line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("it says something")
    }

    fn interrupt(&self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    }

    /// Its exit code, and what it had not said before.
    fn end(mut self) -> (Option<i32>, Vec<String>) {
        (self.process.wait().unwrap().code(), self.lines.iter().collect())
    }
}

fn stopped_before_the_first_change() -> [String; 2] {
    ["error: stopped as asked", "  note: nothing was changed"].map(str::to_owned)
}

#[test]
fn the_first_interrupt_is_answered_while_the_change_at_hand_goes_on() {
    let desk = Desk::new();
    let gate = close(desk.cluster.machine("cp1").unwrap());
    let run = AtWork::start(&desk, &["certs", "add-san", "cp.example.internal", "--yes", "-v"]);
    while run.next_line() != "cp1: take the lock" {}

    run.interrupt();

    let answer = "stopping once the change at hand on cp1 is finished; Ctrl-C again ends at once";
    assert_eq!(run.next_line(), answer);
    drop(gate);
    let (code, rest) = run.end();
    assert_eq!(code, Some(2));
    assert!(rest.ends_with(&stopped_before_the_first_change()), "{rest:?}");
    assert!(desk.run(&["runs"]).exits(0).stdout.contains(" unchanged "));
    assert!(!rest.iter().any(|line| line == answer), "once: {rest:?}");
}

#[test]
fn an_operator_who_wants_quiet_is_answered_too() {
    let desk = Desk::new();
    let gate = close(desk.cluster.machine("cp1").unwrap());
    let run = AtWork::start(&desk, &["certs", "add-san", "cp.example.internal", "--yes", "--quiet"]);
    until("a lock is being taken", || desk.has_journalled("\"record\":\"opening\""));

    run.interrupt();

    assert_eq!(
        run.next_line(),
        "stopping once the change at hand on cp1 is finished; Ctrl-C again ends at once"
    );
    drop(gate);
    assert_eq!(run.end(), (Some(2), stopped_before_the_first_change().to_vec()));
}

#[test]
fn the_run_is_named_before_anything_is_changed() {
    let desk = Desk::new();
    let gate = close(desk.cluster.machine("cp1").unwrap());

    let run = AtWork::start(&desk, &["certs", "add-san", "cp.example.internal", "--yes"]);

    let line = run.next_line();
    let id = line.strip_prefix("run ").and_then(|rest| rest.strip_suffix(" begins")).expect(&line);
    assert!(desk.run(&["runs"]).exits(0).stdout.contains(id), "{id}");
    drop(gate);
    assert_eq!(run.end().0, Some(0));
}

#[test]
fn verbose_says_what_each_machine_was_asked_and_how_long_all_took() {
    let desk = Desk::new();

    let ran = desk.run(&["certs", "add-san", "cp.example.internal", "--yes", "-v"]).exits(0);

    let says = |node: &str, what: &str| {
        ran.stderr.lines().any(|line| line.starts_with(&format!("{node}: ")) && line.contains(what))
    };
    for node in ["cp1", "cp2", "cp3"] {
        for what in ["connected in", "questions answered in", "acts carried out in", "seen after"] {
            assert!(says(node, what), "{node} {what}: {}", ran.shown());
        }
    }
    assert!(ran.stderr.contains(" proven after "), "{}", ran.shown());
    let plain = desk.run(&["undo", "--yes"]).exits(0);
    assert!(!plain.stderr.contains(" ms"), "{}", plain.shown());
}
