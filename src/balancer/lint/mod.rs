//! What is wrong with the configuration of a load balancer, told with its line and the line to write instead.

#[cfg(test)]
mod corpus;
mod facts;
mod glob;
mod haproxy;
mod ignore;
mod keepalived;
mod kind;
mod kube_vip;
mod kubeconfig;
mod moving;
mod named;
mod nginx;
mod pem;
mod pf;
mod pool;
mod predict;
mod relayd;
mod source;
mod sysctl;
mod unseen;
mod vip;
mod words;
mod zone;

pub(super) use self::{keepalived::parsed as keepalived_parsed, words::Statement};

pub use self::{
    facts::{ControlPlane, Facts},
    kind::Kind,
    kubeconfig::placed,
    named::{Named, named},
    pem::without_keys,
    pool::{Listen, Pool, PoolServer, Serves},
    predict::{Bound, bounds},
    source::{Source, Spot},
    sysctl::{DIRECTORIES, NONLOCAL_BIND, OWN_FILE, read_at_boot, shown, tells_of_addresses},
};
use super::render::Server;
use crate::report::{Code, Finding};

/// What a look at the files came to.
#[derive(Debug)]
pub struct Judged {
    pub files: Vec<File>,
    pub findings: Vec<Finding>,
}

/// A file, what it configures, and what of it leads to API servers.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub kind: Option<Kind>,
    pub pools: Vec<String>,
}

/// What the files of one kind came to; they are judged together, as peers and their scripts belong together.
#[derive(Default)]
pub struct Part<'a> {
    pub pools: Vec<Pool<'a>>,
    /// What is judged in files that hold no pool, by its name: an address that moves, a check, a cluster.
    pub judged: Vec<(&'a Source, String)>,
    pub findings: Vec<Finding>,
}

/// The files of one kind; all others are at hand too, and the pools that are known by now: those of the proxies, when
/// it is the turn of what moves an address between them.
pub struct Files<'p, 'a> {
    pub these: Vec<&'a Source>,
    pub all: &'a [Source],
    pub pools: &'p [Pool<'a>],
}

type Judge = for<'a> fn(&Files<'_, 'a>, &Facts<'_>) -> Part<'a>;

/// Who judges the files of which kinds.
const JUDGES: &[(&[Kind], Judge)] = &[
    (&[Kind::Haproxy, Kind::Pfsense, Kind::Opnsense], haproxy::judge),
    (&[Kind::Nginx], nginx::judge),
    (&[Kind::Keepalived, Kind::Script], keepalived::judge),
    (&[Kind::Relayd], relayd::judge),
    (&[Kind::Pf], pf::judge),
    (&[Kind::KubeVip], kube_vip::judge),
    (&[Kind::Zone], zone::judge),
    (&[Kind::Kubeconfig], kubeconfig::judge),
    (&[Kind::Sysctl], sysctl::judge),
    (&[Kind::Pem], pem::judge),
];

/// Findings over all files, by file and line; a comment beside the line can keep one quiet.
pub fn lint(sources: &[Source], facts: &Facts<'_>) -> Judged {
    let (mut pools, mut findings, mut judged): (Vec<Pool<'_>>, Vec<Finding>, Vec<_>) =
        (vec![], vec![], vec![]);
    for (kinds, judge) in JUDGES {
        let these = sources.iter().filter(|source| source.kind().is_some_and(|kind| kinds.contains(&kind)));
        let files = Files { these: these.collect(), all: sources, pools: &pools };
        if files.these.is_empty() {
            continue;
        }
        let part = judge(&files, facts);
        pools.extend(part.pools);
        findings.extend(part.findings);
        judged.extend(part.judged);
    }
    findings.extend(sources.iter().filter(|source| source.kind().is_none()).map(unknown));
    findings.extend(unseen::lint(sources, &pools, &judged, facts));
    findings.extend(pool::lint(&pools, sources, facts));
    let findings = ignore::apply(sources, in_order(findings, sources), facts.today);
    let files = sources.iter().map(|source| file(source, &pools, &judged)).collect();
    Judged { files, findings: in_order(findings, sources) }
}

fn file(source: &Source, pools: &[Pool<'_>], judged: &[(&Source, String)]) -> File {
    let is_judged = |pool: &&Pool<'_>| {
        std::ptr::eq(pool.source, source) && matches!(pool.serves, Serves::Api | Serves::Join)
    };
    let of_file = pools.iter().filter(is_judged).map(|pool| pool.name.clone());
    let others = judged.iter().filter(|(other, _)| std::ptr::eq(*other, source));
    File {
        name: source.name.clone(),
        kind: source.kind(),
        pools: of_file.chain(others.map(|(_, name)| name.clone())).collect(),
    }
}

/// Whether files move an address between machines, so that it matters what the kernel lets listen there.
pub fn moves(sources: &[Source]) -> bool {
    !moving::Moving::of(sources).is_none()
}

/// The machine on which a file was read; `None` of one that lies here.
fn machine(source: &Source) -> Option<&str> {
    source.name.split_once(":/").map(|(machine, _)| machine)
}

fn unknown(source: &Source) -> Finding {
    Finding::new(Code::KindUnknown, &source.name, "nothing in it tells what it configures")
        .remedy("say it with `--kind`, for example `--kind haproxy`")
}

/// By file, as they were named, and line; two of one line in the order of their codes.
fn in_order(mut findings: Vec<Finding>, sources: &[Source]) -> Vec<Finding> {
    findings.sort_by_key(|finding| {
        let file = sources.iter().position(|source| source.name == finding.subject);
        (file, finding.at.as_ref().map(|at| at.line), finding.code)
    });
    findings.dedup();
    findings
}
