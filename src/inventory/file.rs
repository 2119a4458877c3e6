//! The inventory file.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::{Balancer, Error, flag};
use crate::{
    distro::{DISTROS, hosted::HOSTED},
    endpoint::{Endpoint, ParseEndpointError, Vip},
    node::{ADMIN_SOCKET, Target},
};

const SHAPE: &str = "an inventory has `endpoint: HOST:PORT` and `nodes:`, a list of `host` with any of `name`, `user`, `port`, \
                     `identity`, `jump`, `distribution`, `api`; `balancers:` is a list of `host` with any of `name`, `user`, \
                     `port`, `identity`, `jump`, `socket`, `backend`, `interface`, `priority`; `vip: ADDRESS/PREFIX` \
                     and `vrid:` are those of the balancers";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    endpoint: Option<Spanned<String>>,
    #[serde(default)]
    nodes: Vec<Spanned<Entry>>,
    #[serde(default)]
    balancers: Vec<Spanned<BalancerEntry>>,
    vip: Option<Spanned<String>>,
    vrid: Option<Spanned<u64>>,
}

/// A node; its host stands for its name, or its name for its host.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Option<Spanned<String>>,
    host: Option<Spanned<String>>,
    user: Option<Spanned<String>>,
    port: Option<Spanned<u64>>,
    identity: Option<PathBuf>,
    jump: Option<Spanned<String>>,
    distribution: Option<Spanned<String>>,
    api: Option<Spanned<String>>,
    rehearsed: Option<PathBuf>,
}

/// A load balancer, reached as a node is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BalancerEntry {
    name: Option<Spanned<String>>,
    host: Option<Spanned<String>>,
    user: Option<Spanned<String>>,
    port: Option<Spanned<u64>>,
    identity: Option<PathBuf>,
    jump: Option<Spanned<String>>,
    socket: Option<Spanned<PathBuf>>,
    backend: Option<Spanned<String>>,
    interface: Option<Spanned<String>>,
    priority: Option<Spanned<u64>>,
    rehearsed: Option<PathBuf>,
}

/// What a file holds.
pub(super) struct Read {
    pub endpoint: Option<Endpoint>,
    pub nodes: Vec<Target>,
    pub balancers: Vec<Balancer>,
    pub vip: Option<Vip>,
    pub vrid: Option<u8>,
}

pub(super) fn parse(path: &Path, text: &str) -> Result<Read, Error> {
    let place = Place(path);
    if text.trim().is_empty() {
        return Err(Error::NoNode);
    }
    let read: Text = serde_saphyr::from_str(text).map_err(|error| {
        let at = error.location().unwrap_or(Location::UNKNOWN);
        place.wrong(at, plain(&error), SHAPE)
    })?;
    let endpoint = read.endpoint.map(|text| place.endpoint(&text)).transpose()?;
    let nodes = read
        .nodes
        .into_iter()
        .map(|entry| entry.value.target(entry.referenced, &place))
        .collect::<Result<_, _>>()?;
    let balancers = read
        .balancers
        .into_iter()
        .map(|entry| entry.value.balancer(entry.referenced, &place))
        .collect::<Result<_, _>>()?;
    let vip = read.vip.map(|text| place.vip(&text)).transpose()?;
    let vrid = read.vrid.map(|number| place.octet("VRID", 255, &number)).transpose()?;
    Ok(Read { endpoint, nodes, balancers, vip, vrid })
}

/// The parser's reason on one line, without the place that stands in front of it already.
fn plain(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.lines().next().unwrap_or_default();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    // The hint lists the keys, without those that only rehearsals write.
    let end = text[..end].find(", expected one of ").unwrap_or(end);
    text[..end].trim_end_matches([':', ',']).to_owned()
}

/// The file that errors speak of.
struct Place<'a>(&'a Path);

impl Place<'_> {
    fn wrong(&self, at: Location, reason: impl ToString, hint: impl Into<String>) -> Error {
        Error::Yaml {
            path: self.0.to_owned(),
            line: at.line(),
            column: at.column(),
            reason: reason.to_string(),
            hint: hint.into(),
        }
    }

    fn endpoint(&self, text: &Spanned<String>) -> Result<Endpoint, Error> {
        let wrong = |error: ParseEndpointError| self.wrong(text.referenced, &error, error.hint());
        text.value.parse().map_err(wrong)
    }

    fn port(&self, port: &Spanned<u64>) -> Result<u16, Error> {
        u16::try_from(port.value).ok().filter(|port| *port != 0).ok_or_else(|| {
            self.wrong(port.referenced, format!("{} is no port between 1 and 65535", port.value), SHAPE)
        })
    }

    fn vip(&self, text: &Spanned<String>) -> Result<Vip, Error> {
        text.value.parse().map_err(|error| self.wrong(text.referenced, error, SHAPE))
    }

    fn octet(&self, what: &str, last: u8, number: &Spanned<u64>) -> Result<u8, Error> {
        let fitting = u8::try_from(number.value).ok().filter(|octet| (1..=last).contains(octet));
        fitting.ok_or_else(|| {
            let reason = format!("{} is no {what} between 1 and {last}", number.value);
            self.wrong(number.referenced, reason, SHAPE)
        })
    }

    fn distribution(&self, text: Spanned<String>) -> Result<String, Error> {
        let known: Vec<&str> = DISTROS.iter().map(|distro| distro.name()).collect();
        // What cannot be changed may be named too: its refusal says what changes it.
        let is_hosted = HOSTED.iter().any(|hosted| hosted.name == text.value);
        if is_hosted || known.contains(&text.value.as_str()) {
            return Ok(text.value);
        }
        let reason = format!("cpctl knows no distribution `{}`", text.value);
        Err(self.wrong(
            text.referenced,
            reason,
            format!("write `distribution: {}`, or leave it out", known.join("|")),
        ))
    }

    fn interface(&self, text: Spanned<String>) -> Result<String, Error> {
        let Some(reason) = flag::why_no_interface(&text.value) else { return Ok(text.value) };
        Err(self.wrong(text.referenced, format!("`{}` is no network interface: {reason}", text.value), SHAPE))
    }

    fn word(&self, text: Spanned<String>) -> Result<String, Error> {
        match flag::why_not_a_word(&text.value) {
            Some(reason) => Err(self.wrong(text.referenced, format!("`{}`: {reason}", text.value), SHAPE)),
            None => Ok(text.value),
        }
    }
}

impl Entry {
    fn target(self, at: Location, place: &Place<'_>) -> Result<Target, Error> {
        let name = self.name.map(|text| place.word(text)).transpose()?;
        let host = self.host.map(|text| place.word(text)).transpose()?;
        let (name, host) = match (name, host) {
            (Some(name), Some(host)) => (name, host),
            (Some(one), None) | (None, Some(one)) => (one.clone(), one),
            (None, None) => {
                return Err(place.wrong(at, "a node has neither a host nor a name", SHAPE));
            }
        };
        let port = self.port.map(|port| place.port(&port)).transpose()?;
        Ok(Target {
            name,
            host,
            port,
            user: self.user.map(|text| place.word(text)).transpose()?,
            jump: self.jump.map(|text| place.word(text)).transpose()?,
            api: self.api.map(|text| place.endpoint(&text)).transpose()?.map(|api| api.to_string()),
            identity: self.identity,
            distribution: self.distribution.map(|text| place.distribution(text)).transpose()?,
            rehearsed: self.rehearsed,
        })
    }
}

impl BalancerEntry {
    fn balancer(self, at: Location, place: &Place<'_>) -> Result<Balancer, Error> {
        let Self { name, host, user, port, identity, jump, socket, backend, interface, priority, rehearsed } =
            self;
        let entry =
            Entry { name, host, user, port, identity, jump, rehearsed, distribution: None, api: None };
        let socket = match socket {
            Some(socket) if !socket.value.is_absolute() => {
                let reason = format!("{} is no absolute path", socket.value.display());
                return Err(place.wrong(socket.referenced, reason, SHAPE));
            }
            Some(socket) => socket.value,
            None => ADMIN_SOCKET.into(),
        };
        let backend = backend.map(|text| place.word(text)).transpose()?;
        let interface = interface.map(|text| place.interface(text)).transpose()?;
        // 255 is for a machine whose own address it is, and it would never give the address up.
        let priority = priority.map(|number| place.octet("priority", 254, &number)).transpose()?;
        Ok(Balancer { target: entry.target(at, place)?, socket, backend, interface, priority })
    }
}
