//! A connection after the handshake, as HTTP reads and writes it.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
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
    stream: SslStream<TokioIo<TcpStream>>,
    last_words: LastWords,
    /// Why nothing can be written any more, until what was still to be read has been.
    failed: Option<io::Error>,
}

impl Secured {
    pub(super) fn new(stream: SslStream<TokioIo<TcpStream>>, last_words: LastWords) -> Self {
        Self { stream, last_words, failed: None }
    }

    pub(super) fn speaks_http2(&self) -> bool {
        self.stream.ssl().selected_alpn_protocol() == Some(b"h2")
    }

    /// What the server said before it hung up, which who writes has not read; comes back with why writing failed.
    fn poll_why(&mut self, task: &mut Context<'_>) -> Poll<Option<io::Error>> {
        if self.failed.is_some() {
            let mut buffer = [0; 1];
            let mut buffer = ReadBuf::new(&mut buffer);
            if let Err(error) = ready!(Pin::new(&mut self.stream).poll_read(task, buffer.unfilled())) {
                self.last_words.hear_alert(&error);
            }
        }
        Poll::Ready(self.failed.take())
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

impl Read for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(task, buffer);
        if let Poll::Ready(Err(error)) = &read {
            self.last_words.hear(error);
        }
        read
    }
}

impl Write for Secured {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Some(failed) = ready!(self.poll_why(task)) {
            return Poll::Ready(Err(failed));
        }
        match ready!(Pin::new(&mut self.stream).poll_write(task, bytes)) {
            Ok(written) => Poll::Ready(Ok(written)),
            Err(error) => {
                self.failed = Some(error);
                self.poll_why(task).map(|failed| failed.map_or(Ok(0), Err))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
