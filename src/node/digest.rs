//! What a file's bytes come down to.

use openssl::sha::Sha256;
use serde::{Deserialize, Serialize};

/// A SHA-256, written in lower-case hexadecimal.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = sha256(bytes).into_iter().flat_map(|octet| [octet >> 4, octet & 15]);
        Self(digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect())
    }

    /// Takes what `sha256sum` printed.
    pub fn from_hex(text: &str) -> Option<Self> {
        let hex = text.trim();
        (hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| Self(hex.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In steps, because OpenSSL's digest in one call sets it up to be taken down at exit, under threads that still use it.
pub(in crate::node) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(bytes);
    digest.finish()
}
