//! Places that name the control plane's address, and the one plan that moves any of them.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use crate::{
    edit::{
        Edit, EditError,
        word::{Word, WordEdit},
        yaml::{KeyEdit, ScalarEdit, Segment},
    },
    endpoint::Endpoint,
    plan::{Change, DaemonSet, Object, Signed},
};

/// A place that names the control plane's address, as it was seen.
#[derive(Clone)]
pub struct Reference {
    pub place: Place,
    /// The text that it stands in. It may hold keys and tokens, so there is no way to print it.
    pub text: String,
    pub form: Form,
    /// What it names; `None` where it names nothing yet and shall.
    pub names: Option<Endpoint>,
    /// The port that it names whatever the API's is, as that of a supervisor.
    pub port: Option<u16>,
    /// What makes it count.
    pub takes: Vec<Takes>,
    /// Changes that make sense only together with it, made after it on the same machine.
    pub beside: Vec<Change>,
    /// What an operator should know before it is moved.
    pub notes: Vec<String>,
    /// Whether clients on every node of the cluster go by it.
    pub is_everywhere: bool,
}

/// Where a reference stands.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// A file of the node.
    File(PathBuf),
    /// A text in the cluster's API.
    Object(Object),
}

/// How an address is written where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Form {
    /// `https://HOST:PORT`, the scalar at a path of a YAML document.
    Url(Vec<Segment>),
    /// `HOST:PORT`, the scalar at a path of a YAML document.
    HostPort(Vec<Segment>),
    /// `HOST:PORT` under a key that is still to be added at the top of a YAML document.
    Key(String),
    /// `https://HOST:PORT`, the value of a variable or of a flag.
    Word(Word),
}

/// What takes a changed reference in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Takes {
    /// A unit of the machine when it starts: restarted once, however many references it takes in. The node of that name
    /// must be ready again afterwards, by the API's word.
    Unit { unit: String, node: Option<String> },
    /// Pods when they start.
    Pods(DaemonSet),
    /// A controller that signs the text anew.
    Signature(Signed),
}

/// An object of the API, as far as references are sought in it.
pub struct ObjectSeen {
    /// What stands under the key.
    pub text: String,
    /// What stands under the other keys of the same object.
    pub beside: BTreeMap<String, String>,
}

/// Where clients are led to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Move {
    /// Addresses that are left; the port does not count.
    pub from: Vec<Endpoint>,
    pub to: Endpoint,
}

impl Reference {
    /// A reference that nothing has to take in.
    pub fn new(place: Place, text: &str, form: Form, names: Option<Endpoint>) -> Self {
        Self {
            place,
            text: text.to_owned(),
            form,
            names,
            port: None,
            takes: vec![],
            beside: vec![],
            notes: vec![],
            is_everywhere: false,
        }
    }

    #[must_use]
    pub fn taken_in_by(mut self, takes: Takes) -> Self {
        self.takes.push(takes);
        self
    }

    /// What it names once it is moved.
    pub fn target(&self, to: &Endpoint) -> Endpoint {
        Endpoint::new(to.host.clone(), self.port.unwrap_or(to.port))
    }
}

impl Form {
    /// How it says `to`.
    pub fn written(&self, to: &Endpoint) -> String {
        match self {
            Self::Url(_) | Self::Word(_) => to.url(),
            Self::HostPort(_) | Self::Key(_) => to.to_string(),
        }
    }

    /// The edit that makes it name `to`, tried out on `text`.
    pub fn edit(&self, text: &str, to: &Endpoint) -> Result<Edit, EditError> {
        let to = self.written(to);
        Ok(match self {
            Self::Url(path) | Self::HostPort(path) => Edit::Scalar(ScalarEdit::to(text, path.clone(), &to)?),
            Self::Key(key) => Edit::AddKey(KeyEdit::adding(text, key, &to)?),
            Self::Word(word) => Edit::Word(WordEdit::to(text, word.clone(), &to)?),
        })
    }
}

impl Move {
    /// Whether an address is one of those that are left.
    pub fn leaves(&self, endpoint: &Endpoint) -> bool {
        self.from.iter().any(|from| from.host == endpoint.host)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({} names {:?})", self.place, self.names)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Object(object) => object.fmt(f),
        }
    }
}
