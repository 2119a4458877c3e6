//! Questions on a terminal, and Ctrl-C as their answer.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::process::ExitStatusExt,
    process::{Child, Command, ExitStatus, Stdio},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, tcgetattr},
};

use super::{desk::Desk, harness::Cpctl};

const CTRL_C: &[u8] = b"\x03";

/// A program at a terminal of its own.
struct Seat {
    keys: File,
    terminal: File,
    program: Child,
    said: String,
    before: LocalModes,
}

impl Seat {
    fn take(command: Command) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, vec![]).unwrap().into_string().unwrap();
        let terminal = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let before = tcgetattr(&terminal).unwrap().local_modes;
        let mut program = heeding_ctrl_c(&command);
        program.stdin(terminal.try_clone().unwrap()).stdout(Stdio::null()).stderr(Stdio::piped());
        let program = program.spawn().unwrap();
        Self { keys: keys.into(), terminal, program, said: String::new(), before }
    }

    /// Types as soon as the program has asked.
    fn answers(&mut self, question: &str, keys: &[u8]) {
        let err = self.program.stderr.as_mut().unwrap();
        let mut byte = [0];
        while !self.said.ends_with(question) {
            assert_eq!(err.read(&mut byte).unwrap(), 1, "it ends without asking: {}", self.said);
            self.said.push(byte[0].into());
        }
        self.keys.write_all(keys).unwrap();
    }

    fn modes(&self) -> LocalModes {
        tcgetattr(&self.terminal).unwrap().local_modes
    }

    /// How it ended, and all that it said.
    fn ends(&mut self) -> (ExitStatus, String) {
        self.program.stderr.as_mut().unwrap().read_to_string(&mut self.said).unwrap();
        (self.program.wait().unwrap(), self.said.clone())
    }
}

/// The command as a terminal starts it, also where whoever runs the tests in the background ignores the signal.
fn heeding_ctrl_c(command: &Command) -> Command {
    let mut heeding = Command::new("perl");
    heeding.env_clear().args(["-e", "$SIG{INT} = 'DEFAULT'; exec { $ARGV[0] } @ARGV"]);
    heeding.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => heeding.env(name, value),
            None => heeding.env_remove(name),
        };
    }
    heeding.current_dir(command.get_current_dir().unwrap_or(".".as_ref()));
    heeding
}

/// The exit code as a shell tells it.
fn code(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal))
}

#[test]
fn ctrl_c_at_a_password_leaves_the_terminal_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let mut seat = Seat::take(Cpctl::at_home(home.path()).command(&["-K", "nodes"]));

    seat.answers("sudo password on the nodes: ", CTRL_C);
    let (status, said) = seat.ends();

    assert_eq!((code(status), said.contains('\u{1b}')), (Some(130), false), "{said}");
    assert_eq!(seat.modes(), seat.before);
    assert!(seat.before.contains(LocalModes::ECHO | LocalModes::ISIG));
}

#[test]
fn ctrl_c_at_a_question_changes_nothing_and_leaves_the_terminal_as_it_was() {
    let desk = Desk::new();
    let mut seat = Seat::take(desk.cpctl.command(&["certs", "add-san", "cp.example.internal"]));

    seat.answers("Carry it out? [y/N] ", CTRL_C);
    let (status, said) = seat.ends();

    assert_eq!((code(status), said.contains("\u{1b}[?25l")), (Some(130), false), "{said}");
    assert!(said.ends_with("[y/N] \nnothing was changed\n"), "{said}");
    assert_eq!(seat.modes(), seat.before);
    assert_eq!(desk.run(&["runs"]).exits(0).stdout, "no runs\n");
}

#[test]
fn a_question_is_answered_with_one_key() {
    let desk = Desk::new();
    for (key, exit, word) in [(b"n", 2, "no\nnothing was changed\n"), (b"y", 0, "cp3: done\n")] {
        let mut seat = Seat::take(desk.cpctl.command(&["certs", "add-san", "cp.example.internal"]));

        seat.answers("Carry it out? [y/N] ", key);
        let (status, said) = seat.ends();

        assert_eq!(code(status), Some(exit), "{said}");
        assert!(said.ends_with(word), "{said}");
    }
}
