//! What a session is spoken over: waiting for it, and knowing when it is gone.

use std::{
    io,
    net::TcpStream,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    time::Duration,
};

use rustix::event::{PollFd, Timespec, poll};
use ssh2::ErrorCode;

/// `LIBSSH2_ERROR_SOCKET_SEND`, `_SOCKET_DISCONNECT` and `_SOCKET_RECV`
const HUNG_UP: [i32; 3] = [-7, -13, -43];

/// A connection to a host, straight or through another one.
pub(super) enum Stream {
    Tcp(TcpStream),
    /// One end of a pair; the other end is pumped through a host in between.
    Pair(UnixStream),
}

impl Stream {
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(stream) => Self::Tcp(stream.try_clone()?),
            Self::Pair(stream) => Self::Pair(stream.try_clone()?),
        })
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(stream) => stream.as_fd(),
            Self::Pair(stream) => stream.as_fd(),
        }
    }
}

/// Waits for any of these, for a second at most: a question about life or a keepalive may be due.
pub(super) fn wait_for(sockets: &mut [PollFd<'_>], left: Duration) -> io::Result<()> {
    let nanoseconds = left.min(Duration::from_secs(1)).as_nanos();
    let wait = Timespec {
        tv_sec: i64::try_from(nanoseconds / 1_000_000_000).unwrap_or(1),
        tv_nsec: (nanoseconds % 1_000_000_000) as _,
    };
    match poll(sockets, Some(&wait)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether there is nobody left to talk to.
pub(super) fn is_hung_up(error: &ssh2::Error) -> bool {
    matches!(error.code(), ErrorCode::Session(code) if HUNG_UP.contains(&code))
}

/// As libssh2 takes a time.
pub(super) fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
