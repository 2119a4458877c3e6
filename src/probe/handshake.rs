//! One handshake with rustls, which shows everything that a server sends before the handshake can fail.

use std::{
    cell::RefCell,
    io::{self, Write as _},
    sync::Arc,
};

use rustls::{ClientConfig, ClientConnection, client::Resumption, crypto::ring, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{
    Presented, Reader, Speech, io_words, not_tls,
    witness::{SHOWN, Shown, Witness},
};
use crate::{
    cert::{self, ServingCert},
    san::San,
};

/// Why there is nothing to show.
pub(super) enum Broken {
    /// The far end hung up before it said anything.
    Closed,
    NotTls(Speech),
    /// Server and rustls do not understand each other; OpenSSL may.
    Refused(String),
    /// It was understood, and it is wrong.
    Unusable(String),
}

pub(super) fn client_config() -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    let witness = Arc::new(Witness::new(provider.clone()));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions")
        .dangerous()
        .with_custom_certificate_verifier(witness.clone())
        .with_client_cert_resolver(witness);
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.check_selected_alpn = false;
    config
}

pub(super) async fn shake_hands(
    config: &Arc<ClientConfig>,
    tcp: &mut TcpStream,
    host: &San,
) -> Result<Presented, Broken> {
    let mut tls = connection(config, host)?;
    met(&mut tls, tcp, Then::TakeLeave).await
}

pub(super) fn connection(config: &Arc<ClientConfig>, host: &San) -> Result<ClientConnection, Broken> {
    let name = server_name(host)?;
    ClientConnection::new(config.clone(), name).map_err(|error| Broken::Unusable(error.to_string()))
}

/// What follows the handshake.
#[derive(Clone, Copy)]
pub(super) enum Then<'q> {
    TakeLeave,
    Ask(&'q str),
}

/// Shakes hands, and sends what follows with the last of it.
pub(super) async fn met(
    tls: &mut ClientConnection,
    tcp: &mut (impl AsyncRead + AsyncWrite + Unpin),
    then: Then<'_>,
) -> Result<Presented, Broken> {
    let (end, shown) = SHOWN
        .scope(RefCell::default(), async {
            let end = converse(tls, tcp, then).await;
            (end, SHOWN.with(RefCell::take))
        })
        .await;
    match end {
        // A TLS 1.2 server that insists on a client certificate breaks off, but only after it has shown its own.
        Err(Broken::Refused(_) | Broken::Closed) if shown.is_proven => {}
        Err(broken) => return Err(broken),
        Ok(()) => {}
    }
    presented(tls, shown)
}

/// An address is never sent as SNI: rustls leaves the extension out for it.
fn server_name(host: &San) -> Result<ServerName<'static>, Broken> {
    match host {
        San::Ip(ip) => Ok(ServerName::IpAddress((*ip).into())),
        San::Dns(name) => ServerName::try_from(name.as_str().to_owned())
            .map_err(|_| Broken::Unusable(format!("`{name}` cannot be sent as a server name"))),
    }
}

/// Writes and reads until the handshake is done, then takes leave or asks.
async fn converse(
    tls: &mut ClientConnection,
    tcp: &mut (impl AsyncRead + AsyncWrite + Unpin),
    then: Then<'_>,
) -> Result<(), Broken> {
    let mut input = vec![0; 4096];
    let mut is_first = true;
    loop {
        if !tls.is_handshaking() {
            match then {
                Then::TakeLeave => tls.send_close_notify(),
                Then::Ask(question) => {
                    let asked = tls.writer().write_all(question.as_bytes());
                    asked.map_err(|error| Broken::Unusable(io_words(&error)))?;
                }
            }
        }
        // A server that has hung up is understood from what it sent before, so reading decides.
        let sent = send(tls, tcp).await;
        if !tls.is_handshaking() {
            return Ok(());
        }
        let count = match tcp.read(&mut input).await {
            Ok(0) if is_first => return Err(Broken::Closed),
            Err(error) if is_first && is_reset(&error) => return Err(Broken::Closed),
            Ok(0) => return Err(Broken::Refused("the server closes the connection".into())),
            Ok(count) => count,
            Err(error) => return Err(Broken::Refused(io_words(&sent.err().unwrap_or(error)))),
        };
        if std::mem::take(&mut is_first)
            && let Some(what) = not_tls::name(&input[..count])
        {
            return Err(Broken::NotTls(what));
        }
        if let Err(error) = receive(tls, &input[..count]) {
            // The alert that tells the server why; whether it arrives changes nothing here.
            let _ = send(tls, tcp).await;
            return Err(judge(error));
        }
    }
}

fn is_reset(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
}

async fn send(tls: &mut ClientConnection, tcp: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let mut output = Vec::with_capacity(512);
    while tls.wants_write() {
        tls.write_tls(&mut output)?;
    }
    tcp.write_all(&output).await
}

fn receive(tls: &mut ClientConnection, mut bytes: &[u8]) -> Result<(), rustls::Error> {
    while !bytes.is_empty() {
        tls.read_tls(&mut bytes).map_err(|error| rustls::Error::General(error.to_string()))?;
        tls.process_new_packets()?;
    }
    Ok(())
}

/// A wrong signature is a server without the key to its certificate: nothing that it shows may count.
fn judge(error: rustls::Error) -> Broken {
    match error {
        rustls::Error::InvalidCertificate(_) => {
            Broken::Unusable("the server does not prove that it holds the key of its certificate".into())
        }
        error => Broken::Refused(error.to_string()),
    }
}

fn presented(tls: &ClientConnection, shown: Shown) -> Result<Presented, Broken> {
    let mut certs = shown
        .certs
        .into_iter()
        .map(ServingCert::from_owned)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Broken::Unusable(format!("cannot read the server's certificate: {error}")))?
        .into_iter();
    let leaf = certs.next().ok_or_else(|| Broken::Unusable("the server shows no certificate".into()))?;
    Ok(Presented {
        leaf,
        chain: certs.collect(),
        version: tls.protocol_version().map_or_else(String::new, version_words),
        cipher: tls.negotiated_cipher_suite().map_or_else(String::new, |suite| cipher_words(suite.suite())),
        alpn: tls.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        client_cas: shown
            .client_cas
            .map(|names| names.iter().filter_map(|name| cert::name_from_der(name)).collect()),
        reader: Reader::Rustls,
    })
}

fn version_words(version: rustls::ProtocolVersion) -> String {
    match version {
        rustls::ProtocolVersion::TLSv1_2 => "TLS 1.2".into(),
        rustls::ProtocolVersion::TLSv1_3 => "TLS 1.3".into(),
        other => format!("{other:?}"),
    }
}

/// The name in the IANA registry; rustls has a prefix of its own for TLS 1.3.
fn cipher_words(suite: rustls::CipherSuite) -> String {
    suite.as_str().unwrap_or("unknown").replacen("TLS13_", "TLS_", 1)
}
