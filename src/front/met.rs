//! What visitors met, one server or the other.

use std::collections::BTreeMap;

use super::{Look, Visits};
use crate::{
    check::front::Chain,
    probe::{self, Presented, Reader, Visit},
};

impl Look<'_> {
    /// What is taken for the endpoint's own where several servers answer there: a certificate that leads to the cluster's
    /// CA, if one does, so that it does not hang on whom the first connection met.
    pub(super) fn preferred(
        &self,
        presented: Result<Presented, probe::Error>,
        visits: &Visits,
    ) -> Result<Presented, probe::Error> {
        let is_fit = |shown: &Presented| shown.reader == Reader::Rustls && self.leads(shown);
        if presented.as_ref().is_ok_and(is_fit) {
            return presented;
        }
        match (shown_to(visits).find(|shown| self.leads(shown)), presented) {
            // A visit offers less to agree on.
            (Some(other), Ok(shown)) => Ok(Presented { alpn: shown.alpn, ..other.clone() }),
            (Some(other), Err(_)) => Ok(other.clone()),
            (None, presented) => presented,
        }
    }

    pub(super) fn leads(&self, presented: &Presented) -> bool {
        self.chain(presented) == Chain::Leads
    }
}

/// Each certificate once, the first to end before the others.
pub(super) fn certificates<'p>(met: impl Iterator<Item = &'p Presented>) -> Vec<Presented> {
    let each: BTreeMap<_, _> =
        met.map(|shown| ((shown.leaf.not_after, &shown.leaf.fingerprint), shown)).collect();
    each.into_values().cloned().collect()
}

/// The visit that tells most of the server whose certificate was presented, or of another where none met it again.
pub(super) fn telling<'v>(
    presented: &Result<Presented, probe::Error>,
    visits: &'v Visits,
) -> Option<&'v Visit> {
    let is_same = |visit: &Visit| {
        let met = &visit.presented.leaf.fingerprint;
        presented.as_ref().is_ok_and(|shown| shown.leaf.fingerprint == *met)
    };
    // Of equal ones the last is taken.
    visits.iter().flatten().rev().max_by_key(|visit| (is_same(visit), visit.said.is_some()))
}

/// What was presented to visitors.
pub(super) fn shown_to(visits: &Visits) -> impl Iterator<Item = &Presented> {
    visits.iter().flatten().map(|visit| &visit.presented)
}
