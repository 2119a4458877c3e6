//! DNS zones: the records of a control plane's name.

mod parse;

use self::parse::{Record, Zone};
use super::{Facts, Files, Part, Pool, PoolServer, Serves, Source, Spot};
use crate::{
    report::{Code, Finding},
    san::San,
};

/// Seconds after which clients are to ask again, so that a dead node leaves the answer.
const TTL: u32 = 60;
/// What the names of control planes have in them.
const SIGNS: &[&str] = &["k8s", "kube", "apiserver", "controlplane", "k3s", "rke2", "k0s"];

type Rule = fn(&Name<'_, '_>) -> Option<(Code, Spot)>;

const RULES: &[Rule] = &[long, mixed, alias];

/// The records of one name.
struct Name<'z, 't> {
    addresses: Vec<&'z Record<'t>>,
    alias: Option<&'z Record<'t>>,
}

pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        let zone = parse::parse(&source.text);
        let names = names(&zone, facts);
        for name in &names {
            let told = RULES.iter().filter_map(|rule| rule(name));
            part.findings.extend(told.map(|(code, spot)| source.finding(code, spot)));
            part.pools.extend(name.pool(source));
        }
        if !names.is_empty() {
            part.findings.extend(unread(source, &zone));
        }
    }
    part
}

fn unread(source: &Source, zone: &Zone<'_>) -> Vec<Finding> {
    let spot = |(line, why): &(usize, &str)| Spot::new(*line, format!("this is not judged: {why}"));
    zone.unread.iter().map(|unread| source.finding(Code::NotJudged, spot(unread))).collect()
}

fn names<'z, 't>(zone: &'z Zone<'t>, facts: &Facts<'_>) -> Vec<Name<'z, 't>> {
    let mut owners: Vec<&str> = vec![];
    for record in &zone.records {
        if !owners.contains(&record.owner.as_str()) && is_meant(&record.owner, facts) {
            owners.push(&record.owner);
        }
    }
    let of = |owner: &str, kinds: &[&str]| -> Vec<&'z Record<'t>> {
        let of_owner = zone.records.iter().filter(|record| record.owner == owner);
        of_owner.filter(|record| kinds.contains(&record.kind.as_str())).collect()
    };
    let names = owners.into_iter().map(|owner| Name {
        addresses: of(owner, &["A", "AAAA"]),
        alias: of(owner, &["CNAME"]).first().copied(),
    });
    names.filter(|name| !name.addresses.is_empty()).collect()
}

fn is_meant(owner: &str, facts: &Facts<'_>) -> bool {
    let endpoint = facts.plane.and_then(|plane| plane.endpoint.as_ref()).map(|endpoint| &endpoint.host);
    let owner = owner.trim_end_matches('.');
    let is_endpoint = match endpoint {
        Some(San::Dns(name)) => {
            let rest = name.as_str().strip_prefix(owner);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }
        _ => false,
    };
    let first = owner.split('.').next().unwrap_or_default().replace('-', "");
    is_endpoint || SIGNS.iter().any(|sign| first.contains(sign))
}

impl Name<'_, '_> {
    /// Addresses that clients take turns with; one alone is a balancer's.
    fn pool<'a>(&self, source: &'a Source) -> Option<Pool<'a>> {
        let first = self.addresses.first().filter(|_| self.addresses.len() > 1)?;
        let servers = self.addresses.iter().filter_map(|record| {
            let host = (*record.data.first()?).to_owned();
            Some(PoolServer { line: record.line, name: host.clone(), host, port: None, is_spare: false })
        });
        Some(Pool {
            source,
            serves: Serves::Api,
            line: first.line,
            name: first.owner.clone(),
            servers: servers.collect(),
            listens: vec![],
        })
    }
}

fn long(name: &Name<'_, '_>) -> Option<(Code, Spot)> {
    let is_long = |record: &&&Record<'_>| record.ttl.is_some_and(|ttl| ttl > TTL);
    let record = name.addresses.iter().filter(|_| name.addresses.len() > 1).find(is_long)?;
    let ttl = record.ttl.unwrap_or_default();
    let why = format!("clients keep the address of a node that is dead for {ttl} s");
    Some((Code::ZoneTtl, Spot::new(record.line, why).instead(with_ttl(record, TTL / 2))))
}

fn mixed(name: &Name<'_, '_>) -> Option<(Code, Spot)> {
    let first = name.addresses.first()?;
    let other = name.addresses.iter().find(|record| record.ttl != first.ttl)?;
    let (one, two) = (first.ttl?, other.ttl?);
    let why = format!("the addresses of one name have one TTL: here they have {one} and {two} s");
    Some((Code::ZoneTtlMixed, Spot::new(other.line, why).instead(with_ttl(other, one.min(two)))))
}

fn alias(name: &Name<'_, '_>) -> Option<(Code, Spot)> {
    let alias = name.alias?;
    let why = "a name with a CNAME has no other records: name servers refuse the zone";
    Some((
        Code::ZoneAlias,
        Spot::new(alias.line, why).instead("remove the CNAME, or the addresses beside it"),
    ))
}

fn with_ttl(record: &Record<'_>, ttl: u32) -> String {
    format!("{} {ttl} IN {} {}", record.owner, record.kind, record.data.join(" "))
}
