//! What looking at endpoints costs beside a bare rustls handshake, in the same run and against the same server.
//!
//! Each measured loop runs in a process of its own, so that its processor time and memory are its own; the server is
//! another one.

#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(clippy::disallowed_methods, reason = "the bare loops dial, and each loop is a process of its own")]

use std::{
    io::{BufRead as _, BufReader},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use cpctl::{
    endpoint::Endpoint,
    probe::{CONCURRENCY, Trust, Wire},
    san::San,
};
use criterion::Criterion;
use rustix::time::{ClockId, clock_gettime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, ServerConfig, SignatureScheme,
    client::{
        Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

const ROLE: &str = "CPCTL_BENCH_ROLE";
const PORT: &str = "CPCTL_BENCH_PORT";
const ENDPOINTS: usize = 1000;
const ROUNDS: usize = 9;
const PATIENCE: Duration = Duration::from_secs(10);

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("server") => serve(),
        Ok("bare") => report(bare_loop),
        Ok("cpctl") => report(cpctl_loop),
        _ => compare(),
    }
}

fn compare() {
    let mut server = Process::start("server", 0);
    let port: u16 = server.line().parse().expect("the server says its port");
    one(port);
    many(port);
}

/// One endpoint after the other: a fresh connection, a handshake, the certificate read.
fn one(port: u16) {
    let wire = Wire::new(PATIENCE);
    let endpoint = Endpoint::new(San::Ip(Ipv4Addr::LOCALHOST.into()), port);
    let config = bare_config();
    let bare = || raw_handshake(&config, (Ipv4Addr::LOCALHOST, port).into());
    let ours = || drop(wire.presented(&endpoint).expect("an answer"));

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("one endpoint");
    group.bench_function("raw rustls handshake", |bencher| bencher.iter(bare));
    group.bench_function("inspected", |bencher| bencher.iter(ours));
    let presented = wire.presented(&endpoint).expect("an answer");
    let trust = Trust::from_certs(vec![presented.leaf.clone()]).expect("a certificate");
    let now = presented.leaf.not_before;
    group.bench_function("judged", |bencher| bencher.iter(|| trust.judge(&presented, &endpoint.host, now)));
    group.finish();

    let ratios = (0..400).map(|_| time(ours).as_secs_f64() / time(bare).as_secs_f64());
    println!("one endpoint, inspected / raw rustls handshake: {:.2}", median(ratios.collect()));
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn raw_handshake(config: &Arc<ClientConfig>, address: SocketAddr) {
    let mut tcp = std::net::TcpStream::connect(address).expect("a server");
    tcp.set_nodelay(true).expect("an open socket");
    let mut tls = ClientConnection::new(config.clone(), name()).expect("a configuration");
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp).expect("a handshake");
    }
    assert!(tls.peer_certificates().is_some());
}

/// A thousand endpoints, 64 at once.
fn many(port: u16) {
    println!("{ENDPOINTS} endpoints, {CONCURRENCY} at once, median of {ROUNDS} rounds:");
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(Measured::take("bare", port));
        ours.push(Measured::take("cpctl", port));
    }
    for (what, number) in [
        ("wall ms", (|it: &Measured| it.wall_ms) as fn(&Measured) -> f64),
        ("CPU ms", |it| it.cpu_ms),
        ("peak MB", |it| it.peak_mb),
    ] {
        let of = |side: &[Measured]| median(side.iter().map(number).collect());
        let ratios = ours.iter().zip(&bare).map(|(ours, bare)| number(ours) / number(bare));
        let ratio = median(ratios.collect());
        println!("  {what:8} bare {:7.1}  cpctl {:7.1}  ratio {ratio:.2}", of(&bare), of(&ours));
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

struct Measured {
    wall_ms: f64,
    cpu_ms: f64,
    peak_mb: f64,
}

impl Measured {
    fn take(role: &str, port: u16) -> Self {
        let line = Process::start(role, port).line();
        let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().expect("a number")).collect();
        Self { wall_ms: numbers[0], cpu_ms: numbers[1], peak_mb: numbers[2] }
    }
}

/// This program again in another role; it ends with its owner.
struct Process(Child);

impl Process {
    fn start(role: &str, port: u16) -> Self {
        let child = Command::new(std::env::current_exe().expect("this program"))
            .env(ROLE, role)
            .env(PORT, port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts again");
        Self(child)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let output = self.0.stdout.as_mut().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a line");
        line.trim().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn report(run: fn(Vec<SocketAddr>)) {
    let port = std::env::var(PORT).expect("a port").parse().expect("a number");
    // Every address of 127.0.0.0/8 is this machine, so each endpoint has an address of its own.
    let addresses = (0..ENDPOINTS as u32)
        .map(|index| SocketAddr::new(IpAddr::from(Ipv4Addr::from(0x7f00_0001 + index)), port))
        .collect();
    let (start, cpu) = (Instant::now(), cpu_ms());
    run(addresses);
    let (wall, cpu) = (start.elapsed().as_secs_f64() * 1e3, cpu_ms() - cpu);
    println!("{wall} {cpu} {}", peak_mb());
}

fn cpu_ms() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 * 1e3 + spent.tv_nsec as f64 / 1e6
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
    kilobytes.map_or(f64::NAN, |kilobytes: f64| kilobytes / 1024.0)
}

fn cpctl_loop(addresses: Vec<SocketAddr>) {
    let endpoints: Vec<_> =
        addresses.iter().map(|address| Endpoint::new(San::Ip(address.ip()), address.port())).collect();
    let mut seen = 0;
    Wire::new(PATIENCE).presented_many(&endpoints, CONCURRENCY, |_, presented| {
        presented.expect("an answer");
        seen += 1;
    });
    assert_eq!(seen, ENDPOINTS);
}

/// The least that reads a certificate: connect, shake hands, copy the leaf.
fn bare_loop(addresses: Vec<SocketAddr>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (addresses, next) = (Arc::new(addresses), Arc::new(AtomicUsize::new(0)));
    let connector = TlsConnector::from(bare_config());
    let tasks: Vec<_> = (0..CONCURRENCY)
        .map(|_| {
            let (addresses, next, connector) = (addresses.clone(), next.clone(), connector.clone());
            runtime.spawn(async move {
                while let Some(address) = addresses.get(next.fetch_add(1, Ordering::Relaxed)) {
                    tokio::time::timeout(PATIENCE, bare_look(&connector, *address)).await.expect("in time");
                }
            })
        })
        .collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.expect("a whole loop");
        }
    });
}

async fn bare_look(connector: &TlsConnector, address: SocketAddr) -> Vec<u8> {
    let tcp = tokio::net::TcpStream::connect(address).await.expect("a server");
    tcp.set_nodelay(true).expect("an open socket");
    let stream = connector.connect(name(), tcp).await.expect("a handshake");
    stream.get_ref().1.peer_certificates().expect("a certificate")[0].to_vec()
}

fn name() -> ServerName<'static> {
    ServerName::IpAddress(Ipv4Addr::LOCALHOST.into())
}

fn bare_config() -> Arc<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone(provider)))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}

/// Believes every certificate whose key the server holds.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// An API server as far as its handshake goes: a certificate with the usual names, and HTTP/2 offered.
fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let acceptor = TlsAcceptor::from(server_config());
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.expect("a port");
        println!("{}", listener.local_addr().expect("an open socket").port());
        loop {
            let Ok((tcp, _)) = listener.accept().await else { continue };
            let acceptor = acceptor.clone();
            tokio::spawn(async move { drop(acceptor.accept(tcp).await) });
        }
    });
}

fn server_config() -> Arc<ServerConfig> {
    let names = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "127.0.0.1",
        "10.152.183.1",
        "10.0.0.11",
    ];
    let signed = rcgen::generate_simple_self_signed(names.map(str::to_owned)).expect("names");
    let key = PrivateKeyDer::Pkcs8(signed.signing_key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .expect("a key that fits");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}
