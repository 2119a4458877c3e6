//! One handshake with OpenSSL, for servers that rustls cannot talk to.

use std::pin::Pin;

use openssl::{
    error::ErrorStack,
    ssl::{Ssl, SslContext, SslMethod, SslOptions, SslRef, SslSessionCacheMode, SslVerifyMode, SslVersion},
};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tokio_openssl::SslStream;

use super::{Presented, Reader, is_alert, tls_words};
use crate::{cert::ServingCert, san::San};

pub(super) struct Refused(pub String);

/// Everything that OpenSSL still knows, however weak: this only looks, and what it sees is judged afterwards.
pub(super) fn context() -> Result<SslContext, ErrorStack> {
    let mut context = SslContext::builder(SslMethod::tls_client())?;
    context.set_verify(SslVerifyMode::NONE);
    context.set_security_level(0);
    context.set_cipher_list("ALL:@SECLEVEL=0")?;
    context.set_min_proto_version(Some(SslVersion::TLS1))?;
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    context.set_options(SslOptions::NO_TICKET);
    context.set_alpn_protos(b"\x02h2\x08http/1.1")?;
    Ok(context.build())
}

pub(super) async fn shake_hands(
    context: &SslContext,
    tcp: TcpStream,
    host: &San,
) -> Result<Presented, Refused> {
    let mut stream = open(context, tcp, host).map_err(|error| Refused(error.to_string()))?;
    let end = Pin::new(&mut stream).connect().await;
    match (presented(stream.ssl()), end) {
        (Some(presented), Ok(())) => {
            // A server that is left without a word logs an error.
            let _ = stream.shutdown().await;
            presented
        }
        // The certificate was shown before the server broke off: it wanted one of ours.
        (Some(presented), Err(error)) if is_alert(&error) => presented,
        (_, Err(error)) => Err(Refused(tls_words(&error))),
        (None, Ok(())) => Err(Refused("the server shows no certificate".into())),
    }
}

fn open(context: &SslContext, tcp: TcpStream, host: &San) -> Result<SslStream<TcpStream>, ErrorStack> {
    let mut ssl = Ssl::new(context)?;
    if let San::Dns(name) = host {
        ssl.set_hostname(name.as_str())?;
    }
    SslStream::new(ssl, tcp)
}

pub(super) fn presented(ssl: &SslRef) -> Option<Result<Presented, Refused>> {
    let chain = ssl.peer_cert_chain()?;
    let certs: Result<Vec<_>, _> = chain
        .iter()
        .map(|cert| cert.to_der().map_err(|error| error.to_string()))
        .map(|der| der.and_then(|der| ServingCert::from_owned(der).map_err(|error| error.to_string())))
        .collect();
    let mut certs = match certs {
        Ok(certs) => certs.into_iter(),
        Err(reason) => return Some(Err(Refused(format!("cannot read the server's certificate: {reason}")))),
    };
    Some(Ok(Presented {
        leaf: certs.next()?,
        chain: certs.collect(),
        version: version_words(ssl.version_str()),
        cipher: ssl
            .current_cipher()
            .map_or_else(String::new, |cipher| cipher.standard_name().unwrap_or(cipher.name()).to_owned()),
        alpn: ssl.selected_alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        client_cas: None,
        reader: Reader::OpenSsl,
    }))
}

/// `TLSv1` as `TLS 1.0`, `TLSv1.1` as `TLS 1.1`.
fn version_words(version: &str) -> String {
    match version {
        "TLSv1" => "TLS 1.0".into(),
        other => other.replacen("TLSv", "TLS ", 1),
    }
}
