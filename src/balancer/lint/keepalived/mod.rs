//! keepalived: the instances of both peers, the scripts that they run, and what is wrong with them.

mod bound;
mod check;
mod config;
mod instance;
mod load;
mod pair;
mod parse;
mod scope;
mod script;
mod security;
mod segment;
mod sequence;

pub(super) use self::bound::bounds;
use self::config::Config;
use super::{Facts, Files, Kind, Part};
use crate::report::Finding;

/// A configuration as its words and blocks.
pub fn parsed(text: &str) -> super::words::Parsed<'_> {
    parse::parse(text)
}

pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let (scripts, configs): (Vec<_>, Vec<_>) =
        files.these.iter().copied().partition(|source| source.kind() == Some(Kind::Script));
    let configs = load::configs(&configs);
    let mut pools: Vec<_> = configs.iter().flat_map(Config::pools).collect();
    for pool in &mut pools {
        pool.serves = facts.serves(pool.serves, &pool.servers);
    }
    let is_meant = |config: &Config<'_>| scope::is_meant(config, &scripts, files, facts);
    if !configs.iter().any(is_meant) {
        return Part { pools, judged: vec![], findings: scope::not_meant(&configs) };
    }
    let mut findings: Vec<Finding> = configs.iter().flat_map(|config| of_config(config, &configs)).collect();
    let instances = configs.iter().flat_map(Config::instances);
    findings.extend(instances.flat_map(|instance| segment::judge(&instance, files, facts)));
    findings.extend(script::judge(&configs, &scripts));
    let judged = configs.iter().flat_map(|config| {
        config.instances().map(|instance| (instance.source, instance.name().into_owned())).collect::<Vec<_>>()
    });
    Part { pools, judged: judged.chain(script::judged(&configs, &scripts)).collect(), findings }
}

fn of_config(config: &Config<'_>, all: &[Config<'_>]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = config.unread().collect();
    findings.extend(check::judge(config));
    findings.extend(security::judge(config));
    for instance in config.instances() {
        findings.extend(instance::judge(&instance));
        let peers = all.iter().filter(|other| !std::ptr::eq(*other, config));
        let peers = peers.flat_map(|other| instance.peer_in(other).map(|peer| (other, peer)));
        for (other, peer) in peers {
            let is_first = all.iter().find(|one| std::ptr::eq(*one, config) || std::ptr::eq(*one, other));
            let is_first = is_first.is_some_and(|one| std::ptr::eq(one, config));
            findings.extend(pair::either(&instance, &peer));
            if !is_first {
                findings.extend(pair::second(&instance, &peer));
            }
        }
    }
    findings
}

/// What a file includes, at whatever depth.
pub(super) fn included(source: &super::Source) -> Vec<String> {
    let statements = parse::parse(&source.text).statements;
    load::all(&statements).into_iter().filter_map(load::pattern).collect()
}

/// The programs that its checks begin with, by their whole paths.
pub(super) fn scripts(source: &super::Source) -> Vec<String> {
    let configs = load::configs(&[source]);
    let commands = configs.iter().flat_map(Config::scripts).filter_map(|script| script.value("script"));
    let programs = commands.filter_map(|command| Some(command.text.split_whitespace().next()?.to_owned()));
    programs.filter(|program| program.starts_with('/')).collect()
}

/// The addresses that a file lets move, as far as they are known.
pub(super) fn held(source: &super::Source) -> Vec<String> {
    let configs = load::configs(&[source]);
    let instances = configs.iter().flat_map(Config::instances);
    let listed = instances.flat_map(|one| one.listed("virtual_ipaddress").unwrap_or_default());
    listed.filter_map(|held| Some(held.text.split('/').next()?.to_owned())).collect()
}
