//! One command on one connection: both outputs are drained while the input is fed, and a dead machine is noticed.

use std::{
    io::{self, ErrorKind, Read, Write},
    os::fd::AsFd,
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags};
use ssh2::{BlockDirections, Channel, ErrorCode, Session};

use super::{
    super::{Error, Output, Reached, Talk, transport::Transport},
    stream::{Stream, is_hung_up, milliseconds, wait_for},
};

/// `LIBSSH2_ERROR_EAGAIN`
const AGAIN: ErrorCode = ErrorCode::Session(-37);
/// `LIBSSH2_ERROR_CHANNEL_FAILURE`
const NOT_OPENED: ErrorCode = ErrorCode::Session(-21);
/// `LIBSSH2_ERROR_TIMEOUT`
const TOO_LATE: ErrorCode = ErrorCode::Session(-9);
/// Bytes that a machine may send in answer; a script that sends more has gone mad.
const MOST: usize = 256 << 20;

/// A session that is logged in, and its socket to wait on.
pub(super) struct Connection {
    node: String,
    session: Session,
    socket: Stream,
    silence: Silence,
}

/// How long a machine may say nothing before it is asked for a sign of life, and how long that may take.
#[derive(Clone, Copy)]
pub(super) struct Silence {
    pub ask_after: Duration,
    pub answer_within: Duration,
}

impl Silence {
    /// Long enough for a machine that takes this long to connect to.
    pub fn after(within: Duration) -> Self {
        Self { ask_after: within.min(Duration::from_secs(10)), answer_within: within }
    }
}

impl Connection {
    pub fn new(node: &str, session: Session, socket: Stream, silence: Silence) -> Self {
        Self { node: node.to_owned(), session, socket, silence }
    }

    fn run(&self, line: &str, stdin: &[u8], within: Duration) -> io::Result<Output> {
        self.session.set_blocking(true);
        let mut channel = self.session.channel_session()?;
        channel.exec(line)?;
        self.session.set_blocking(false);
        let exchange = Exchange { connection: self, until: Instant::now() + within };
        let output = exchange.talk(&mut channel, stdin)?;
        self.session.set_blocking(true);
        channel.wait_close()?;
        // A signal has no status, and the default of a status is success.
        let status = match channel.exit_signal()?.exit_signal {
            Some(_) => 255,
            None => channel.exit_status()?,
        };
        Ok(Output { status, ..output })
    }
}

impl Transport for Connection {
    fn exec(&self, line: &str, stdin: &[u8], within: Duration) -> Result<Output, Error> {
        self.run(line, stdin, within)
            .map_err(|source| Error::Broken { node: self.node.clone(), source: plain(source) })
    }

    fn open(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        let usual = self.session.timeout();
        self.session.set_blocking(true);
        self.session.set_timeout(milliseconds(within));
        let reached = match self.session.channel_direct_tcpip(host, port, None) {
            Ok(mut channel) => {
                talk(&mut channel);
                Ok(Reached::Talked)
            }
            Err(error) if error.code() == NOT_OPENED => Ok(Reached::Refused),
            // The next channel would be given the answer to this one.
            Err(error) if error.code() == TOO_LATE => Ok(Reached::Silent),
            Err(error) => Err(Error::Broken { node: self.node.clone(), source: error.into() }),
        };
        self.session.set_timeout(usual);
        reached
    }
}

/// libssh2 gives its own errors a kind of their own; what lies behind them is all that matters here.
fn plain(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
        _ => error,
    }
}

struct Exchange<'a> {
    connection: &'a Connection,
    until: Instant,
}

impl Exchange<'_> {
    fn talk(&self, channel: &mut Channel, mut stdin: &[u8]) -> io::Result<Output> {
        let mut output = Output::default();
        let (mut heard, mut asked, mut is_sent) = (Instant::now(), None, false);
        loop {
            let mut moved = drain(&mut channel.stream(0), &mut output.stdout)?;
            moved |= drain(&mut channel.stderr(), &mut output.stderr)?;
            if moved {
                (heard, asked) = (Instant::now(), None);
            } else if channel.eof() {
                return Ok(output);
            }
            if output.stdout.len() + output.stderr.len() > MOST {
                return Err(io::Error::new(ErrorKind::InvalidData, "the answer has no end"));
            }
            moved |= feed(channel, &mut stdin)?;
            if stdin.is_empty() && !is_sent {
                is_sent = sent(channel.send_eof())?;
            }
            if !moved {
                self.watch(&mut heard, &mut asked)?;
                self.wait()?;
            }
        }
    }

    /// Asks a silent machine to open one more channel: that it answers, yes or no, shows that it lives.
    fn watch(&self, heard: &mut Instant, asked: &mut Option<Instant>) -> io::Result<()> {
        let Silence { ask_after, answer_within } = self.connection.silence;
        let now = Instant::now();
        if now >= self.until {
            return Err(io::Error::new(ErrorKind::TimedOut, "the command does not end"));
        }
        if asked.is_none() && now.duration_since(*heard) < ask_after {
            return Ok(());
        }
        let since = *asked.get_or_insert(now);
        match self.connection.session.channel_session() {
            Err(error) if error.code() == AGAIN && now.duration_since(since) < answer_within => Ok(()),
            Err(error) if error.code() == AGAIN => {
                Err(io::Error::new(ErrorKind::TimedOut, "the machine no longer answers"))
            }
            Err(error) if is_hung_up(&error) => Err(error.into()),
            Ok(_) | Err(_) => {
                (*heard, *asked) = (now, None);
                Ok(())
            }
        }
    }

    /// Sleeps until the socket has something for us, and not for longer than a second.
    fn wait(&self) -> io::Result<()> {
        let flags = match self.connection.session.block_directions() {
            BlockDirections::Outbound => PollFlags::OUT,
            BlockDirections::Both => PollFlags::IN | PollFlags::OUT,
            BlockDirections::Inbound | BlockDirections::None => PollFlags::IN,
        };
        let left =
            self.until.saturating_duration_since(Instant::now()).min(self.connection.silence.ask_after);
        wait_for(&mut [PollFd::from_borrowed_fd(self.connection.socket.as_fd(), flags)], left)
    }
}

fn drain(stream: &mut impl Read, into: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 32 << 10];
    let mut moved = false;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(moved),
            Ok(count) => {
                into.extend_from_slice(&buffer[..count]);
                moved = true;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(moved),
            Err(error) => return Err(error),
        }
    }
}

fn feed(channel: &mut Channel, stdin: &mut &[u8]) -> io::Result<bool> {
    if stdin.is_empty() || channel.eof() {
        return Ok(false);
    }
    match channel.write(stdin) {
        Ok(count) => {
            *stdin = &stdin[count..];
            Ok(count > 0)
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

fn sent(outcome: Result<(), ssh2::Error>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.code() == AGAIN => Ok(false),
        Err(error) => Err(error.into()),
    }
}
