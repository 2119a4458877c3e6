//! The way to a machine's shell.

use std::time::Duration;

use super::{Error, Output, Reached, Talk};

/// A way to run a command on a machine and feed it.
pub(super) trait Transport: Send {
    /// Runs a command line; comes back when it has ended, or with `Broken` when the machine no longer answers.
    fn exec(&self, line: &str, stdin: &[u8], within: Duration) -> Result<Output, Error>;

    /// Has a talk with `host:port` as the machine sees it; it does not tell what is forbidden from what is refused.
    fn open(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error>;
}

impl Transport for Box<dyn Transport> {
    fn exec(&self, line: &str, stdin: &[u8], within: Duration) -> Result<Output, Error> {
        (**self).exec(line, stdin, within)
    }

    fn open(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        (**self).open(host, port, within, talk)
    }
}

/// A mark that no output can hold by chance.
pub(super) fn nonce() -> String {
    let mut bytes = [0; 16];
    openssl::rand::rand_bytes(&mut bytes).expect("OpenSSL has a source of random numbers");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
