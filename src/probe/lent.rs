//! Visits over connections that somebody else made, such as those through another machine.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::{
    Error, Plain, Visit, Wire, not_started,
    plain::in_clear,
    visit::{answer, greet, without_h2},
};
use crate::{endpoint::Endpoint, san::San};

/// A connection whose owner sees to it that no read and no write takes for ever: each of them is waited for.
struct Lent<S>(S);

impl Wire {
    /// A visit over a connection to `endpoint`, greeted by `name`.
    pub fn visit_over(
        &self,
        stream: impl Read + Write + Unpin,
        endpoint: &Endpoint,
        name: &San,
    ) -> Result<Visit, Error> {
        let runtime = self.runtime().map_err(|error| not_started(endpoint, &error))?;
        let config = Arc::new(without_h2((**self.tls()).clone()));
        runtime.block_on(async {
            let (mut stream, begun) = (Lent(stream), Instant::now());
            let (mut tls, presented) = greet(&mut stream, (endpoint, name), &config).await?;
            let took = begun.elapsed();
            let said = answer(&mut tls, &mut stream).await;
            Ok(Visit { presented, tickets: tls.tls13_tickets_received(), said, took })
        })
    }

    /// Asks for `/readyz` in plain HTTP over a connection to `endpoint`.
    pub fn plain_over(&self, stream: impl Read + Write + Unpin, endpoint: &Endpoint) -> Plain {
        let Ok(runtime) = self.runtime() else { return Plain::Unreached };
        let late = Instant::now() + Duration::from_secs(u64::from(u32::MAX));
        runtime.block_on(in_clear(&mut Lent(stream), endpoint, late))
    }
}

impl<S: Read + Unpin> AsyncRead for Lent<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = self.0.read(into.initialize_unfilled());
        Poll::Ready(read.map(|count| into.advance(count)))
    }
}

impl<S: Write + Unpin> AsyncWrite for Lent<S> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.write(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
