//! What each part of a plan says it will do.

use std::fmt;

use super::{Change, Hold, Passage, Proof, Settle};
use crate::node::Command;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edit { path, edit } => write!(f, "edit {}: {edit}", path.display()),
            Self::EditObject { object, edit } => write!(f, "edit {object}: {edit}"),
            Self::Reissue(reissue) => reissue.fmt(f),
            Self::Replace(replace) => replace.fmt(f),
            Self::Create { path, mode, judge, text: _ } => {
                write!(f, "create {}, mode {mode:04o}", path.display())?;
                match judge {
                    Some(judge) => write!(f, ", once `{}` has approved its text", judge.command),
                    None => Ok(()),
                }
            }
            Self::Run { commands, rewrites, undo: _ } => {
                let files: Vec<_> = rewrites.iter().map(|path| path.display().to_string()).collect();
                write!(f, "run {}", in_turn(commands))?;
                if files.is_empty() { Ok(()) } else { write!(f, " (rewrites {})", files.join(", ")) }
            }
        }
    }
}

fn in_turn(commands: &[Command]) -> String {
    let lines: Vec<_> = commands.iter().map(|command| format!("`{command}`")).collect();
    lines.join(", then ")
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit { unit, .. } => write!(f, "hold {unit} while it sleeps"),
            Self::LockFile { path, .. } => write!(f, "hold {}", path.display()),
            Self::Drained(drained) => drained.fmt(f),
        }
    }
}

impl fmt::Display for Settle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServesFile { endpoint, file, otherwise, .. } => {
                write!(f, "wait until {endpoint} serves {}", file.display())?;
                match otherwise {
                    Some(restart) => write!(f, "; only if it does not, restart {}", restart.unit),
                    None => Ok(()),
                }
            }
            Self::Restart { unit } => {
                write!(f, "restart {unit}, which takes its files in only when it starts")
            }
            Self::Reload { unit, shown_by } => {
                write!(f, "reload {unit}, which ends no connection")?;
                if shown_by.is_empty() { Ok(()) } else { write!(f, "; then see with {}", in_turn(shown_by)) }
            }
            Self::AwaitReady { endpoint, .. } => write!(f, "wait until {endpoint} is ready"),
            Self::AwaitNode { name, .. } => write!(f, "wait until node {name} is ready again"),
            Self::RollOut { daemon_set, .. } => write!(f, "roll {daemon_set} out, and wait until it is"),
            Self::Resigned { object, .. } => write!(f, "wait until {object} is signed anew"),
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, endpoint, covers, .. } = self;
        write!(f, "prove on {connections} fresh connections ")?;
        if let Some(from) = &self.from {
            write!(f, "from {from} ")?;
        }
        write!(f, "that {endpoint} ")?;
        match covers.is_empty() {
            true => f.write_str("leads to an API server that is ready")?,
            false => write!(f, "serves {covers}")?,
        }
        if !self.lacks.is_empty() {
            write!(f, ", and no longer {}", self.lacks)?;
        }
        f.write_str(", with ")?;
        if self.not_serial.is_some() {
            f.write_str("a new serial, ")?;
        }
        if let Some(end) = self.outlasts {
            write!(f, "an end after {end}, ")?;
        }
        if let Some(issuer) = &self.issuer {
            write!(f, "the issuer `{issuer}`, ")?;
        }
        f.write_str("a chain that verifies")?;
        match self.passage {
            Passage::Any => Ok(()),
            Passage::Through => f.write_str(", and that TLS goes through to the API servers"),
        }
    }
}
