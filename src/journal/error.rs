//! Why a journal cannot be written or read, and what to type next.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::node::hint_of_file;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot {deed} {path}", path = path.display())]
    Io {
        deed: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A path of the plan is not UTF-8.
    #[error("the plan cannot be recorded")]
    Unwritable {
        #[source]
        source: serde_json::Error,
    },
    #[error("{run}: there is a run of this name already")]
    Taken { run: String },
    #[error("{run}: another cpctl is at work on this run")]
    Busy { run: String },
    #[error("{run}: there is no such run")]
    Unknown { run: String },
    #[error("{origin}: the journal holds no plan")]
    Empty { origin: String },
    #[error("{origin}: the journal is not text")]
    NotText { origin: String },
    #[error("{origin}: line {line} of the journal makes no sense")]
    Damaged {
        origin: String,
        line: usize,
        #[source]
        source: serde_json::Error,
    },
    #[error("{origin}: the journal has schema {found}; this cpctl reads up to {known}")]
    Newer { origin: String, found: u64, known: u32 },
}

impl Error {
    /// What to type next, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Busy { .. } => "wait for it to end, or stop it with Ctrl-C where it runs".into(),
            Self::Unknown { .. } => "`cpctl runs` lists them, those recorded on the nodes too".into(),
            Self::Empty { origin } => {
                format!("the run was cut off before it began, nothing was changed: `rm {origin}`")
            }
            Self::Newer { .. } => "use the cpctl that wrote it, or a later one".into(),
            Self::Io { path, source, .. } => return hint_of_file(path, source),
            Self::Taken { .. } | Self::Unwritable { .. } | Self::NotText { .. } | Self::Damaged { .. } => {
                return None;
            }
        })
    }

    pub(super) fn io(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { deed, path: path.to_owned(), source }
    }
}
