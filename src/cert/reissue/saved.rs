//! A draft as a plan keeps it, its bytes in Base64.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{Draft, Error, nonsense, scheme::Scheme};

#[derive(Deserialize, Serialize)]
pub(super) struct Saved {
    replaces: String,
    to_be_signed: String,
    signer: String,
}

impl From<Draft> for Saved {
    fn from(Draft { replaces, to_be_signed, signer, scheme: _ }: Draft) -> Self {
        Self { replaces, to_be_signed: STANDARD.encode(to_be_signed), signer: STANDARD.encode(signer) }
    }
}

impl TryFrom<Saved> for Draft {
    type Error = Error;

    fn try_from(Saved { replaces, to_be_signed, signer }: Saved) -> Result<Self, Error> {
        let bytes = |text: String| STANDARD.decode(text).map_err(|_| nonsense());
        let (to_be_signed, signer) = (bytes(to_be_signed)?, bytes(signer)?);
        let scheme = Scheme::of(&signer)?;
        Ok(Self { replaces, to_be_signed, signer, scheme })
    }
}
