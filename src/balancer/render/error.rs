//! Why a configuration cannot be written, and what to write into the inventory or to type.

/// What is missing, or does not fit.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{subject}: no {what}")]
    Missing {
        /// The file, or the machine in it.
        subject: String,
        what: &'static str,
        /// The line to write.
        line: String,
        inventory: String,
        flag: Option<&'static str>,
    },
    #[error("no distribution is named, and each has its own port and answers")]
    NoDistribution { known: String, inventory: String },
    #[error("the nodes are {}: one pool of servers is of one distribution", .names.join(" and "))]
    Mixed { names: Vec<String> },
    #[error("cpctl knows no ports and answers of `{name}`")]
    Unknown { name: String, known: String },
    #[error("{message}")]
    Unfit { message: String, hint: String },
    /// A kind that nobody should put in front of an API server.
    #[error("cpctl writes no `{kind}`: {reason}")]
    Refused { kind: &'static str, reason: &'static str, instead: &'static str },
}

impl Error {
    pub(super) fn unfit(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unfit { message: message.into(), hint: hint.into() }
    }

    /// What to write or to type instead.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { line, inventory, flag, .. } => {
                let flag = flag.map(|flag| format!(", or give `{flag}`")).unwrap_or_default();
                format!("write `{line}` into {inventory}{flag}")
            }
            Self::NoDistribution { known, inventory } => format!(
                "let cpctl look with `cpctl nodes`, and write `distribution: NAME` below each node in {inventory}; without \
                 an inventory `cpctl nodes -o yaml > cpctl.yaml` writes it; or give `--distribution {known}`"
            ),
            Self::Mixed { .. } => "give `--distribution NAME` where they answer alike all the same".into(),
            Self::Unknown { known, .. } => format!("give `--distribution {known}`"),
            Self::Unfit { hint, .. } => hint.clone(),
            Self::Refused { instead, .. } => (*instead).to_owned(),
        }
    }
}
