//! A connection after the handshake, as HTTP reads and writes it.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use hyper_openssl::SslStream;
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use openssl::x509::X509;
use tokio::net::TcpStream;

use super::said::LastWords;

/// A connection whose server has been recognised.
pub(super) struct Secured {
    pub stream: SslStream<TokioIo<TcpStream>>,
    pub last_words: LastWords,
}

impl Secured {
    pub(super) fn speaks_http2(&self) -> bool {
        self.stream.ssl().selected_alpn_protocol() == Some(b"h2")
    }

    /// The certificate that the server presented.
    pub(super) fn leaf(&self) -> Option<X509> {
        self.stream.ssl().peer_certificate()
    }
}

impl Connection for Secured {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl hyper::rt::Read for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(task, buffer);
        if let Poll::Ready(Err(error)) = &read {
            self.last_words.hear(error);
        }
        read
    }
}

impl hyper::rt::Write for Secured {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
