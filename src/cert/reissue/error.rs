//! Why a certificate cannot be made anew, and what to do about it.

use jiff::Timestamp;

use super::super as cert;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Unreadable(#[from] cert::Error),
    #[error("it is an X.509 certificate of version {0}, which carries no names")]
    Version(u8),
    #[error("`{issuer}` signed it, and the CA is `{subject}`")]
    OtherIssuer { issuer: String, subject: String },
    #[error("the CA's key is {0}; RSA and ECDSA with P-256, P-384 or P-521 can be used")]
    Key(String),
    #[error("a serial number is positive and has at most 20 octets")]
    Serial,
    #[error("the serial number is that of the old certificate")]
    SameSerial,
    #[error("it would end before it begins, at {not_after}")]
    NeverValid { not_after: Timestamp },
    #[error("it would carry no name")]
    Nameless,
    #[error("it is not the certificate that the plan was made from")]
    Replaced,
    #[error("the signature is not of the key that belongs to the CA's certificate")]
    Signature,
}

impl Error {
    /// What to see to, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Replaced => {
                Some("somebody else replaced it; run the command again to plan from what is there now")
            }
            Self::Signature => Some("name the key that the CA's certificate was made for"),
            Self::NeverValid { .. } => Some("renew the CA first"),
            _ => None,
        }
    }
}
