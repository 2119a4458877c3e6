//! What is known of the cluster and of the machines in front of it, as the inventory and the flags say it.

use super::Anonymous;
use crate::endpoint::{Endpoint, Vip};

/// All that a configuration is made from. What is missing is told when a kind asks for it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The file that a hint tells to write into.
    pub inventory: String,
    pub endpoint: Option<Endpoint>,
    pub vip: Option<Vip>,
    pub vrid: Option<u8>,
    pub servers: Vec<Server>,
    pub machines: Vec<Machine>,
    /// In place of what the machines say of themselves.
    pub interface: Option<String>,
    /// In place of what the servers say of themselves.
    pub distribution: Option<String>,
    pub anonymous: Option<Anonymous>,
    pub proxy: Proxy,
    pub gate: Gate,
    /// Where the cluster's CA certificate lies on the machines.
    pub ca_file: Option<String>,
    /// Where a client certificate with its key lies there, for checks that have to say who they are.
    pub check_cert: Option<String>,
}

/// A machine with an API server.
#[derive(Clone, Debug)]
pub struct Server {
    pub name: String,
    /// What ssh connects to.
    pub host: String,
    /// Where its API server answers, where the inventory says so.
    pub api: Option<Endpoint>,
    pub distribution: Option<String>,
}

/// A machine in front of them.
#[derive(Clone, Debug)]
pub struct Machine {
    pub name: String,
    pub host: String,
    pub interface: Option<String>,
    pub priority: Option<u8>,
    /// HAProxy's admin socket.
    pub socket: String,
    /// The backend that cpctl looks for its servers in.
    pub backend: Option<String>,
}

/// What keepalived watches on its machine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proxy {
    Haproxy,
    Nginx,
}

/// Whether a server must present the endpoint's name before it is sent anybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Gate {
    Open,
    Name,
}
