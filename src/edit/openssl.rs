//! OpenSSL configurations: entries of a section by their keys.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{EditError, State};
use crate::san::San;

/// Entries of `[ alt_names ]`, each with the key that it gets: `IP.101 = 172.22.22.3`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Names {
    pub entries: Vec<(String, San)>,
}

impl Names {
    pub fn state(&self, _text: &str) -> Result<State, EditError> {
        unimplemented!()
    }

    pub(super) fn add(&self, _text: &str) -> Result<String, EditError> {
        unimplemented!()
    }

    pub(super) fn remove(&self, _text: &str) -> Result<String, EditError> {
        unimplemented!()
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, san)) in self.entries.iter().enumerate() {
            write!(f, "{}{key} = {san}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}
