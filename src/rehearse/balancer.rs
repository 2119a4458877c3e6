//! A TCP load balancer: round robin, and past a server that refuses.

use std::{
    io,
    net::{SocketAddr, TcpListener as Listener},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// Passes each connection on to the next server in turn, for ever.
pub(super) async fn run(listener: Listener, servers: Vec<SocketAddr>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let mut connections = JoinSet::new();
    for turn in (0..servers.len()).cycle() {
        let Ok((client, _)) = listener.accept().await else { continue };
        let mut in_turn = servers.clone();
        in_turn.rotate_left(turn);
        connections.spawn(pass_on(client, in_turn));
        while connections.try_join_next().is_some() {}
    }
    Ok(())
}

async fn pass_on(mut client: TcpStream, servers: Vec<SocketAddr>) {
    for server in servers {
        if let Ok(mut stream) = connect(server).await {
            // Either side may hang up; that ends the connection and nothing else.
            let _ = copy_bidirectional(&mut client, &mut stream).await;
            return;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the balancer of a rehearsal is on the wire itself")]
async fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(server).await
}
