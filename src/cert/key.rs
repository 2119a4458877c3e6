//! A public key in two words.

use x509_parser::{public_key::PublicKey, x509::SubjectPublicKeyInfo};

/// Curves of RFC 5480 and the Edwards curves of RFC 8410, by their object identifiers.
const CURVES: &[(&str, &str)] = &[
    ("1.2.840.10045.3.1.7", "ECDSA P-256"),
    ("1.3.132.0.34", "ECDSA P-384"),
    ("1.3.132.0.35", "ECDSA P-521"),
    ("1.3.132.0.33", "ECDSA P-224"),
    ("1.3.132.0.10", "ECDSA secp256k1"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];

/// `RSA 2048`, `ECDSA P-256`, `Ed25519`, or the object identifier of what has no name here.
pub(super) fn describe(key: &SubjectPublicKeyInfo<'_>) -> String {
    if let Ok(PublicKey::RSA(rsa)) = key.parsed() {
        return format!("RSA {}", rsa.key_size());
    }
    let algorithm = key.algorithm.algorithm.to_id_string();
    let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
    let id = curve.map_or(algorithm, |oid| oid.to_id_string());
    CURVES.iter().find(|(oid, _)| *oid == id).map_or(id, |(_, name)| (*name).to_owned())
}
