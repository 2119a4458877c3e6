//! Probes on their way to servers on loopback.

use std::{
    convert::Infallible,
    io::Write as _,
    net::{Ipv4Addr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::{Request, Response, body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tempfile::NamedTempFile;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use crate::{
    api::{Access, Dialer, Miss, VerifyAs},
    endpoint::Endpoint,
    probe::{
        Wire,
        server::{Ca, Identity, Tls, listen, serve, tls_answering},
    },
    watch::{Course, Event, Kind, Lane, Prober, Record, Seen, Via, Way},
};

pub const WITHIN: Duration = Duration::from_secs(30);

/// A kubeconfig that trusts one CA.
pub struct Kubeconfig {
    _file: NamedTempFile,
    pub access: Access,
}

impl Kubeconfig {
    fn trusting(ca: &Ca) -> Self {
        Self::of(ca, "token: abc")
    }

    /// With these credentials of its user.
    pub fn of(ca: &Ca, user: &str) -> Self {
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: lab\n\
             clusters: [{{name: lab, cluster: {{server: \"https://127.0.0.1:1\", certificate-authority-data: {}}}}}]\n\
             users: [{{name: me, user: {{{user}}}}}]\n\
             contexts: [{{name: lab, context: {{cluster: lab, user: me}}}}]\n",
            STANDARD.encode(&ca.pem)
        );
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let access = Access { kubeconfigs: vec![file.path().to_owned()], context: "lab".into() };
        Self { _file: file, access }
    }

    pub fn dialer(&self, endpoint: &Endpoint) -> Dialer {
        Dialer::new(&Wire::new(WITHIN), &self.access, Some(endpoint), VerifyAs::Host).unwrap()
    }
}

/// A server that speaks nothing but HTTP/2, and how often it was dialled. It answers those that bring the token.
pub fn http2_server(identity: &Identity) -> (Endpoint, Arc<AtomicUsize>) {
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(identity.cert.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (acceptor, dialled) = (TlsAcceptor::from(Arc::new(config)), Arc::new(AtomicUsize::new(0)));
    let (listener, endpoint) = listen();
    listener.set_nonblocking(true).unwrap();
    let count = dialled.clone();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((tcp, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let stream = acceptor.accept(tcp).await.unwrap();
                    let answer = service_fn(async |request: Request<Incoming>| {
                        let is_known =
                            request.headers().get("authorization").is_some_and(|it| it == "Bearer abc");
                        let code = if is_known && request.uri().path() == "/readyz" { 200 } else { 401 };
                        Ok::<_, Infallible>(Response::builder().status(code).body("ok".to_owned()).unwrap())
                    });
                    let http = http2::Builder::new(TokioExecutor::new());
                    let _ = http.serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
    });
    (endpoint, dialled)
}

fn way(kind: Kind, dialer: &Dialer) -> Way {
    let endpoint = dialer.endpoint().clone();
    Way { lane: Lane { kind, via: Via::Shared, endpoint }, dialer: dialer.clone() }
}

/// The probes of a course, once so many of them have come back.
fn probed(ways: Vec<Way>, enough: usize) -> Vec<Record> {
    let prober = Prober::start(Course { ways, interval: Duration::from_millis(5), within: WITHIN }).unwrap();
    let record = |event| match event {
        Event::Probed(record) => Some(record),
        Event::Broke(_) | Event::LeftOut(_) => None,
    };
    let mut records = vec![];
    while records.len() < enough {
        records.extend(prober.next(WITHIN).and_then(record));
    }
    records.extend(prober.stop().filter_map(record));
    records
}

fn probe_of(event: Event) -> Record {
    let Event::Probed(record) = event else { panic!("{event:?}") };
    record
}

#[test]
fn a_reused_connection_is_one_connection_and_new_ones_are_as_many_as_there_are_probes() {
    let ca = Ca::new("lab");
    let (endpoint, dialled) = http2_server(&ca.sign(&["127.0.0.1"]));
    let dialer = Kubeconfig::trusting(&ca).dialer(&endpoint);

    let reused = probed(vec![way(Kind::Reused, &dialer)], 1);
    let before = dialled.load(Ordering::SeqCst);
    let all = probed(vec![way(Kind::Fresh, &dialer), way(Kind::Reused, &dialer)], 40);

    assert!(reused.iter().chain(&all).all(|record| record.seen == Seen::Answered), "{all:?}");
    let fresh = all.iter().filter(|record| record.lane == 0).count();
    let of_reused = dialled.load(Ordering::SeqCst) - before - fresh;
    assert!(of_reused >= 1 && of_reused < all.len() - fresh, "{of_reused} of {}", all.len() - fresh);
    assert!(all.iter().all(|record| record.backend == all[0].backend && record.backend.is_some()));
}

#[test]
fn every_probe_leaves_though_none_before_it_was_answered() {
    let (silent, endpoint) = listen();
    let dialer = Kubeconfig::trusting(&Ca::new("lab")).dialer(&endpoint);
    let ways = vec![way(Kind::Fresh, &dialer)];
    let within = Duration::from_millis(500);
    let prober = Prober::start(Course { ways, interval: Duration::from_millis(1), within }).unwrap();

    let first = probe_of(prober.next(WITHIN).unwrap());
    let others: Vec<_> = prober.stop().map(probe_of).collect();

    assert_eq!(first.seen, Seen::Failed(Miss::Deadline));
    let left_meanwhile = others.iter().filter(|other| other.start < first.end).count();
    assert!(left_meanwhile > 10, "only {left_meanwhile} left while the first one was out");
    for record in others {
        // Whoever comes once the queue of the listener is full does not even get a connection.
        assert!(matches!(record.seen, Seen::Failed(Miss::Deadline | Miss::ConnectTimeout)), "{record:?}");
        assert!(record.scheduled <= record.start && record.start <= record.end, "{record:?}");
    }
    drop(silent);
}

#[test]
fn a_failure_is_told_by_where_it_happened() {
    let (ca, other) = (Ca::new("lab"), Ca::new("another"));
    let kubeconfig = Kubeconfig::trusting(&ca);
    let identity = ca.sign(&["127.0.0.1"]);
    let says = |words: &'static str| {
        tls_answering(&identity, &Tls::default(), move |stream| {
            let _ = std::io::Read::read(stream, &mut [0; 1024]);
            let _ = stream.write_all(words.as_bytes());
        })
    };
    let closed = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().to_string()
    };
    let (stranger, _) = crate::probe::server::tls(&other.sign(&["127.0.0.1"]), &Tls::default());
    let (elsewhere, _) = crate::probe::server::tls(&ca.sign(&["10.0.0.9"]), &Tls::default());
    let cases = [
        ("no-such-host.invalid:6443".parse().unwrap(), "dns"),
        (closed.parse().unwrap(), "connect-refused"),
        (stranger, "tls"),
        (elsewhere, "tls"),
        (serve(drop), "tls"),
        (says(""), "cut"),
        (says("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), "cut"),
        (says("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"), "http-4xx"),
        (says("HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n"), "http-5xx"),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();

    for (endpoint, class) in cases {
        let dialer = kubeconfig.dialer(&endpoint);
        let asked = runtime.block_on(async {
            let deadline = Instant::now() + WITHIN;
            dialer.dial(deadline).await?.ask("/readyz", deadline).await
        });

        assert_eq!(asked.as_ref().map_err(Miss::class), Err(class), "{endpoint}: {asked:?}");
    }
}

#[test]
fn a_watch_that_is_refused_is_left_out() {
    let ca = Ca::new("lab");
    let (endpoint, _) = http2_server(&ca.sign(&["127.0.0.1"]));
    let ways = vec![way(Kind::Idle, &Kubeconfig::trusting(&ca).dialer(&endpoint))];
    let prober = Prober::start(Course { ways, interval: Duration::from_millis(5), within: WITHIN }).unwrap();

    let told = prober.next(WITHIN);

    let Some(Event::LeftOut(left)) = told else { panic!("{told:?}") };
    assert_eq!((left.lane, left.miss), (0, Miss::Status(401)));
}
