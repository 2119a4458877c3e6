//! Two plans for one cluster made into one.

use super::{Plan, Proof};

impl Plan {
    /// This plan and then another one, as one run.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.nodes.extend(next.nodes);
        self.cluster.servers.extend(next.cluster.servers);
        self.steps.extend(next.steps);
        let is_seen = |proof: &Proof| self.finally.iter().any(|seen| seen.includes(proof));
        let new: Vec<Proof> = next.finally.into_iter().filter(|proof| !is_seen(proof)).collect();
        self.finally.extend(new);
        self.provides = self.provides.union(&next.provides);
        self.relies_on = self.relies_on.union(&next.relies_on);
        self
    }
}

impl Proof {
    /// Whether who sees this one has seen the other.
    fn includes(&self, other: &Self) -> bool {
        let Self { endpoint, from, listener, covers, lacks, outlasts, not_serial, issuer, .. } = other;
        (endpoint, from, listener) == (&self.endpoint, &self.from, &self.listener)
            && covers.missing_from(&self.covers).is_empty()
            && lacks.missing_from(&self.lacks).is_empty()
            && (outlasts.is_none() || *outlasts == self.outlasts)
            && (not_serial.is_none() || *not_serial == self.not_serial)
            && (issuer.is_none() || *issuer == self.issuer)
    }
}
