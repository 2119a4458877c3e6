//! How a CA's key signs.

use x509_parser::{prelude::FromDer, x509::SubjectPublicKeyInfo};

use super::{super::key, Error, parts::held};

/// A kind of key, and the algorithm that it signs with.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Scheme {
    /// The AlgorithmIdentifier of the public key.
    key: &'static [u8],
    /// The AlgorithmIdentifier of the signature.
    pub signature: &'static [u8],
    /// The digest, as OpenSSL calls it.
    pub digest: &'static str,
}

/// RFC 4055 and RFC 5480; RSA, P-256, P-384 and P-521.
static SCHEMES: [Scheme; 4] = [
    Scheme {
        key: b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
        signature: b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",
        digest: "sha256",
    },
    Scheme {
        key: b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
        signature: b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
        digest: "sha256",
    },
    Scheme {
        key: b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22",
        signature: b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
        digest: "sha384",
    },
    Scheme {
        key: b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23",
        signature: b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04",
        digest: "sha512",
    },
];

impl Scheme {
    /// The scheme of a SubjectPublicKeyInfo; other keys, Ed25519 and RSA-PSS among them, are refused.
    pub(super) fn of(key: &[u8]) -> Result<&'static Self, Error> {
        let algorithm = held::<1>(key).and_then(|[info]| held::<2>(info.content)).map(|[first, _]| first);
        let algorithm = algorithm.ok_or_else(|| Error::Key("not readable".into()))?;
        let scheme = SCHEMES.iter().find(|scheme| scheme.key == algorithm.whole);
        scheme.ok_or_else(|| Error::Key(described(key)))
    }
}

fn described(key: &[u8]) -> String {
    const RSA_PSS: &str = "1.2.840.113549.1.1.10";
    match SubjectPublicKeyInfo::from_der(key) {
        Ok((_, key)) if key.algorithm.algorithm.to_id_string() == RSA_PSS => "RSA-PSS".into(),
        Ok((_, key)) => key::describe(&key),
        Err(_) => "not readable".into(),
    }
}
