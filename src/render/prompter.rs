//! Passwords and passphrases, asked on the terminal; where there is none, one line of standard input.

use std::{
    io::{self, BufRead},
    path::Path,
};

use super::keyboard::{self, Typed};
use crate::node::{Password, ssh::Prompt};

/// Asks whoever sits at the terminal.
#[derive(Clone, Copy)]
pub struct Prompter;

impl Prompter {
    /// The password that sudo wants on the nodes; `None` where nobody answers.
    pub fn become_password(self) -> Option<Password> {
        secret("sudo password on the nodes")
    }
}

impl Prompt for Prompter {
    fn passphrase(&self, key: &Path, again: bool) -> Option<Password> {
        let again = if again { " (the last one did not open it)" } else { "" };
        secret(&format!("passphrase of {}{again}", key.display()))
    }
}

fn secret(prompt: &str) -> Option<Password> {
    if keyboard::is_manned() {
        return match keyboard::secret(prompt) {
            Ok(Typed::Answer(typed)) => Some(Password::new(typed)),
            Ok(Typed::CtrlC) => {
                keyboard::interrupt();
                None
            }
            Ok(Typed::Nothing) | Err(_) => None,
        };
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).ok().filter(|read| *read > 0)?;
    let typed = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(typed);
    Some(Password::new(line))
}
