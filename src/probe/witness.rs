//! What rustls shows while it shakes hands, taken down before the handshake can fail.

use std::{cell::RefCell, sync::Arc};

use rustls::{
    DigitallySignedStruct, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};

use super::signature;

/// What the verifier and the certificate resolver were shown. They are shared by all connections, so each
/// handshake keeps its own here.
#[derive(Default)]
pub(super) struct Shown {
    pub certs: Vec<Vec<u8>>,
    /// Whether the server has signed with the key of the first certificate.
    pub is_proven: bool,
    pub client_cas: Option<Vec<Vec<u8>>>,
}

tokio::task_local! {
    pub(super) static SHOWN: RefCell<Shown>;
}

/// Takes down what it is shown, and checks only that the server holds the key: trust is judged afterwards.
#[derive(Debug)]
pub(super) struct Witness(Arc<CryptoProvider>);

impl Witness {
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self(provider)
    }
}

/// Takes down that the server holds the key, if it does.
fn prove(
    by_rustls: Result<HandshakeSignatureValid, rustls::Error>,
    by_openssl: impl FnOnce() -> Option<HandshakeSignatureValid>,
) -> Result<HandshakeSignatureValid, rustls::Error> {
    let valid = by_rustls.or_else(|error| by_openssl().ok_or(error))?;
    SHOWN.with(|shown| shown.borrow_mut().is_proven = true);
    Ok(valid)
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let certs = std::iter::once(leaf).chain(chain).map(|der| der.to_vec()).collect();
        SHOWN.with(|shown| shown.borrow_mut().certs = certs);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        let by_rustls = rustls::crypto::verify_tls12_signature(message, cert, signed, algorithms);
        prove(by_rustls, || signature::check(message, cert, signed))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        let by_rustls = rustls::crypto::verify_tls13_signature(message, cert, signed, algorithms);
        prove(by_rustls, || signature::check(message, cert, signed))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.0.signature_verification_algorithms.supported_schemes();
        schemes.extend(signature::BEYOND_RING);
        schemes
    }
}

impl ResolvesClientCert for Witness {
    fn resolve(&self, cas: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        SHOWN.with(|shown| {
            shown.borrow_mut().client_cas = Some(cas.iter().map(|name| name.to_vec()).collect())
        });
        None
    }

    /// `true`, or rustls never says that it was asked.
    fn has_certs(&self) -> bool {
        true
    }
}
