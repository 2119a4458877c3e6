//! A TLS server on loopback that presents what its machine serves at that moment, and the CA that signs it.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SerialNumber};
use rustls::{
    ServerConfig, ServerConnection,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::machine::Machine;
use crate::endpoint::Endpoint;

/// A certificate authority and the one server key that it signs.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
    key: KeyPair,
    serials: AtomicU64,
}

impl Authority {
    pub fn new() -> Arc<Self> {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "lab CA");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Arc::new(Self {
            pem,
            issuer: Issuer::new(params, key),
            key: KeyPair::generate().unwrap(),
            serials: AtomicU64::new(0x1000),
        })
    }

    pub fn sign_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let key = PKey::private_key_from_der(&self.issuer.key().serialize_der()).unwrap();
        Signer::new(MessageDigest::sha256(), &key).unwrap().sign_oneshot_to_vec(bytes).unwrap()
    }

    pub fn sign(&self, names: Vec<String>) -> String {
        let mut params = CertificateParams::new(names).unwrap();
        params.serial_number = Some(SerialNumber::from(self.serials.fetch_add(1, Ordering::Relaxed)));
        params.use_authority_key_identifier_extension = true;
        params.signed_by(&self.key, &self.issuer).unwrap().pem()
    }
}

/// Makes a machine for a free port and answers on it for as long as the machine is there.
pub fn start(make: impl FnOnce(Endpoint) -> Machine) -> Arc<Machine> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let machine = Arc::new(make(Endpoint::new("127.0.0.1".parse().unwrap(), port)));
    let served = Arc::downgrade(&machine);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), Some(machine)) = (stream, served.upgrade()) else { return };
            let Some((pem, authority)) = machine.served() else { continue };
            let certs = CertificateDer::pem_slice_iter(&pem).map(Result::unwrap).collect();
            let key = PrivateKeyDer::try_from(authority.key.serialize_der()).unwrap();
            let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(certs, key)
                .unwrap();
            let mut connection = ServerConnection::new(config.into()).unwrap();
            while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
        }
    });
    machine
}
