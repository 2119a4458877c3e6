//! Where a request ended that was not answered as it should be.

use std::fmt;

use crate::probe::Undialled;

/// How far a request came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Miss {
    /// The name of the server could not be resolved.
    Dns,
    Refused,
    /// The network knows no way there, or gave the connection up.
    Unreachable(Box<str>),
    ConnectTimeout,
    Tls(Box<str>),
    /// The connection ended before the answer.
    Cut(Box<str>),
    Status(u16),
    /// There was a connection, and no answer in time.
    Deadline,
    /// Nothing was asked, because the credentials could not be renewed here.
    Credentials(Box<str>),
}

impl Miss {
    /// The kind, as statistics count it.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "connect-refused",
            Self::Unreachable(_) => "unreachable",
            Self::ConnectTimeout => "connect-timeout",
            Self::Tls(_) => "tls",
            Self::Cut(_) => "cut",
            Self::Status(500..) => "http-5xx",
            Self::Status(_) => "http-4xx",
            Self::Deadline => "deadline",
            Self::Credentials(_) => "credentials",
        }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns => f.write_str("cannot resolve the name"),
            Self::Refused => f.write_str("connection refused"),
            Self::Unreachable(words) => write!(f, "cannot connect: {words}"),
            Self::ConnectTimeout => f.write_str("no connection in time"),
            Self::Tls(words) => f.write_str(words),
            Self::Cut(words) => write!(f, "cut off before the answer: {words}"),
            Self::Status(code) => write!(f, "answered {code}"),
            Self::Deadline => f.write_str("no answer in time"),
            Self::Credentials(words) => write!(f, "not asked: {words}"),
        }
    }
}

impl From<Undialled> for Miss {
    fn from(undialled: Undialled) -> Self {
        match undialled {
            Undialled::Unresolved => Self::Dns,
            Undialled::Refused => Self::Refused,
            Undialled::Unreachable(words) => Self::Unreachable(words.into()),
            Undialled::Late => Self::ConnectTimeout,
        }
    }
}
