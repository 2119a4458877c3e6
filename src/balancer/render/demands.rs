//! What is asked of the inventory and the flags, and what is told where it is not there.

use std::collections::BTreeSet;

use super::{Error, Machine, Wanted};
use crate::{
    balancer::distribution::{Distribution, names},
    endpoint::{Endpoint, Vip},
    san::San,
};

impl Wanted {
    pub(super) fn named_endpoint(&self) -> Result<&Endpoint, Error> {
        self.endpoint.as_ref().ok_or_else(|| {
            self.missing(
                "endpoint: the address and port that clients use",
                "endpoint: HOST:PORT",
                "--endpoint HOST:PORT",
            )
        })
    }

    /// The one distribution of all servers.
    pub(super) fn distribution(&self) -> Result<&'static Distribution, Error> {
        let said: BTreeSet<&String> = match &self.distribution {
            Some(flag) => [flag].into(),
            None => self.servers.iter().filter_map(|server| server.distribution.as_ref()).collect(),
        };
        let mut said = said.into_iter();
        match (said.next(), said.next()) {
            (None, _) => {
                Err(Error::NoDistribution { known: names().join("|"), inventory: self.inventory.clone() })
            }
            (Some(one), None) => Distribution::named(one)
                .ok_or_else(|| Error::Unknown { name: one.clone(), known: names().join("|") }),
            (Some(one), Some(other)) => {
                let names = [one, other].into_iter().chain(said).cloned().collect();
                Err(Error::Mixed { names })
            }
        }
    }

    /// The address that clients use: the one that is named, else the endpoint's own.
    pub(super) fn held(&self) -> Result<Vip, Error> {
        if let Some(vip) = self.vip {
            return Ok(vip);
        }
        match self.named_endpoint()?.host {
            San::Ip(address) => Ok(Vip { address, prefix: None }),
            San::Dns(_) => Err(self.missing(
                "vip: the endpoint is a name, and it does not say which address the balancers hold",
                "vip: ADDRESS/PREFIX",
                "--vip ADDRESS/PREFIX",
            )),
        }
    }

    /// The same with the prefix of its network, which CARP needs.
    pub(super) fn held_in_network(&self) -> Result<(Vip, u8), Error> {
        let vip = self.held()?;
        let prefix = vip.prefix.ok_or_else(|| {
            self.missing(
                "prefix of the vip: CARP takes the network's own",
                &format!("vip: {}/PREFIX", vip.address),
                "--vip ADDRESS/PREFIX",
            )
        })?;
        Ok((vip, prefix))
    }

    pub(super) fn group(&self) -> Result<u8, Error> {
        self.vrid.ok_or_else(|| {
            self.missing(
                "vrid: the group's number, which no other VRRP or CARP group on that network has",
                "vrid: 1..255",
                "--vrid NUMBER",
            )
        })
    }

    pub(super) fn backend(&self) -> Result<Option<String>, Error> {
        self.alike("backend", |machine| machine.backend.as_deref())
    }

    pub(super) fn socket(&self) -> Result<Option<String>, Error> {
        self.alike("socket", |machine| Some(machine.socket.as_str()))
    }

    /// A setting that one file has for all machines.
    fn alike<'a>(
        &'a self,
        key: &str,
        of: impl Fn(&'a Machine) -> Option<&'a str>,
    ) -> Result<Option<String>, Error> {
        let Some(first) = self.machines.first() else { return Ok(None) };
        match self.machines.iter().find(|machine| of(machine) != of(first)) {
            Some(other) => Err(Error::unfit(
                format!("{} and {} differ in `{key}:`, and one file is for both", first.name, other.name),
                format!("write the same `{key}:` below each balancer in {}", self.inventory),
            )),
            None => Ok(of(first).map(str::to_owned)),
        }
    }

    pub(super) fn missing(&self, what: &'static str, line: &str, flag: &'static str) -> Error {
        Error::Missing {
            subject: self.inventory.clone(),
            what,
            line: line.to_owned(),
            inventory: self.inventory.clone(),
            flag: Some(flag),
        }
    }
}
