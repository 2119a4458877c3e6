//! The completion scripts, and what they ask.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub struct Completions {
    /// The shell that is to complete cpctl's commands
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

#[derive(Args, Debug)]
pub struct Complete {
    /// The words after the program's name; the last one, which may be empty, is to be completed
    #[arg(value_name = "WORD", last = true)]
    pub words: Vec<OsString>,
}
