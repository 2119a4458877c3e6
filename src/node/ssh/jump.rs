//! Going through a host: a thread moves bytes between a channel there and one end of a pair of sockets.

use std::{
    io::{self, ErrorKind, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    thread,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags};
use ssh2::{BlockDirections, Channel, Session};

use super::stream::{Stream, wait_for};

const PIECE: usize = 32 << 10;
/// Seconds between signs of life, so that firewalls on the way remember the connection.
const KEEPALIVE: u32 = 15;

/// A socket that ends at `host:port` as seen from the session's host. The session is used for nothing else.
pub(super) fn forward(session: Session, socket: Stream, host: &str, port: u16) -> io::Result<UnixStream> {
    let channel = session.channel_direct_tcpip(host, port, None)?;
    let (near, far) = UnixStream::pair()?;
    far.set_nonblocking(true)?;
    session.set_keepalive(false, KEEPALIVE);
    session.set_blocking(false);
    let mut pump = Pump { session, socket, channel, far, outward: vec![], inward: vec![] };
    // The thread ends with either side: a closed pair is how the other side hears of it.
    thread::Builder::new().name("ssh jump".into()).spawn(move || while pump.turn().is_ok() {})?;
    Ok(near)
}

struct Pump {
    session: Session,
    socket: Stream,
    channel: Channel,
    far: UnixStream,
    /// Read from the pair, not yet taken by the channel.
    outward: Vec<u8>,
    /// Read from the channel, not yet taken by the pair.
    inward: Vec<u8>,
}

impl Pump {
    fn turn(&mut self) -> io::Result<()> {
        let moved = [
            fill(&mut self.channel, &mut self.inward)?,
            empty(&mut self.far, &mut self.inward)?,
            fill(&mut self.far, &mut self.outward)?,
            empty(&mut self.channel, &mut self.outward)?,
        ];
        if moved.contains(&true) {
            return Ok(());
        }
        if self.channel.eof() && self.inward.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.session.keepalive_send()?;
        self.wait()
    }

    fn wait(&self) -> io::Result<()> {
        let mut socket = PollFlags::IN;
        if matches!(self.session.block_directions(), BlockDirections::Outbound | BlockDirections::Both) {
            socket |= PollFlags::OUT;
        }
        let mut far = PollFlags::empty();
        if self.outward.is_empty() {
            far |= PollFlags::IN;
        }
        if !self.inward.is_empty() {
            far |= PollFlags::OUT;
        }
        let mut sockets = [
            PollFd::from_borrowed_fd(self.socket.as_fd(), socket),
            PollFd::from_borrowed_fd(self.far.as_fd(), far),
        ];
        wait_for(&mut sockets, Duration::MAX)
    }
}

/// Reads a piece where the last one has gone.
fn fill(from: &mut (impl Read + Ends), piece: &mut Vec<u8>) -> io::Result<bool> {
    if !piece.is_empty() {
        return Ok(false);
    }
    piece.resize(PIECE, 0);
    let read = from.read(piece);
    piece.truncate(*read.as_ref().unwrap_or(&0));
    match read {
        Ok(0) if from.ends_with_zero() => Err(ErrorKind::UnexpectedEof.into()),
        Ok(count) => Ok(count > 0),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

fn empty(into: &mut impl Write, piece: &mut Vec<u8>) -> io::Result<bool> {
    if piece.is_empty() {
        return Ok(false);
    }
    match into.write(piece) {
        Ok(count) => {
            piece.drain(..count);
            Ok(count > 0)
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a read of nothing means the end.
trait Ends {
    fn ends_with_zero(&self) -> bool;
}

impl Ends for UnixStream {
    fn ends_with_zero(&self) -> bool {
        true
    }
}

impl Ends for Channel {
    fn ends_with_zero(&self) -> bool {
        self.eof()
    }
}
