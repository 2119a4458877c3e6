//! What the API server serves with: the pair on the machine's disk, and who its clients are.

use std::{io, path::Path, sync::Arc, time::Duration};

use openssl::{nid::Nid, x509::X509};
use rustls::{
    DigitallySignedStruct, DistinguishedName, RootCertStore, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::{
        NoServerSessionStorage, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};

use super::{answers::User, disk, machine::Machine, ports::Door};

/// The pair on the disk, as bytes: what is compared to see a change.
#[derive(Eq, PartialEq)]
pub(super) struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Pair {
    pub fn on_disk(machine: &Machine, door: Door) -> io::Result<Self> {
        let layout = machine.layout();
        let of_api = (layout.certificate, layout.key);
        let (certificate, key) = match door {
            Door::Api => of_api,
            Door::Joining => layout.joining.unwrap_or(of_api),
        };
        Ok(Self { certificate: file(machine, certificate)?, key: file(machine, key)? })
    }

    /// The TLS side of a server with this pair; an error where the two do not belong together.
    ///
    /// No session is ever resumed: each connection shows the certificate of its moment.
    pub fn serve(&self, clients: &Clients) -> Result<Arc<ServerConfig>, rustls::Error> {
        let chain = CertificateDer::pem_slice_iter(&self.certificate).collect::<Result<Vec<_>, _>>();
        let key = PrivateKeyDer::from_pem_slice(&self.key);
        let (Ok(chain), Ok(key)) = (chain, key) else {
            return Err(rustls::Error::General("the pair cannot be read".into()));
        };
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(clients.clone()))
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Arc::new(config))
    }
}

/// Asks every client for a certificate and takes any in the handshake, as kube-apiserver does; the judgement comes with
/// the request.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    strict: Arc<dyn ClientCertVerifier>,
}

impl Clients {
    /// Clients with a certificate of the CA on the machine's disk.
    pub fn of(machine: &Machine) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        for ca in CertificateDer::pem_slice_iter(&file(machine, machine.layout().authority)?) {
            roots.add(ca.map_err(io::Error::other)?).map_err(io::Error::other)?;
        }
        let builder = WebPkiClientVerifier::builder_with_provider(roots.into(), provider());
        Ok(Self { strict: builder.build().map_err(io::Error::other)? })
    }

    /// Who a chain belongs to by the machine's clock; `None` where the CA did not sign it or it is not valid now.
    pub fn user(&self, chain: &[CertificateDer<'_>], clock: i64) -> Option<User> {
        let (leaf, above) = chain.split_first()?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(clock.try_into().ok()?));
        self.strict.verify_client_cert(leaf, above, now).ok()?;
        let cert = X509::from_der(leaf).ok()?;
        let parts = |nid| {
            let texts = cert.subject_name().entries_by_nid(nid);
            texts.filter_map(|entry| Some(entry.data().to_string().ok()?.to_string()))
        };
        let groups = parts(Nid::ORGANIZATIONNAME).chain(["system:authenticated".to_owned()]).collect();
        Some(User { name: parts(Nid::COMMONNAME).next()?, groups })
    }
}

impl ClientCertVerifier for Clients {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.strict.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        _leaf: &CertificateDer<'_>,
        _above: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

/// The cryptography that rehearsed servers use.
fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn file(machine: &Machine, path: &str) -> io::Result<Vec<u8>> {
    disk::read(&machine.path(Path::new(path))?)?.ok_or_else(|| io::ErrorKind::NotFound.into())
}
