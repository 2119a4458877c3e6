//! Servers on loopback for the tests: certificates of a CA of their own, and what else answers on a port.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use openssl::{
    asn1::Asn1Time,
    hash::MessageDigest,
    pkey::PKey,
    ssl::{
        AlpnError, NameType, Ssl, SslContext, SslContextBuilder, SslMethod, SslOptions, SslStream,
        SslVerifyMode, SslVersion, select_next_proto,
    },
    x509::X509,
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SignatureAlgorithm, date_time_ymd,
};

use crate::{cert::ServingCert, endpoint::Endpoint, san::San};

/// A CA that signs what tests need.
pub(crate) struct Ca {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with its key, in PEM.
#[derive(Clone)]
pub(crate) struct Identity {
    pub cert: String,
    pub key: String,
}

impl Ca {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    pub(crate) fn sign(&self, names: &[&str]) -> Identity {
        self.sign_with(params(names), &rcgen::PKCS_ECDSA_P256_SHA256)
    }

    pub(crate) fn sign_with(
        &self,
        params: CertificateParams,
        algorithm: &'static SignatureAlgorithm,
    ) -> Identity {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let cert = params.signed_by(&key, &self.issuer).unwrap();
        Identity { cert: cert.pem(), key: key.serialize_pem() }
    }
}

/// A self-signed certificate for a key that rcgen does not know.
pub(crate) fn self_signed(key: &PKey<openssl::pkey::Private>) -> Identity {
    let mut cert = X509::builder().unwrap();
    cert.set_version(2).unwrap();
    cert.set_not_before(&Asn1Time::from_unix(1_767_225_600).unwrap()).unwrap();
    cert.set_not_after(&Asn1Time::from_unix(1_893_456_000).unwrap()).unwrap();
    cert.set_pubkey(key).unwrap();
    let digests_itself = key.id() == openssl::pkey::Id::ED448;
    let digest = if digests_itself { MessageDigest::null() } else { MessageDigest::sha256() };
    cert.sign(key, digest).unwrap();
    let text = |pem: Vec<u8>| String::from_utf8(pem).unwrap();
    Identity {
        cert: text(cert.build().to_pem().unwrap()),
        key: text(key.private_key_to_pem_pkcs8().unwrap()),
    }
}

/// Valid from 2026 to the end of 2029, by whatever clock a test brings.
pub(crate) fn params(names: &[&str]) -> CertificateParams {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "kube-apiserver");
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
    params
}

/// How a TLS server differs from the plainest one.
#[derive(Clone, Default)]
pub(crate) struct Tls {
    pub highest: Option<SslVersion>,
    /// The CA in PEM whose client certificates are demanded.
    pub demands: Option<String>,
    /// Whether a client certificate is asked for without insisting.
    pub asks: Option<String>,
    pub wants_proxy_header: bool,
    /// Whether HTTP/2 is agreed on with whoever offers it, as an API server does.
    pub prefers_h2: bool,
}

/// What a server was told in the ClientHello.
pub(crate) type Greetings = Arc<Mutex<Vec<Option<String>>>>;

/// A server that shakes hands and waits until its client has gone.
pub(crate) fn tls(identity: &Identity, how: &Tls) -> (Endpoint, Greetings) {
    let greetings = Greetings::default();
    let context = context(identity, how, greetings.clone());
    let endpoint = serve_tls(context, how.wants_proxy_header, |stream| {
        let _ = stream.read(&mut [0; 16]);
    });
    (endpoint, greetings)
}

/// A server that hands every connection whose handshake was done to `answer`.
pub(crate) fn tls_answering(
    identity: &Identity,
    how: &Tls,
    answer: impl Fn(&mut SslStream<TcpStream>) + Send + Sync + 'static,
) -> Endpoint {
    serve_tls(context(identity, how, Greetings::default()), how.wants_proxy_header, answer)
}

fn serve_tls(
    context: SslContext,
    wants_proxy_header: bool,
    answer: impl Fn(&mut SslStream<TcpStream>) + Send + Sync + 'static,
) -> Endpoint {
    serve(move |mut tcp| {
        if wants_proxy_header && !takes_proxy_header(&mut tcp) {
            return;
        }
        let mut stream = SslStream::new(Ssl::new(&context).unwrap(), tcp).unwrap();
        if stream.accept().is_ok() {
            answer(&mut stream);
        }
    })
}

fn takes_proxy_header(tcp: &mut TcpStream) -> bool {
    let mut header = [0; 15];
    tcp.read_exact(&mut header).is_ok() && &header == b"PROXY UNKNOWN\r\n"
}

fn context(identity: &Identity, how: &Tls, greetings: Greetings) -> SslContext {
    let mut context = SslContextBuilder::new(SslMethod::tls_server()).unwrap();
    context.set_security_level(0);
    context.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
    context.set_min_proto_version(Some(SslVersion::TLS1)).unwrap();
    context.set_max_proto_version(how.highest).unwrap();
    context.set_options(SslOptions::NO_TICKET);
    let mut certs = X509::stack_from_pem(identity.cert.as_bytes()).unwrap().into_iter();
    context.set_certificate(&certs.next().unwrap()).unwrap();
    for cert in certs {
        context.add_extra_chain_cert(cert).unwrap();
    }
    context.set_private_key(&PKey::private_key_from_pem(identity.key.as_bytes()).unwrap()).unwrap();
    if let Some(ca) = how.demands.as_ref().or(how.asks.as_ref()) {
        let ca = X509::from_pem(ca.as_bytes()).unwrap();
        context.add_client_ca(&ca).unwrap();
        context.cert_store_mut().add_cert(ca).unwrap();
        let insists =
            if how.demands.is_some() { SslVerifyMode::FAIL_IF_NO_PEER_CERT } else { SslVerifyMode::empty() };
        context.set_verify(SslVerifyMode::PEER | insists);
    }
    if how.prefers_h2 {
        context.set_alpn_select_callback(|_, offered| {
            select_next_proto(b"\x02h2\x08http/1.1", offered).ok_or(AlpnError::NOACK)
        });
    }
    context.set_servername_callback(move |ssl, _| {
        greetings.lock().unwrap().push(ssl.servername(NameType::HOST_NAME).map(str::to_owned));
        Ok(())
    });
    context.build()
}

/// A port on loopback where every connection is handed to `answer`, for as long as the tests run.
pub(crate) fn serve(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> Endpoint {
    let (listener, endpoint) = listen();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || answer(tcp));
        }
    });
    endpoint
}

/// A port that says `words` to everyone and hangs up.
pub(crate) fn says(words: &'static str) -> Endpoint {
    serve(move |mut tcp| {
        let _ = tcp.write_all(words.as_bytes());
        let _ = tcp.read(&mut [0; 1024]);
    })
}

pub(crate) fn listen() -> (TcpListener, Endpoint) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = endpoint(listener.local_addr().unwrap());
    (listener, endpoint)
}

fn endpoint(address: SocketAddr) -> Endpoint {
    Endpoint::new(San::Ip(address.ip()), address.port())
}

pub(crate) fn read(identity: &Identity) -> ServingCert {
    ServingCert::all_from_pem(identity.cert.as_bytes()).unwrap().remove(0)
}
