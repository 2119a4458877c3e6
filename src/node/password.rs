//! A secret that a person typed.

use zeroize::Zeroizing;

/// A password or passphrase: it has no `Debug`, and its memory is wiped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the first line of what was typed: the programs that ask for passwords read one line.
    pub fn new(typed: String) -> Self {
        let typed = Zeroizing::new(typed);
        Self(Zeroizing::new(typed.lines().next().unwrap_or_default().to_owned()))
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}
