//! What may come next on a command line.

/// What may come next on a line that is being typed.
#[derive(Debug, Default)]
pub struct Completed {
    pub candidates: Vec<Candidate>,
    /// Whether a file may come next too, which the shell itself knows best.
    pub files: bool,
}

/// A word that may come next, and what it is.
#[derive(Debug)]
pub struct Candidate {
    pub word: String,
    pub what: Option<String>,
}
