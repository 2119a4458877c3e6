//! Machines over a real sshd on loopback, with keys made for the occasion.

use std::path::Path;

use cpctl::node::{
    Act, Answer, Ask, Command, Error, NodeMut, Password,
    ssh::{Prompt, connect},
};
use sshd::Sshd;

mod acts;
mod faults;
mod host_keys;
mod logins;
mod passing_on;
mod sshd;
mod system;

struct Nobody;

impl Prompt for Nobody {
    fn passphrase(&self, _key: &Path, _again: bool) -> Option<Password> {
        None
    }
}

fn reach(sshd: &Sshd) -> Result<Box<dyn NodeMut>, Error> {
    connect(&sshd.target(), &sshd.options(), &Nobody)
}

fn sh(script: &str) -> Act {
    Act::Run(Command::new("sh").arg("-c").arg(script))
}

/// Demands that a machine tells the time.
fn answers(node: &dyn NodeMut) {
    assert!(matches!(node.look(&[Ask::Clock]).unwrap()[..], [Answer::Clock(1..)]));
}
