//! The names of a server, as its files and flags give them.

use super::{
    config::{Commas, Source, Unreadable, tls_sans},
    facts::Facts,
};
use crate::san::{San, SanSet};

pub(super) struct Names<'f> {
    pub sources: Vec<Source<'f>>,
    flags: Vec<&'f str>,
    commas: Commas,
    values: Vec<String>,
}

impl<'f> Names<'f> {
    /// Reads them, or says which file K3s could not read either.
    pub fn read(facts: &'f Facts) -> Result<Self, Unreadable> {
        let sources = facts.sources()?;
        let flags = facts.name_flags();
        let commas = facts.version.map_or(Commas::Separate, |version| version.commas());
        let values = tls_sans(&sources, &flags, commas)?;
        Ok(Self { sources, flags, commas, values })
    }

    pub fn configured(&self) -> SanSet {
        parsed(&self.values)
    }

    /// Values that are neither a DNS name nor an address, so that no client can ask for them.
    pub fn useless(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str).filter(|value| value.parse::<San>().is_err())
    }

    /// The names with other files in place of those that are there.
    pub fn over(&self, sources: Vec<Source<'_>>) -> Option<SanSet> {
        tls_sans(&sources, &self.flags, self.commas).ok().map(|values| parsed(&values))
    }
}

fn parsed(values: &[String]) -> SanSet {
    values.iter().filter_map(|value| value.parse::<San>().ok()).collect()
}
