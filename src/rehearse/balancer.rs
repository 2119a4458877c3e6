//! A TCP load balancer: round robin, past a server that refuses and past one that is out of rotation.

use std::{
    collections::BTreeMap,
    io,
    net::{SocketAddr, TcpListener as Listener},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::machine::Machine;

/// Passes each connection on to the next server in turn, for ever; `machine` says which of them are in rotation.
pub(super) async fn run(listener: Listener, servers: Vec<SocketAddr>, machine: Machine) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let rotation = Arc::new(Rotation { machine, sessions: Mutex::default() });
    let mut connections = JoinSet::new();
    for turn in (0..servers.len()).cycle() {
        let Ok((client, _)) = listener.accept().await else { continue };
        let mut in_turn = servers.clone();
        in_turn.rotate_left(turn);
        connections.spawn(pass_on(client, in_turn, rotation.clone()));
        while connections.try_join_next().is_some() {}
    }
    Ok(())
}

async fn pass_on(mut client: TcpStream, servers: Vec<SocketAddr>, rotation: Arc<Rotation>) {
    for server in servers {
        let session = rotation.enter(server);
        if rotation.machine.is_in_rotation(server)
            && let Ok(mut stream) = connect(server).await
        {
            // Held back, the last packet of an answer would wait for an acknowledgement of the one before it.
            let _ = (client.set_nodelay(true), stream.set_nodelay(true));
            // Either side may hang up; that ends the connection and nothing else.
            let _ = copy_bidirectional(&mut client, &mut stream).await;
            return;
        }
        drop(session);
    }
}

/// Who is in rotation, and how many connections each server has.
struct Rotation {
    machine: Machine,
    sessions: Mutex<BTreeMap<SocketAddr, u32>>,
}

struct Session {
    rotation: Arc<Rotation>,
    server: SocketAddr,
}

impl Rotation {
    /// Counts a connection before it is known whether the server is in rotation: whoever takes it out sees it.
    fn enter(self: &Arc<Self>, server: SocketAddr) -> Session {
        self.count(server, |sessions| sessions + 1);
        Session { rotation: self.clone(), server }
    }

    fn count(&self, server: SocketAddr, change: impl FnOnce(u32) -> u32) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let count = sessions.entry(server).or_default();
        *count = change(*count);
        // Where nothing can be noted nobody can be drained either.
        let _ = self.machine.note_sessions(server, *count);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.rotation.count(self.server, |sessions| sessions.saturating_sub(1));
    }
}

#[expect(clippy::disallowed_methods, reason = "the balancer of a rehearsal is on the wire itself")]
async fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(server).await
}
