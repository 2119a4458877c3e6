//! Servers on loopback that answer as an API server does to a check: TLS, and a status that the test sets.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, Ordering},
    },
    thread::{self, JoinHandle},
};

use openssl::{
    pkey::PKey,
    ssl::{SslAcceptor, SslConnector, SslMethod, SslVerifyMode},
    x509::X509,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// A cluster's CA.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        // With rcgen's own name for both, what it signs would look signed by itself.
        params.distinguished_name.push(DnType::CommonName, "kubernetes-ca");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn certificate(&self) -> String {
        self.0.pem()
    }

    /// For a check that says who it is.
    pub fn certificate_and_key(&self) -> String {
        let (certificate, key) = self.signed("checker");
        format!("{certificate}{key}")
    }

    fn signed(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }
}

/// A server that tells its name; gone when this is dropped.
pub struct ApiServer {
    pub address: SocketAddr,
    status: Arc<AtomicU16>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ApiServer {
    pub fn start(name: &str, authority: &Authority) -> Self {
        let (certificate, key) = authority.signed("kubernetes");
        let mut acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls()).unwrap();
        acceptor.set_certificate(&X509::from_pem(certificate.as_bytes()).unwrap()).unwrap();
        acceptor.set_private_key(&PKey::private_key_from_pem(key.as_bytes()).unwrap()).unwrap();
        let (acceptor, listener) = (acceptor.build(), TcpListener::bind("127.0.0.1:0").unwrap());
        let address = listener.local_addr().unwrap();
        let (status, is_over) = (Arc::new(AtomicU16::new(200)), Arc::new(AtomicBool::new(false)));
        let (told, over, name) = (status.clone(), is_over.clone(), name.to_owned());
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (acceptor, told, name) = (acceptor.clone(), told.clone(), name.clone());
                thread::spawn(move || answer(&acceptor, stream.ok()?, told.load(Ordering::SeqCst), &name));
            }
        });
        Self { address, status, is_over, thread: Some(thread) }
    }

    /// What every request is answered from now on.
    pub fn says(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // The one that is waited for.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// One request and its answer; a client that goes away early is none of ours.
fn answer(acceptor: &SslAcceptor, stream: TcpStream, status: u16, name: &str) -> Option<()> {
    let mut tls = BufReader::new(acceptor.accept(stream).ok()?);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        (tls.read_line(&mut line).ok()? > 0).then_some(())?;
    }
    let length = name.len();
    let tls = tls.get_mut();
    write!(tls, "HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{name}").ok()?;
    tls.shutdown().ok().map(|_| ())
}

/// Which server answers a new connection to this address; `None` where none does.
pub fn answering(address: SocketAddr, authority: &Authority) -> Option<String> {
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    connector.cert_store_mut().add_cert(X509::from_pem(authority.certificate().as_bytes()).unwrap()).unwrap();
    connector.set_verify(SslVerifyMode::PEER);
    let stream = TcpStream::connect(address).ok()?;
    let mut tls = connector.build().connect("kubernetes", stream).ok()?;
    write!(tls, "GET / HTTP/1.0\r\n\r\n").ok()?;
    BufReader::new(tls).lines().map_while(Result::ok).last()
}
