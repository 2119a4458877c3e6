//! A connection that the user's own `ssh` passes on, on its standard input and output.

use std::{
    io::{self, Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Command, Stdio},
    time::Duration,
};

use super::super::{Reached, Talk};

/// Runs an `ssh -W` and has the talk over it.
pub(super) fn talk_over(ssh: &mut Command, within: Duration, talk: Talk<'_>) -> io::Result<Reached> {
    let (near, far) = UnixStream::pair()?;
    near.set_read_timeout(Some(within))?;
    near.set_write_timeout(Some(within))?;
    let [input, output] = [OwnedFd::from(far.try_clone()?), OwnedFd::from(far)];
    ssh.stdin(Stdio::from(input)).stdout(Stdio::from(output)).stderr(Stdio::null());
    let mut child = ssh.spawn()?;
    // The command holds the far end's descriptors for the next child, and would keep the pair open.
    ssh.stdin(Stdio::null()).stdout(Stdio::null());
    let mut watched = Watched { stream: near, heard: Heard::Nothing };
    talk(&mut watched);
    if watched.heard != Heard::End {
        // It would go on as long as the far end does.
        let _ = child.kill();
    }
    child.wait()?;
    Ok(match watched.heard {
        Heard::Bytes => Reached::Talked,
        Heard::End => Reached::Refused,
        Heard::Nothing => Reached::Silent,
    })
}

/// What came before anything else.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Heard {
    Nothing,
    Bytes,
    /// `ssh` gave up, which it does at once where the far end is not to be had.
    End,
}

struct Watched {
    stream: UnixStream,
    heard: Heard,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer);
        self.heard = match (self.heard, &read) {
            (Heard::Nothing, Ok(0)) => Heard::End,
            (Heard::Nothing, Ok(_)) => Heard::Bytes,
            (Heard::Nothing, Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => Heard::End,
            (heard, _) => heard,
        };
        read
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream.write(bytes) {
            // Read what it has to say, or that it has gone.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
