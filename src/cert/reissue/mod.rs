//! A serving certificate made anew, with further names or without some, to be signed where the CA's key lies.

use jiff::Timestamp;
use openssl::{pkey::PKey, x509::X509};
use serde::{Deserialize, Serialize};

use super::{ServingCert, der, pem};
use crate::san::SanSet;

mod error;
mod extensions;
mod parts;
mod saved;
mod scheme;

pub use error::Error;
use extensions::Names;
use parts::{EXTENSIONS, Parts};
use scheme::Scheme;

/// The longest serial number that RFC 5280 allows.
const LONGEST_SERIAL: usize = 20;

/// What is to be different in the new certificate, and who signs it.
pub struct Terms<'a> {
    pub authority: &'a ServingCert,
    /// Names to be carried beside the old ones.
    pub adds: &'a SanSet,
    /// Old names that it no longer carries.
    pub removes: &'a SanSet,
    pub serial: &'a Serial,
    pub not_before: Timestamp,
    /// An earlier end of the CA's own certificate wins.
    pub not_after: Timestamp,
}

/// A positive number of at most 20 octets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Serial(Vec<u8>);

/// A certificate that lacks nothing but the signature.
///
/// It holds nothing secret, and the public key that the signature must belong to, so that a CA that was replaced
/// since cannot sign it unseen.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "saved::Saved", into = "saved::Saved")]
pub struct Draft {
    /// The fingerprint of the certificate that it was made from.
    replaces: String,
    to_be_signed: Vec<u8>,
    /// The SubjectPublicKeyInfo of the CA.
    signer: Vec<u8>,
    scheme: &'static Scheme,
}

impl Serial {
    /// Reads big-endian octets.
    pub fn new(octets: &[u8]) -> Result<Self, Error> {
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let significant = &octets[zeros..];
        let is_short = significant.len() < LONGEST_SERIAL
            || (significant.len() == LONGEST_SERIAL && significant[0] & 0x80 == 0);
        if significant.is_empty() || !is_short { Err(Error::Serial) } else { Ok(Self(significant.into())) }
    }
}

impl From<[u8; 16]> for Serial {
    /// The number that random octets make, never zero and always as long.
    fn from(mut octets: [u8; 16]) -> Self {
        octets[0] = octets[0] & 0x7f | 0x40;
        Self(octets.into())
    }
}

impl Draft {
    /// Drafts the certificate anew: same subject, key, issuer and extensions, with the names that the terms make of its own.
    pub fn of(old: &ServingCert, terms: &Terms<'_>) -> Result<Self, Error> {
        let authority = parts(&terms.authority.der)?;
        let was = parts(&old.der)?;
        let scheme = Scheme::of(authority.key)?;
        let version = was.version.filter(|_| was.version() == 3);
        let version = version.ok_or_else(|| Error::Version(was.version()))?;
        if was.issuer != authority.subject {
            let (issuer, subject) = (old.issuer.clone(), terms.authority.subject.clone());
            return Err(Error::OtherIssuer { issuer, subject });
        }
        let serial = der::integer(&terms.serial.0);
        if serial == der::integer(was.serial) {
            return Err(Error::SameSerial);
        }
        let names = Names { new: extensions::missing(terms.adds, &old.sans), gone: terms.removes };
        if names.new.is_empty() && !old.sans.is_empty() && terms.removes.is_superset(&old.sans) {
            return Err(Error::Nameless);
        }
        let to_be_signed = der::sequence(&[
            version.whole,
            &serial,
            scheme.signature,
            was.issuer,
            &validity(terms)?,
            was.subject,
            was.key,
            &was.identifiers.concat(),
            &extensions(&was, &authority, &names)?,
        ]);
        let (replaces, signer) = (old.fingerprint.clone(), authority.key.to_vec());
        Ok(Self { replaces, to_be_signed, signer, scheme })
    }

    /// What the CA's key has to sign.
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// The digest that the signature is made of, as OpenSSL calls it.
    pub fn digest(&self) -> &'static str {
        self.scheme.digest
    }

    /// Whether the file's first certificate is this one already; a third one is refused.
    pub fn is_made(&self, file: &[u8]) -> Result<bool, Error> {
        let first = pem::certificates(file)?.into_iter().next().ok_or(super::Error::Empty)?;
        if super::digest(&first) == self.replaces {
            return Ok(false);
        }
        let is_this = parts(&first)?.to_be_signed == self.to_be_signed && self.is_signed(&first);
        if is_this { Ok(true) } else { Err(Error::Replaced) }
    }

    /// The file with its first certificate replaced by this one, and with every other byte as it was.
    pub fn put_into(&self, file: &[u8], signature: &[u8]) -> Result<Vec<u8>, Error> {
        let made = pem::replace_first(file, &self.assemble(signature)?).ok_or(super::Error::Empty)?;
        if self.is_made(&made)? { Ok(made) } else { Err(Error::Replaced) }
    }

    /// The whole certificate; a signature that is not of the CA's key is refused.
    fn assemble(&self, signature: &[u8]) -> Result<Vec<u8>, Error> {
        let bits = der::write(der::BIT_STRING, &[&[0], signature].concat());
        let made = der::sequence(&[&self.to_be_signed, self.scheme.signature, &bits]);
        if self.is_signed(&made) { Ok(made) } else { Err(Error::Signature) }
    }

    fn is_signed(&self, certificate: &[u8]) -> bool {
        let key = PKey::public_key_from_der(&self.signer);
        key.and_then(|key| X509::from_der(certificate)?.verify(&key)).unwrap_or(false)
    }
}

fn parts(certificate: &[u8]) -> Result<Parts<'_>, Error> {
    Parts::read(certificate).ok_or_else(nonsense)
}

fn nonsense() -> Error {
    super::Error::Malformed("its DER makes no sense".into()).into()
}

fn validity(terms: &Terms<'_>) -> Result<Vec<u8>, Error> {
    let not_after = terms.not_after.min(terms.authority.not_after);
    if not_after <= terms.not_before {
        return Err(Error::NeverValid { not_after });
    }
    Ok(der::sequence(&[&der::time(terms.not_before), &der::time(not_after)]))
}

fn extensions(was: &Parts<'_>, authority: &Parts<'_>, names: &Names<'_>) -> Result<Vec<u8>, Error> {
    let renewed = extensions::renewed(was, authority, names).ok_or_else(nonsense)?;
    if renewed.is_empty() {
        return Ok(vec![]);
    }
    Ok(der::write(EXTENSIONS, &der::write(der::SEQUENCE, &renewed)))
}

#[cfg(test)]
mod tests;
