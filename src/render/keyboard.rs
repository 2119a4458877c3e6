//! The keyboard while a question stands: nothing typed is shown, and Ctrl-C finds the terminal as it was before.

use std::io::{self, IsTerminal, Write};

use rustix::{
    process::{Signal, getpid, kill_process},
    termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr},
};

const CTRL_C: u8 = 3;
const ESCAPE: u8 = 27;
/// More than a terminal lets anybody type into one line.
const LINE: usize = 8 << 10;

/// What came of a question.
pub(super) enum Typed<T> {
    Answer(T),
    /// Ctrl-C; the terminal is as it was before.
    CtrlC,
    /// The terminal went away, or the input ended.
    Nothing,
}

/// Whether somebody sits at standard input.
pub(super) fn is_manned() -> bool {
    io::stdin().is_terminal()
}

/// Asks a question that one key answers; Enter and Escape say no.
pub(super) fn yes_or_no(question: &str) -> io::Result<Typed<bool>> {
    let keyboard = Keyboard::take(|now| {
        now.local_modes.remove(LocalModes::ICANON);
        now.special_codes[SpecialCodeIndex::VMIN] = 1;
        now.special_codes[SpecialCodeIndex::VTIME] = 0;
    })?;
    write!(io::stderr(), "{question} [y/N] ")?;
    let answer = loop {
        let mut keys = [0; 64];
        let pressed = read(&mut keys)?;
        match &keys[..pressed] {
            [] => break Typed::Nothing,
            [CTRL_C, ..] => break Typed::CtrlC,
            [b'y' | b'Y', ..] => break Typed::Answer(true),
            [b'n' | b'N' | b'\n' | b'\r', ..] | [ESCAPE] => break Typed::Answer(false),
            _ => {}
        }
    };
    drop(keyboard);
    let told = match answer {
        Typed::Answer(true) => "yes",
        Typed::Answer(false) => "no",
        Typed::CtrlC | Typed::Nothing => "",
    };
    writeln!(io::stderr(), "{told}")?;
    Ok(answer)
}

/// Asks for a line that nobody may read over a shoulder.
pub(super) fn secret(prompt: &str) -> io::Result<Typed<String>> {
    // A line may end with Ctrl-C too: the terminal's own editing stays, and no signal comes while nothing is shown.
    let keyboard = Keyboard::take(|now| now.special_codes[SpecialCodeIndex::VEOL] = CTRL_C)?;
    write!(io::stderr(), "{prompt}: ")?;
    // As large as it may become, so that no copy of a secret stays where it was before it grew.
    let mut line = vec![0; LINE];
    let length = read(&mut line)?;
    line.truncate(length);
    drop(keyboard);
    writeln!(io::stderr())?;
    match line.pop() {
        None => Ok(Typed::Nothing),
        Some(CTRL_C) => Ok(Typed::CtrlC),
        Some(b'\n') => Ok(String::from_utf8(line).map_or(Typed::Nothing, Typed::Answer)),
        Some(_) => Ok(Typed::Nothing),
    }
}

/// Does what Ctrl-C does elsewhere: it ends the program, which a shell tells as 130, or asks a run to stop.
pub(super) fn interrupt() {
    // Whoever cannot be signalled goes on as if nobody had answered.
    let _ = kill_process(getpid(), Signal::INT);
}

fn read(into: &mut [u8]) -> io::Result<usize> {
    Ok(rustix::io::retry_on_intr(|| rustix::io::read(io::stdin(), &mut *into))?)
}

/// A terminal that shows nothing and sends no signals, until this is dropped.
struct Keyboard {
    before: Termios,
}

impl Keyboard {
    fn take(change: impl FnOnce(&mut Termios)) -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut now = before.clone();
        now.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ISIG);
        change(&mut now);
        tcsetattr(io::stdin(), OptionalActions::Drain, &now)?;
        Ok(Self { before })
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        // A terminal that went away has nothing to be put back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.before);
    }
}
