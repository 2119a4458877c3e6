//! Handshake signatures that ring does not know, or of certificates that it does not like, checked by OpenSSL.

use openssl::{
    hash::MessageDigest,
    pkey::{PKey, Public},
    rsa::Padding,
    sign::{RsaPssSaltlen, Verifier},
    x509::X509,
};
use rustls::{DigitallySignedStruct, SignatureScheme, client::danger::HandshakeSignatureValid};

/// Schemes to offer a server beyond those of ring.
pub(super) const BEYOND_RING: [SignatureScheme; 2] =
    [SignatureScheme::ECDSA_NISTP521_SHA512, SignatureScheme::ED448];

/// The assertion that the server signed `message`, or `None` where it did not.
pub(super) fn check(
    message: &[u8],
    cert: &[u8],
    signed: &DigitallySignedStruct,
) -> Option<HandshakeSignatureValid> {
    let key = X509::from_der(cert).and_then(|cert| cert.public_key()).ok()?;
    let mut verifier = verifier(signed.scheme, &key)?;
    let is_valid = verifier.verify_oneshot(signed.signature(), message);
    is_valid.is_ok_and(|is_valid| is_valid).then(HandshakeSignatureValid::assertion)
}

fn verifier<'a>(scheme: SignatureScheme, key: &'a PKey<Public>) -> Option<Verifier<'a>> {
    use SignatureScheme as S;
    let Some(digest) = digest(scheme) else {
        return Verifier::new_without_digest(key).ok();
    };
    let mut verifier = Verifier::new(digest, key).ok()?;
    if matches!(scheme, S::RSA_PSS_SHA256 | S::RSA_PSS_SHA384 | S::RSA_PSS_SHA512) {
        verifier.set_rsa_padding(Padding::PKCS1_PSS).ok()?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).ok()?;
    }
    Some(verifier)
}

/// `None` for Edwards curves, which digest by themselves.
fn digest(scheme: SignatureScheme) -> Option<MessageDigest> {
    use SignatureScheme as S;
    match scheme {
        S::ECDSA_NISTP256_SHA256 | S::RSA_PKCS1_SHA256 | S::RSA_PSS_SHA256 => Some(MessageDigest::sha256()),
        S::ECDSA_NISTP384_SHA384 | S::RSA_PKCS1_SHA384 | S::RSA_PSS_SHA384 => Some(MessageDigest::sha384()),
        S::ECDSA_NISTP521_SHA512 | S::RSA_PKCS1_SHA512 | S::RSA_PSS_SHA512 => Some(MessageDigest::sha512()),
        _ => None,
    }
}
