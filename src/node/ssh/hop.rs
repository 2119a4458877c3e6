//! Connecting: from host to host as the configuration leads, each host's key checked before anything is said to it.

use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use ssh2::{MethodType, Session};

use super::{
    CONNECT_WITHIN, Error, SshOptions, auth,
    config::Asked,
    exec::{Connection, Silence},
    host::Host,
    host_key, jump,
    prompt::Prompt,
    stream::{Stream, milliseconds},
};

/// Hosts that lead to hosts that lead to hosts: a configuration that goes on longer goes round in a circle.
const HOPS: usize = 8;

/// Connects to a host and logs in, through as many hosts in between as its configuration says.
pub(super) fn reach(
    node: &str,
    host: &Host,
    options: &SshOptions,
    within: Duration,
    prompt: &dyn Prompt,
) -> Result<Connection, Error> {
    let mut stream = None;
    let route = route(node, host, options, 0)?;
    if let Some(first) = route.first().filter(|first| first.has_proxy_command) {
        let what = "its ssh configuration has a ProxyCommand, which only `--ssh system` can use";
        return Err(unreachable(node, first, io::Error::new(io::ErrorKind::InvalidInput, what)));
    }
    for (position, hop) in route.iter().enumerate() {
        let through = match stream.take() {
            Some(stream) => stream,
            None => Stream::Tcp(dial(node, hop, within)?),
        };
        let (session, socket) = log_in(node, hop, through, within, prompt)?;
        let Some(next) = route.get(position + 1) else {
            let silence = options.silence.unwrap_or(within.max(CONNECT_WITHIN));
            session.set_timeout(milliseconds(silence));
            return Ok(Connection::new(node, session, socket, Silence::after(silence)));
        };
        let pair = jump::forward(session, socket, &next.host_name, next.port)
            .map_err(|source| unreachable(node, next, source))?;
        stream = Some(Stream::Pair(pair));
    }
    Err(unreachable(node, host, io::ErrorKind::HostUnreachable.into()))
}

/// The hosts to log in to, in order, the last being the host itself.
pub(super) fn route(node: &str, host: &Host, options: &SshOptions, depth: usize) -> Result<Vec<Host>, Error> {
    if depth > HOPS {
        let circle = io::Error::new(io::ErrorKind::InvalidInput, "its ProxyJump leads in a circle");
        return Err(unreachable(node, host, circle));
    }
    let mut route = vec![];
    let specs: Vec<&str> = host.jump.iter().flat_map(|jump| jump.split(',')).collect();
    for (position, spec) in specs.iter().enumerate() {
        let before = (position > 0).then(|| specs[..position].join(","));
        let jump = Asked { jump: before, ..asked(spec, options) }.explain()?;
        if position == 0 && jump.jump.is_some() {
            route = self::route(node, &jump, options, depth + 1)?;
            continue;
        }
        route.push(jump);
    }
    route.push(host.clone());
    Ok(route)
}

/// One host of a `-J` list: `[user@]host[:port]`, or the same as a URL. `-l`, `-p` and `-i` are not meant for it.
fn asked(spec: &str, options: &SshOptions) -> Asked {
    let spec = spec.trim();
    let spec = spec.strip_prefix("ssh://").unwrap_or(spec).trim_end_matches('/');
    let (user, rest) = match spec.rsplit_once('@') {
        Some((user, rest)) => (Some(user.to_owned()), rest),
        None => (None, spec),
    };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()),
        _ => (rest, None),
    };
    let host = host.trim_matches(['[', ']']).to_owned();
    Asked { host, user, port, identity: None, jump: None, config: options.config.clone() }
}

fn dial(node: &str, host: &Host, within: Duration) -> Result<TcpStream, Error> {
    let failed = |source| unreachable(node, host, in_words(source, within));
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (host.host_name.as_str(), host.port).to_socket_addrs().map_err(failed)? {
        match TcpStream::connect_timeout(&address, within) {
            Ok(stream) => {
                stream.set_nodelay(true).map_err(failed)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(failed(last))
}

fn log_in(
    node: &str,
    host: &Host,
    stream: Stream,
    within: Duration,
    prompt: &dyn Prompt,
) -> Result<(Session, Stream), Error> {
    let failed = |error: ssh2::Error| unreachable(node, host, in_words(error.into(), within));
    let files = |source| unreachable(node, host, source);
    let known = host_key::on_file(host).map_err(files)?;
    let socket = stream.try_clone().map_err(files)?;
    let mut session = Session::new().map_err(failed)?;
    match stream {
        Stream::Tcp(stream) => session.set_tcp_stream(stream),
        Stream::Pair(stream) => session.set_tcp_stream(stream),
    }
    session.set_timeout(milliseconds(within));
    session.method_pref(MethodType::HostKey, &host_key::algorithms(&known.key_types())).map_err(failed)?;
    session.handshake().map_err(failed)?;
    let (key, _) = session.host_key().ok_or_else(|| files(io::ErrorKind::InvalidData.into()))?;
    host_key::trust(node, host, &known, key)?;
    auth::log_in(node, host, &session, prompt)?;
    Ok((session, socket))
}

fn in_words(error: io::Error, within: Duration) -> io::Error {
    match error.kind() {
        io::ErrorKind::TimedOut => {
            io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} s", within.as_secs_f64()))
        }
        _ => error,
    }
}

fn unreachable(node: &str, host: &Host, source: io::Error) -> Error {
    let at = format!("{}:{}", host.host_name, host.port);
    Error::Connect { node: node.to_owned(), typed: Some(host.typed.clone()), at, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_to_go_through_is_read_in_every_spelling_of_ssh() {
        let read = |spec| {
            let asked = asked(spec, &SshOptions::default());
            (asked.user.unwrap_or_default(), asked.host, asked.port.unwrap_or(0))
        };

        assert_eq!(read("bastion"), ("".into(), "bastion".into(), 0));
        assert_eq!(read("me@bastion:2222"), ("me".into(), "bastion".into(), 2222));
        assert_eq!(read("[fd00::1]:2222"), ("".into(), "fd00::1".into(), 2222));
        assert_eq!(read("fd00::1"), ("".into(), "fd00::1".into(), 0));
        assert_eq!(read("ssh://me@bastion:23/"), ("me".into(), "bastion".into(), 23));
    }
}
