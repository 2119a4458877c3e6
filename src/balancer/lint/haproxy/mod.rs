//! HAProxy, and the firewalls that write its configuration.

mod api;
mod check;
mod parse;
mod proxy;
mod rules;
mod server;
#[cfg(test)]
mod tests;
mod unjudged;
mod value;
mod words;

use self::{
    api::{Api, Seen},
    rules::{FILE_RULES, POOL_RULES},
    server::Server,
};
use super::{Bound, Facts, Files, Listen, Part, Pool, PoolServer, Serves, Source};
use crate::report::{Code, Finding};

pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        let config = parse::parse(&source.text);
        let seen = Seen::of(&config, source, files.all, facts);
        part.findings.extend(findings(source, &seen));
        part.pools.extend(seen.apis.iter().map(|api| pool(source, api)));
    }
    part
}

/// How soon each pool of API servers loses one that is dead.
pub(super) fn bounds(source: &Source, files: &[Source], facts: &Facts<'_>) -> Vec<Bound> {
    let config = parse::parse(&source.text);
    let seen = Seen::of(&config, source, files, facts);
    let apis = seen.judged().filter(|api| api.serves == Serves::Api);
    let of = |api: &Api<'_>| {
        let times: Option<Vec<_>> =
            api.servers.iter().map(|server| rules::noticed(server, &api.backend)).collect();
        Some(Bound {
            file: source.name.clone(),
            of: format!("backend {}", api.backend.name()),
            what: "a dead server is noticed",
            within: times?.into_iter().max()?,
        })
    };
    apis.filter_map(of).collect()
}

fn findings(source: &Source, seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = vec![];
    for api in seen.judged() {
        for (code, rule) in POOL_RULES {
            findings.extend(rule(api, seen).into_iter().map(|spot| source.finding(*code, spot)));
        }
    }
    if seen.judged().next().is_some() || seen.api_frontends().next().is_some() {
        for (code, rule) in FILE_RULES {
            findings.extend(rule(seen).into_iter().map(|spot| source.finding(*code, spot)));
        }
    }
    findings.extend(
        unjudged::notes(seen, source.kind()).into_iter().map(|spot| source.finding(Code::NotJudged, spot)),
    );
    findings
}

fn pool<'a>(source: &'a Source, api: &Api<'_>) -> Pool<'a> {
    let listens = api.frontends.iter().flat_map(|frontend| frontend.binds()).map(|bind| bind.listen);
    Pool {
        source,
        serves: if api.is_conditional() { Serves::Other } else { api.serves },
        line: api.backend.section.first,
        name: api.backend.name().to_owned(),
        servers: api.servers.iter().flat_map(pool_servers).collect(),
        listens: listens.collect::<Vec<Listen>>(),
    }
}

/// The servers of a line; of those whose addresses only HAProxy knows, as many as there will be.
fn pool_servers(server: &Server<'_>) -> Vec<PoolServer> {
    let of_host = |host| PoolServer {
        line: server.line.number,
        name: server.name.to_owned(),
        host,
        port: server.port,
        is_spare: server.is_spare(),
    };
    if let Some(count) = server.template() {
        return (1..=count).map(|number| of_host(format!("${}{number}", server.name))).collect();
    }
    let unknown = || server.is_variable().then(|| format!("${}", server.name));
    server.host.clone().or_else(unknown).map(of_host).into_iter().collect()
}
