//! Asking a person for the passphrase of a key, once.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::super::Password;

/// Somebody who can be asked.
pub trait Prompt: Sync {
    /// The passphrase of a key; `again` after one that did not open it. `None` where nobody answers.
    fn passphrase(&self, key: &Path, again: bool) -> Option<Password>;
}

/// Asks once for each key, however many machines take it and however many threads connect.
pub struct Once<P> {
    prompt: P,
    known: Mutex<BTreeMap<PathBuf, Option<Password>>>,
}

impl<P: Prompt> Once<P> {
    pub fn new(prompt: P) -> Self {
        Self { prompt, known: Mutex::default() }
    }
}

impl<P: Prompt> Prompt for Once<P> {
    fn passphrase(&self, key: &Path, again: bool) -> Option<Password> {
        // Held while the person types, so that a second machine waits for this answer instead of asking too.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !again && let Some(password) = known.get(key) {
            return password.clone();
        }
        let password = self.prompt.passphrase(key, again);
        known.insert(key.to_owned(), password.clone());
        password
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    struct Typist(AtomicU32);

    impl Prompt for Typist {
        fn passphrase(&self, _key: &Path, _again: bool) -> Option<Password> {
            Some(Password::new(format!("answer {}", self.0.fetch_add(1, Ordering::Relaxed))))
        }
    }

    #[test]
    fn a_person_is_asked_once_for_each_key_and_again_only_when_it_was_wrong() {
        let once = Once::new(Typist(AtomicU32::new(1)));
        let ask = |key: &str, again| once.passphrase(Path::new(key), again).unwrap().reveal().to_owned();

        let answers = [
            ask("a", false),
            ask("a", false),
            ask("b", false),
            ask("a", true),
            ask("a", false),
            ask("b", false),
        ];

        assert_eq!(answers, ["answer 1", "answer 1", "answer 2", "answer 3", "answer 3", "answer 2"]);
    }
}
