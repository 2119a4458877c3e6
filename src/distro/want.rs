//! What is to become of a serving certificate.

use crate::san::SanSet;

/// What is to become of the certificate that an API server serves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Want {
    /// Names that it carries beside those that are served.
    Add(SanSet),
    /// Names that it no longer carries.
    Remove(SanSet),
    /// The same names for another term.
    Renew,
}

impl Want {
    /// Names that are to be there and perhaps are not.
    pub fn adds(&self) -> &SanSet {
        if let Self::Add(names) = self { names } else { SanSet::none() }
    }

    /// Names that are to be gone.
    pub fn removes(&self) -> &SanSet {
        if let Self::Remove(names) = self { names } else { SanSet::none() }
    }

    /// Whether nothing is left to do for a certificate with these names.
    pub fn is_met_by(&self, names: &SanSet) -> bool {
        *self != Self::Renew && self.names_after(names) == *names
    }

    /// What a certificate with the names of `served` carries afterwards.
    pub fn names_after(&self, served: &SanSet) -> SanSet {
        served.union(self.adds()).missing_from(self.removes())
    }
}
