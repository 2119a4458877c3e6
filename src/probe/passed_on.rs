//! What a server says over a connection that somebody else made: its certificate judged first, then one question.

use std::io::{self, Read, Write};

use jiff::Timestamp;
use openssl::ssl::{
    HandshakeError, Ssl, SslContext, SslMethod, SslSessionCacheMode, SslStream, SslVerifyMode,
};

use super::{Trust, Verdict, io_words, openssl_handshake::presented, refusal, tls_words};
use crate::{endpoint::Endpoint, san::San};

/// More than this no server has to say to a question that needs no login.
pub(super) const MOST: u64 = 64 << 10;

/// The answer to a question without a login.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    pub status: u16,
    pub body: String,
}

/// Why there is no answer that could be believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unheard {
    /// The server is not taken for what it says it is; the words are those of Go's clients.
    Refused {
        verdict: Verdict,
        words: String,
    },
    Broken(String),
}

/// Shakes hands with `endpoint` over a connection to it, judges what it presents by the name that is looked for, and asks
/// for a path.
pub fn ask(
    stream: &mut (impl Read + Write + ?Sized),
    (endpoint, name): (&Endpoint, &San),
    trust: &Trust,
    path: &str,
    now: Timestamp,
) -> Result<Said, Unheard> {
    let mut stream = shake_hands(stream, &endpoint.host)?;
    let shown = presented(stream.ssl()).and_then(Result::ok);
    let shown = shown.ok_or_else(|| Unheard::Broken("the server shows no certificate".into()))?;
    let verdict = trust.judge(&shown, name, now);
    if let Some(words) = refusal(&shown, &verdict, name, now) {
        return Err(Unheard::Refused { verdict, words });
    }
    let question =
        format!("GET {path} HTTP/1.1\r\nHost: {endpoint}\r\nUser-Agent: cpctl\r\nConnection: close\r\n\r\n");
    converse(&mut stream, &question).map_err(|error| Unheard::Broken(io_words(&error)))
}

/// Nothing is trusted yet: what is shown is judged by the caller's clock before anything is said.
fn shake_hands<S: Read + Write>(stream: S, host: &San) -> Result<SslStream<S>, Unheard> {
    let broken = |error: openssl::error::ErrorStack| Unheard::Broken(error.to_string());
    let mut context = SslContext::builder(SslMethod::tls_client()).map_err(broken)?;
    context.set_verify(SslVerifyMode::NONE);
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    context.set_alpn_protos(b"\x08http/1.1").map_err(broken)?;
    let mut ssl = Ssl::new(&context.build()).map_err(broken)?;
    if let San::Dns(name) = host {
        ssl.set_hostname(name.as_str()).map_err(broken)?;
    }
    ssl.connect(stream).map_err(|error| match error {
        HandshakeError::SetupFailure(error) => broken(error),
        HandshakeError::Failure(failed) | HandshakeError::WouldBlock(failed) => {
            Unheard::Broken(tls_words(failed.error()))
        }
    })
}

fn converse(stream: &mut (impl Read + Write), question: &str) -> io::Result<Said> {
    stream.write_all(question.as_bytes())?;
    let mut answer = vec![];
    match stream.take(MOST).read_to_end(&mut answer) {
        // Whoever hangs up without taking leave has said what there is to say.
        Err(error) if answer.is_empty() => return Err(error),
        _ => {}
    }
    said(&String::from_utf8_lossy(&answer)).ok_or_else(|| io::Error::other("it does not answer in HTTP"))
}

pub(super) fn said(answer: &str) -> Option<Said> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    Some(Said { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_status_and_what_follows_the_head() {
        for (answer, status, body) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong", 200, "pong"),
            ("HTTP/1.0 401 Unauthorized\r\n\r\n", 401, ""),
            ("HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\n{}\r\n\r\n", 403, "{}\r\n\r\n"),
        ] {
            assert_eq!(said(answer), Some(Said { status, body: body.into() }), "{answer}");
        }
    }

    #[test]
    fn what_is_no_answer_is_told_as_none() {
        for answer in
            ["", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 20", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 200 OK"]
        {
            assert_eq!(said(answer), None, "{answer}");
        }
    }
}
