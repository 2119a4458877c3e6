//! The pools of API servers, whatever balancer they are of: one shape for the rules that all kinds share.

use super::{Facts, Source};
use crate::report::Finding;

/// Servers that one balancer sends the API's clients to.
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    pub source: &'a Source,
    /// Where it begins.
    pub line: usize,
    pub name: String,
    pub servers: Vec<PoolServer>,
    /// Where clients reach it; empty where the file does not tell.
    pub listens: Vec<Listen>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PoolServer {
    pub line: usize,
    pub name: String,
    /// An address or a name.
    pub host: String,
    /// `None` where clients' own port is kept.
    pub port: Option<u16>,
    /// Whether it gets clients only once others are gone: a backup, one disabled, one of weight 0.
    pub is_spare: bool,
}

/// An address that clients come to; `host` is `None` for every address of the machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listen {
    pub line: usize,
    pub host: Option<String>,
    pub port: u16,
}

/// Findings of the rules that all kinds share.
pub(super) fn lint(pools: &[Pool<'_>], facts: &Facts<'_>) -> Vec<Finding> {
    let (_, _) = (pools, facts);
    vec![]
}
