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
    /// Why nothing can be written any more, while there may be more to read.
    failed: Option<io::Error>,
}

impl Secured {
    pub(super) fn new(stream: SslStream<TokioIo<TcpStream>>, last_words: LastWords) -> Self {
        Self { stream, last_words, failed: None }
    }

    pub(super) fn speaks_http2(&self) -> bool {
        self.stream.ssl().selected_alpn_protocol() == Some(b"h2")
    }

    /// Reads what is left of a connection that cannot be written to, up to the alert that says why, and comes back with
    /// why it could not. Nobody reads the rest: who sends a request ends with the failure.
    fn poll_why(&mut self, task: &mut Context<'_>, failed: io::Error) -> Poll<io::Error> {
        let mut bytes = [0; 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(task, buffer.unfilled()) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(read) => {
                    let _ = read.inspect_err(|error| self.last_words.hear_alert(error));
                    return Poll::Ready(failed);
                }
                Poll::Pending => {
                    self.failed = Some(failed);
                    return Poll::Pending;
                }
            }
        }
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
        let failed = match self.failed.take() {
            Some(failed) => failed,
            None => match ready!(Pin::new(&mut self.stream).poll_write(task, bytes)) {
                Ok(written) => return Poll::Ready(Ok(written)),
                Err(failed) => failed,
            },
        };
        self.poll_why(task, failed).map(Err)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
