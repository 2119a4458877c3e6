//! A machine's API server: real TLS, a certificate that follows the disk, and a life that follows its unit.

use std::{
    convert::Infallible,
    future::poll_fn,
    io,
    net::{SocketAddr, TcpListener as Listener},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use hyper::{
    Request,
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep},
};
use tokio_rustls::TlsAcceptor;

use super::{
    answers::{self, Known, Readiness},
    fault::Fault,
    keys::{Clients, Pair},
    layout::K3S,
    machine::Machine,
    ports::Door,
    said::Said,
};
use crate::node::UnitSeen;

/// How often the server looks at its unit and its files. The real one follows a rename within 14 to 135 ms.
const LOOK: Duration = Duration::from_millis(50);
/// How long a server that restarts refuses connections; the real one takes over a second.
const REFUSES: Duration = Duration::from_millis(300);
/// How long it then says that it is not ready.
const STARTS: Duration = Duration::from_millis(200);

/// One machine's server, through all its restarts.
pub(super) struct Server {
    pub machine: Machine,
    pub address: SocketAddr,
    pub known: Arc<Known>,
    pub door: Door,
}

/// One life of a server, from its start to the end of its process.
struct Life {
    main_pid: u32,
    clients: Clients,
    pair: Pair,
    config: Arc<ServerConfig>,
    ready_at: Instant,
}

impl Server {
    /// Serves for ever. The first life is what is on the disk at this call; it takes the listener that is there, and is
    /// ready at once.
    pub fn run(self, listener: Listener) -> io::Result<impl Future<Output = ()>> {
        let life = self.start(Duration::ZERO)?;
        Ok(async move {
            if let Ok(listener) = TcpListener::from_std(listener) {
                self.live(life, listener).await;
            }
            self.restart_for_ever().await;
        })
    }

    async fn restart_for_ever(&self) {
        sleep(REFUSES).await;
        loop {
            if let Ok(life) = self.start(STARTS)
                && let Ok(listener) = TcpListener::bind(self.address).await
            {
                self.live(life, listener).await;
                sleep(REFUSES).await;
            }
            sleep(LOOK).await;
        }
    }

    /// A life from what is on the disk now; an error while the unit is stopped or there is no pair to serve.
    fn start(&self, starts: Duration) -> io::Result<Life> {
        let main_pid = self.main_pid().ok_or(io::ErrorKind::NotConnected)?;
        let clients = Clients::of(&self.machine)?;
        let pair = Pair::on_disk(&self.machine, self.door)?;
        let config = pair.serve(&clients).map_err(io::Error::other)?;
        Ok(Life { main_pid, clients, pair, config, ready_at: Instant::now() + starts })
    }

    fn main_pid(&self) -> Option<u32> {
        match self.machine.unit(self.machine.layout().unit) {
            UnitSeen::Active { main_pid } if !self.machine.has(Fault::Dead) => Some(main_pid),
            _ => None,
        }
    }

    /// Answers until the process is another one. Its connections end with it.
    async fn live(&self, mut life: Life, listener: TcpListener) {
        let mut connections = JoinSet::new();
        let (mut looks, mut is_told) = (interval(LOOK), false);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = looks.tick() => {
                    if self.main_pid() != Some(life.main_pid) {
                        if self.door == Door::Api {
                            // A machine that is gone from the disk has nobody to tell.
                            let _ = self.machine.tell_silent();
                        }
                        return;
                    }
                    self.follow_disk(&mut life);
                    is_told = is_told || (Instant::now() >= life.ready_at && self.tell_ready(&life));
                    while connections.try_join_next().is_some() {}
                }
                Ok((stream, _)) = listener.accept() => {
                    connections.spawn(self.connection(&life, stream));
                }
            }
        }
    }

    /// Only the API server is waited for.
    fn tell_ready(&self, life: &Life) -> bool {
        self.door == Door::Joining || self.machine.tell_ready(life.main_pid).is_ok()
    }

    /// Serves what is on the disk, as soon as its two halves belong together.
    fn follow_disk(&self, life: &mut Life) {
        if self.machine.has(Fault::NoHotReload) {
            return;
        }
        let Ok(pair) = Pair::on_disk(&self.machine, self.door) else { return };
        if pair == life.pair {
            return;
        }
        if let Ok(config) = pair.serve(&life.clients) {
            (life.pair, life.config) = (pair, config);
        }
    }

    fn connection(&self, life: &Life, stream: TcpStream) -> impl Future<Output = ()> + Send + 'static {
        let acceptor = TlsAcceptor::from(life.config.clone());
        let (known, clients, clock) = (self.known.clone(), life.clients.clone(), self.machine.clock());
        let (machine, ready_at, layout) = (self.machine.clone(), life.ready_at, self.machine.layout());
        let supervises = layout.unit == K3S.unit;
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let user = clients.user(stream.get_ref().1.peer_certificates().unwrap_or_default(), clock);
            let (known, user) = (&known, &user);
            let answer = service_fn(async |request: Request<Incoming>| {
                let is_ready = Instant::now() >= ready_at && !machine.has(Fault::NotReady);
                let state = if is_ready { Readiness::Ready } else { Readiness::Starting };
                let (head, body) = request.into_parts();
                let body = text(body).await;
                if supervises && head.uri.path() == "/ping" {
                    return Ok(answers::pong().map(Said::from));
                }
                let nobody = layout.tells_anybody.then(|| answers::nobody(head.uri.path())).flatten();
                let user = user.as_ref().or(nobody.as_ref());
                let response = known.answer((&head.method, head.uri.path(), &body), user, state);
                let is_watch = head.uri.query().is_some_and(|query| query.contains("watch=true"));
                let goes_on = is_watch && response.status().is_success();
                Ok::<_, Infallible>(response.map(|text| if goes_on { Said::Nothing } else { text.into() }))
            });
            // A client that goes away in the middle is its own affair.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        }
    }
}

/// The whole body of a request; nothing where it is no text.
async fn text(mut body: Incoming) -> String {
    let mut bytes = vec![];
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        bytes.extend(frame.into_data().unwrap_or_default());
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearse::{
        KUBELITE,
        tests::{Alone, function},
    };

    fn server(alone: &Alone) -> Server {
        let known = Arc::new(Known { nodes: vec![], servers: vec![], register: None, annotations: None });
        let address = ([127, 0, 0, 1], 0).into();
        Server { machine: alone.machine.clone(), address, known, door: Door::Api }
    }

    #[test]
    fn the_disk_is_followed_unless_hot_reload_is_off() {
        let alone = Alone::joined();
        let server = server(&alone);
        let mut life = server.start(Duration::ZERO).unwrap();
        let first = life.config.clone();
        alone.act(function("gen_server_cert")).unwrap();

        alone.machine.set(Fault::NoHotReload).unwrap();
        server.follow_disk(&mut life);
        assert!(Arc::ptr_eq(&life.config, &first));

        alone.machine.clear(Fault::NoHotReload).unwrap();
        server.follow_disk(&mut life);
        assert!(!Arc::ptr_eq(&life.config, &first));
    }

    #[test]
    fn a_pair_that_does_not_belong_together_is_not_served() {
        let alone = Alone::joined();
        let server = server(&alone);
        let mut life = server.start(Duration::ZERO).unwrap();
        let first = life.config.clone();

        alone.renew_key();
        server.follow_disk(&mut life);

        assert!(Arc::ptr_eq(&life.config, &first));
        assert!(server.start(Duration::ZERO).is_err());
        alone.act(function("gen_server_cert")).unwrap();
        server.follow_disk(&mut life);
        assert!(!Arc::ptr_eq(&life.config, &first));
    }

    #[test]
    fn a_server_whose_unit_is_stopped_does_not_start() {
        let alone = Alone::joined();
        alone.machine.stop_unit(KUBELITE).unwrap();

        assert!(server(&alone).start(Duration::ZERO).is_err());
    }
}
