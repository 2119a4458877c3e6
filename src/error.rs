//! What kept cpctl from doing its work. A bad state of the cluster is a finding, not an error.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use crate::{
    api, apply, balancer, cert, endpoint::ParseEndpointError, inventory, journal, node, outcome::Exit, plan,
    report::Finding, san::ParseSanError,
};

/// One of the modules' errors, or a use that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Several nodes at once; each is told with its own hint.
    #[error("{}", lines(.0))]
    Nodes(Vec<node::Error>),
    /// Nodes that `--limit` leaves out, and that must be up all the same.
    #[error("{}", lines(.0))]
    LeftOut(Vec<node::Error>),
    #[error(transparent)]
    Node(#[from] node::Error),
    #[error(transparent)]
    Api(#[from] api::Error),
    #[error(transparent)]
    Inventory(#[from] inventory::Error),
    /// Something stands in the way; nothing was changed.
    #[error("refused")]
    Refused(Vec<Finding>),
    #[error(transparent)]
    Journal(#[from] journal::Error),
    #[error(transparent)]
    Stopped(Box<apply::Stopped>),
    #[error(transparent)]
    Render(#[from] balancer::render::Error),
    #[error(transparent)]
    Unlaid(#[from] apply::Unlaid),
    #[error(transparent)]
    Endpoint(#[from] ParseEndpointError),
    #[error("{path}: cannot read the certificate", path = path.display())]
    Certificate { path: PathBuf, source: cert::Error },
    #[error("{path}: cannot read", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{path}: cannot write", path = path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{path}: cannot read the plan", path = path.display())]
    NotAPlan { path: PathBuf, source: plan::ReadError },
    /// A name on the command line that no certificate can carry.
    #[error(transparent)]
    Name(#[from] ParseSanError),
    /// What was typed does not fit what is there.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// A command line that makes no sense.
    #[error("{message}")]
    CommandLine { message: String, hints: Vec<String> },
    /// A question that nobody can answer.
    #[error("standard input is not a terminal, so nobody can be asked")]
    NobodyToAsk,
    #[error("stopped as asked")]
    Interrupted,
    #[error("cannot start")]
    Start(#[source] io::Error),
    #[error("{directory}: cannot make a temporary directory there", directory = directory.display())]
    Temporary {
        directory: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self::Refused(vec![finding])
    }
}

impl From<apply::Stopped> for Error {
    fn from(stopped: apply::Stopped) -> Self {
        Self::Stopped(Box::new(stopped))
    }
}

impl Error {
    /// What to type next, one line each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Nodes(errors) => hints_of(errors),
            Self::LeftOut(errors) => {
                let why = "nothing is changed there, but every node must answer and is locked meanwhile; \
                           take a machine that is gone for good out of the inventory";
                hints_of(errors).into_iter().chain([why.to_owned()]).collect()
            }
            Self::Node(error) => error.hint().into_iter().collect(),
            Self::Api(error) => error.hint().into_iter().collect(),
            Self::Inventory(error) => vec![error.hint()],
            Self::Journal(error) => error.hint().into_iter().collect(),
            Self::Stopped(stopped) => {
                let first = stopped.hint().into_iter().chain(stopped.hint_of_the_way_back());
                first.chain(stopped.ways_on().iter().map(|command| format!("`{command}`"))).collect()
            }
            Self::Render(error) => vec![error.hint()],
            Self::Unlaid(error) => vec![error.hint()],
            Self::Endpoint(error) => vec![error.hint()],
            Self::NotAPlan { .. } => {
                vec!["save one with `cpctl certs add-san NAME --dry-run -o json > plan.json`".into()]
            }
            Self::Usage { hint, .. } => vec![hint.clone()],
            Self::CommandLine { hints, .. } => hints.clone(),
            Self::Name(error) => vec![error.hint()],
            Self::NobodyToAsk => vec!["say yes beforehand with `--yes`".into()],
            Self::Read { path, source } => hint_of_read(path, source).into_iter().collect(),
            Self::Write { path, source } => {
                vec![hint_of_read(path, source).unwrap_or_else(|| "name another file".into())]
            }
            Self::Certificate { path, .. } => {
                vec![format!("see what it is: `openssl x509 -text -noout -in {}`", path.display())]
            }
            Self::Temporary { .. } => {
                vec!["name a directory that you may write to: `export TMPDIR=DIR`".into()]
            }
            Self::Refused(_) | Self::Interrupted | Self::Start(_) => vec![],
        }
    }

    /// What happened beyond the causes, one line each.
    pub fn notes(&self) -> Vec<String> {
        match self {
            Self::Stopped(stopped) => stopped.notes(),
            _ => vec![],
        }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Stopped(stopped) if stopped.is_part_way() => Exit::PartWay,
            _ => Exit::CouldNot,
        }
    }
}

fn hint_of_read(path: &Path, error: &io::Error) -> Option<String> {
    match error.kind() {
        io::ErrorKind::NotFound => {
            let directory = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
            Some(format!("check the path: `ls {}`", directory.display()))
        }
        io::ErrorKind::PermissionDenied => Some(format!("see who may: `ls -l {}`", path.display())),
        _ => None,
    }
}

/// The hints of several nodes, each once.
fn hints_of(errors: &[node::Error]) -> Vec<String> {
    each_once(errors.iter().filter_map(node::Error::hint))
}

/// The errors of several nodes, one on each line.
fn lines(errors: &[node::Error]) -> String {
    each_once(errors.iter().map(|error| told(error))).join("\n")
}

fn each_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}

/// An error and its causes on one line.
pub fn told(error: &dyn std::error::Error) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// What an error comes from, nearest first.
pub fn causes(error: &dyn std::error::Error) -> impl Iterator<Item = &dyn std::error::Error> {
    std::iter::successors(error.source(), |cause| cause.source()).map(|cause| cause as _)
}
