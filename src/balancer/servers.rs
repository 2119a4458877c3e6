//! The servers of a HAProxy, as its admin socket tells them.

use crate::endpoint::Endpoint;

/// A server of a backend.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server {
    pub backend: String,
    pub name: String,
    address: String,
    port: u16,
    fqdn: String,
    /// Whether somebody took it out: drained, or in maintenance.
    pub is_out: bool,
    /// As HAProxy shows it: `UP`, `DOWN 1/2`, `DRAIN`, `no check` …
    pub status: String,
}

impl Server {
    /// `BACKEND/SERVER`, as HAProxy's own commands take it.
    pub fn path(&self) -> String {
        format!("{}/{}", self.backend, self.name)
    }

    /// Whether HAProxy sends clients there: one that goes up or down says so with a fraction.
    pub fn is_up(&self) -> bool {
        !self.is_out && matches!(self.status.as_str(), "UP" | "no check")
    }

    /// Whether nobody knows if it serves.
    pub fn is_unchecked(&self) -> bool {
        !self.is_out && self.status == "no check"
    }

    pub(super) fn is_at(&self, api: &Endpoint) -> bool {
        let host = api.host.to_string();
        self.port == api.port && (self.address == host || self.fqdn == host)
    }
}

/// Reads `show servers state` and `show stat`, one after the other; lines that tell of no server are passed over.
pub fn read(said: &str) -> Vec<Server> {
    let status = |backend: &str, name: &str| {
        let fields = said.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let mut of_server = fields.filter(|fields| fields.len() > STATUS);
        let found = of_server.find(|fields| (fields[0], fields[1]) == (backend, name));
        found.map(|fields| fields[STATUS].to_owned())
    };
    said.lines()
        .filter_map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            let (backend, name) = (*words.get(1)?, *words.get(3)?);
            let status = status(backend, name)?;
            Some(Server {
                backend: backend.to_owned(),
                name: name.to_owned(),
                address: (*words.get(ADDRESS)?).to_owned(),
                port: words.get(PORT)?.parse().ok()?,
                fqdn: (*words.get(FQDN)?).to_owned(),
                // A weight of nothing keeps clients away as well.
                is_out: words.get(ADMIN_STATE)?.parse::<u32>().ok()? != 0 || status == "DRAIN",
                status,
            })
        })
        .collect()
}

/// The columns of `show servers state`, format 1: <https://docs.haproxy.org/2.6/management.html#9.3-show%20servers%20state>.
const ADDRESS: usize = 4;
const ADMIN_STATE: usize = 6;
const FQDN: usize = 17;
const PORT: usize = 18;
/// The column of `show stat`; no field before it is ever quoted.
const STATUS: usize = 17;
