//! What templates are filled in with: what is wanted, checked and complete.

use std::net::{IpAddr, SocketAddr};

use serde::Serialize;

use super::{Anonymous, Error, Gate, Proxy, Wanted};
use crate::{
    balancer::distribution::{Beside, BesideCheck, Distribution},
    endpoint::Endpoint,
    node::ADMIN_SOCKET,
    san::San,
};

/// The values of every template.
#[derive(Serialize)]
pub(super) struct Values {
    pub endpoint: String,
    pub port: u16,
    pub distribution: &'static str,
    /// The CA certificate: where a control plane has it, and where the machines in front have it.
    pub ca_at: &'static str,
    pub ca_file: String,
    pub check_cert: Option<String>,
    /// The name that a server must present, where one is demanded.
    pub gate: Option<String>,
    pub proxy: &'static str,
    pub socket: String,
    pub is_pair: bool,
    /// The API's own first.
    pub pools: Vec<Pool>,
    /// What checks of the API are answered where all is well.
    pub codes: Vec<u16>,
}

/// The servers behind one port.
#[derive(Clone, Serialize)]
pub(super) struct Pool {
    pub name: &'static str,
    pub backend: String,
    pub purpose: &'static str,
    pub port: u16,
    pub check: Check,
    pub servers: Vec<PoolServer>,
}

/// How it is found out whether a server is well.
#[derive(Clone, Serialize)]
pub(super) struct Check {
    /// What is asked for with GET; nothing where a handshake is enough.
    pub path: Option<&'static str>,
    /// What HAProxy is to expect.
    pub expect: Option<String>,
    /// The status, where it is one alone.
    pub status: Option<u16>,
}

#[derive(Clone, Serialize)]
pub(super) struct PoolServer {
    pub name: String,
    pub address: IpAddr,
    pub port: u16,
    /// Both, with brackets where the address has colons.
    pub at: String,
}

impl Values {
    pub(super) fn of(wanted: &Wanted) -> Result<Self, Error> {
        let endpoint = wanted.named_endpoint()?;
        let distribution = wanted.distribution()?;
        let anonymous = match &wanted.check_cert {
            Some(_) => Anonymous::Allowed,
            None => wanted.anonymous.unwrap_or(distribution.anonymous),
        };
        let servers = servers(wanted, distribution)?;
        let mut pools = vec![Pool {
            name: "kube_api",
            backend: wanted.backend()?.unwrap_or_else(|| "kube_api_nodes".into()),
            purpose: "the API",
            port: endpoint.port,
            check: readiness(anonymous),
            servers: servers.clone(),
        }];
        pools.extend(distribution.beside.iter().map(|beside| beside_of(beside, &servers)));
        Ok(Self {
            endpoint: endpoint.to_string(),
            port: endpoint.port,
            distribution: distribution.name,
            ca_at: distribution.ca,
            ca_file: wanted.ca_file.clone().unwrap_or_else(|| ca_file(wanted.proxy).into()),
            check_cert: wanted.check_cert.clone(),
            gate: gate(wanted, endpoint)?,
            proxy: match wanted.proxy {
                Proxy::Haproxy => "haproxy",
                Proxy::Nginx => "nginx",
            },
            socket: wanted.socket()?.unwrap_or_else(|| ADMIN_SOCKET.into()),
            is_pair: wanted.machines.len() > 1,
            pools,
            codes: anonymous.codes().to_vec(),
        })
    }
}

/// Where the cluster's CA certificate lies on a machine in front, where nobody says.
fn ca_file(proxy: Proxy) -> &'static str {
    match proxy {
        Proxy::Haproxy => "/etc/haproxy/kubernetes-ca.crt",
        Proxy::Nginx => "/etc/nginx/kubernetes-ca.crt",
    }
}

fn readiness(anonymous: Anonymous) -> Check {
    let (expect, status) = match anonymous.codes() {
        [one] => (format!("status {one}"), Some(*one)),
        _ => ("rstatus ^(200|401)$".into(), None),
    };
    Check { path: Some("/readyz"), expect: Some(expect), status }
}

fn beside_of(beside: &Beside, servers: &[PoolServer]) -> Pool {
    let check = match beside.check {
        BesideCheck::Ping => {
            Check { path: Some("/ping"), expect: Some("string pong".into()), status: Some(200) }
        }
        BesideCheck::Handshake => Check { path: None, expect: None, status: None },
    };
    let moved = |server: &PoolServer| pool_server(&server.name, server.address, beside.port);
    Pool {
        name: beside.name,
        backend: format!("{}_nodes", beside.name),
        purpose: beside.purpose,
        port: beside.port,
        check,
        servers: servers.iter().map(moved).collect(),
    }
}

fn pool_server(name: &str, address: IpAddr, port: u16) -> PoolServer {
    PoolServer { name: name.to_owned(), address, port, at: SocketAddr::new(address, port).to_string() }
}

fn servers(wanted: &Wanted, distribution: &Distribution) -> Result<Vec<PoolServer>, Error> {
    let of_one = |server: &super::Server| {
        let (host, port) = match &server.api {
            Some(api) => (api.host.to_string(), api.port),
            None => (server.host.clone(), distribution.port),
        };
        let address = host.parse().map_err(|_| Error::Missing {
            subject: server.name.clone(),
            what: "address: a name may lead elsewhere later, or nowhere while a balancer starts",
            line: format!("api: ADDRESS:{port}"),
            inventory: wanted.inventory.clone(),
            flag: None,
        })?;
        if !server.name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b)) {
            let message = format!("{}: a balancer takes no such name for a server", server.name);
            return Err(Error::unfit(message, "give it a `name:` of letters, digits, `-`, `_` and `.`"));
        }
        Ok(pool_server(&server.name, address, port))
    };
    let servers: Vec<_> = wanted.servers.iter().map(of_one).collect::<Result<_, _>>()?;
    for (index, server) in servers.iter().enumerate() {
        if let Some(twin) = servers[..index].iter().find(|other| other.at == server.at) {
            let message = format!("{} and {} are both at {}", twin.name, server.name, server.at);
            return Err(Error::unfit(message, "name each API server once"));
        }
    }
    Ok(servers)
}

/// The name that servers must present; only DNS names are compared.
fn gate(wanted: &Wanted, endpoint: &Endpoint) -> Result<Option<String>, Error> {
    match (wanted.gate, &endpoint.host) {
        (Gate::Open, _) => Ok(None),
        (Gate::Name, San::Dns(name)) => Ok(Some(name.to_string())),
        (Gate::Name, San::Ip(address)) => Err(Error::unfit(
            format!("HAProxy compares names alone, and with the address {address} no server would be up"),
            "leave `--gate` out, or give the endpoint a name",
        )),
    }
}
