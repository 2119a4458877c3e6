//! Parses the command line, builds the world, runs the verb, writes what it came to, and exits: the only exit.

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use clap::Parser;
use cpctl::{
    cli::{Backend, Certs, Cli, Format, InspectFormat, Kubeconfig, NodesFormat, Verb},
    command,
    error::Error,
    outcome::{Exit, Outcome},
    render::{self, Loudness, Terminal},
    world::World,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let format = format(&cli.verb);
    let mut terminal = Terminal::new(loudness(&cli), jiff::Timestamp::now);
    let result = world(&cli).and_then(|world| command::run(&cli, &world, &mut terminal));
    terminal.still();
    let exit = match result {
        Ok(outcome) => written(&outcome, format),
        Err(error) => {
            told(&error, format);
            error.exit()
        }
    };
    ExitCode::from(exit as u8)
}

/// Writes the outcome; a reader that went away, as `| head` does, is no failure.
fn written(outcome: &Outcome, format: render::Format) -> Exit {
    let result = match (outcome, format) {
        (Outcome::Refused(_) | Outcome::Declined, render::Format::Text) => {
            render::outcome(outcome, format, &mut io::stderr().lock())
        }
        _ => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            render::outcome(outcome, format, &mut out).and_then(|()| out.flush())
        }
    };
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Exit::CouldNot,
        _ => outcome.exit(),
    }
}

/// Writes the error; where standard error is gone too, the exit code still tells.
fn told(error: &Error, format: render::Format) {
    let _ = match format {
        render::Format::Json => render::error_json(error, &mut io::stdout().lock()),
        _ => render::error(error, &mut io::stderr().lock()),
    };
}
