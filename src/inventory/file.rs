//! The inventory file.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::{Error, flag};
use crate::{
    distro::{DISTROS, hosted::HOSTED},
    endpoint::{Endpoint, ParseEndpointError},
    node::Target,
};

const SHAPE: &str = "an inventory has `endpoint: HOST:PORT` and `nodes:`, a list of `host` with any of `name`, `user`, `port`, \
                     `identity`, `jump`, `distribution`, `api`";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    endpoint: Option<Spanned<String>>,
    #[serde(default)]
    nodes: Vec<Spanned<Entry>>,
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

pub(super) fn parse(path: &Path, text: &str) -> Result<(Option<Endpoint>, Vec<Target>), Error> {
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
    Ok((endpoint, nodes))
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
