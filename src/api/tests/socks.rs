//! A kubeconfig whose proxy speaks SOCKS.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    sync::{Arc, Mutex},
};

use super::{
    calls::pass,
    cluster::{cluster, plain, wire},
    *,
};
use crate::probe::server::serve;

#[test]
fn a_socks_proxy_is_told_the_name_and_dialled_instead() {
    let cluster = cluster(&["api.example.internal"], plain);
    let target = cluster.endpoint.clone();
    let asked = Arc::new(Mutex::new(None));
    let note = asked.clone();
    #[expect(clippy::disallowed_methods, reason = "the test's own proxy")]
    let proxy = serve(move |mut front| {
        *note.lock().unwrap() = greet_socks(&mut front).ok();
        pass(front, TcpStream::connect(target.to_string()).unwrap());
    });
    let endpoint: Endpoint = "api.example.internal:6443".parse().unwrap();
    for scheme in ["socks5", "socks5h"] {
        let line = format!("    proxy-url: {scheme}://me:p%40ss@{proxy}\n");
        let access = cluster.access_with(&cluster.ca_line(), &line, &cluster.client_lines());

        let api = Api::new(&wire(), &access, Some(&endpoint), VerifyAs::Host).unwrap();

        assert_eq!(api.version().unwrap(), "v1.34.4");
        let asked = asked.lock().unwrap().take();
        assert_eq!(asked, Some(("me:p@ss".into(), "api.example.internal:6443".into())), "{scheme}");
    }
}

#[test]
fn a_proxy_that_is_down_is_named_in_place_of_the_server_behind_it() {
    let cluster = cluster(&["api.example.internal"], plain);
    let endpoint: Endpoint = "api.example.internal:6443".parse().unwrap();
    for scheme in ["http", "socks5"] {
        let line = format!("    proxy-url: {scheme}://me:secret@127.0.0.1:1\n");
        let access = cluster.access_with(&cluster.ca_line(), &line, &cluster.client_lines());

        let error =
            Api::new(&wire(), &access, Some(&endpoint), VerifyAs::Host).unwrap().version().unwrap_err();

        assert_eq!(
            error.to_string(),
            "api.example.internal:6443: cannot connect to the proxy 127.0.0.1:1: connection refused"
        );
        assert!(error.hint().unwrap().contains("`nc -vz 127.0.0.1 1`"), "{scheme}");
    }
}

/// Takes the login and the destination of one connection (RFC 1928, RFC 1929), and says that it stands.
fn greet_socks(front: &mut TcpStream) -> io::Result<(String, String)> {
    let methods = piece(front, 2)?[1];
    assert!(piece(front, methods)?.contains(&2), "a login is offered");
    front.write_all(&[5, 2])?;
    let user = piece(front, 2)?[1];
    let user = text(piece(front, user)?);
    let password = piece(front, 1)?[0];
    let password = text(piece(front, password)?);
    front.write_all(&[1, 0])?;
    let asked = piece(front, 5)?;
    assert_eq!(asked[..4], [5, 1, 0, 3], "a name is asked for, and the proxy resolves it");
    let name = text(piece(front, asked[4])?);
    let port = piece(front, 2)?;
    front.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok((format!("{user}:{password}"), format!("{name}:{}", u16::from_be_bytes([port[0], port[1]]))))
}

fn piece(front: &mut TcpStream, size: u8) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size.into()];
    front.read_exact(&mut bytes).map(|()| bytes)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}
