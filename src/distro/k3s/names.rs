//! The names of a server, as its files and flags give them.

use super::{
    config::{Commas, Source, Unreadable, tls_sans},
    facts::Facts,
    old,
};
use crate::san::{San, SanSet};

pub(super) struct Names<'f> {
    pub sources: Vec<Source<'f>>,
    files: Files,
    flags: Vec<&'f str>,
    commas: Commas,
    values: Vec<String>,
}

/// How many files are read.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Files {
    One,
    WithDropIns,
}

impl<'f> Names<'f> {
    /// Reads them, or says which file K3s could not read either.
    pub fn read(facts: &'f Facts) -> Result<Self, Unreadable> {
        let files = if old::reads_one_file(facts) { Files::One } else { Files::WithDropIns };
        let mut sources = facts.sources()?;
        sources.retain(|source| files == Files::WithDropIns || source.file == facts.base());
        let commas = facts.version.map_or(Commas::Separate, |version| version.commas());
        let mut names = Self { sources, files, flags: facts.name_flags(), commas, values: vec![] };
        names.values = names.values_of(&names.sources)?;
        Ok(names)
    }

    fn values_of(&self, sources: &[Source<'_>]) -> Result<Vec<String>, Unreadable> {
        match self.files {
            Files::One => old::names_of(sources, &self.flags),
            Files::WithDropIns => tls_sans(sources, &self.flags, self.commas),
        }
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
        self.values_of(&sources).ok().map(|values| parsed(&values))
    }
}

fn parsed(values: &[String]) -> SanSet {
    values.iter().filter_map(|value| value.parse::<San>().ok()).collect()
}
