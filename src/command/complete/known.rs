//! What this machine's own files say of nodes, balancers, contexts, clusters and runs; no other machine is asked.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use clap::{Arg, Args as _, Command, FromArgMatches as _, ValueHint};
use clap_complete::engine::CompletionCandidate;

use super::super::shared::{cluster, machines};
use crate::{
    cli::Common,
    distro::DISTROS,
    inventory::Inventory,
    journal::{Account, Journal, State},
    kubeconfig::{Kubeconfig, Seen},
    node::Target,
    report::{CHECKS, Code, Group},
};

/// The tag of the one candidate that stands for all files.
pub const FILES: &str = "files";

/// Flags that decide where to look.
const WHERE: [&str; 3] = ["--kubeconfig", "--inventory", "--node"];

/// Where to look.
pub struct Known {
    common: Option<Common>,
    state: PathBuf,
}

type Values = fn(&Known) -> Vec<CompletionCandidate>;

/// What a value of this flag or argument may be; `None` where only the operator knows.
pub fn values(arg: &Arg) -> Option<Values> {
    Some(match arg.get_id().as_str() {
        "context" => Known::contexts,
        "cluster" => Known::clusters,
        "limit" => Known::nodes,
        "node" => Known::ways,
        "without_balancer" => Known::balancers,
        "distribution" => |_| DISTROS.iter().map(|distro| CompletionCandidate::new(distro.name())).collect(),
        "run" => Known::runs,
        "endpoint" | "to" => Known::endpoints,
        "names" | "require" => Known::hosts,
        "targets" => Known::endpoints_and_files,
        "id" => |_| codes(),
        "only" | "skip" => |_| choices(),
        _ if arg.get_value_hint() == ValueHint::AnyPath => |_| vec![files()],
        _ => return None,
    })
}

fn codes() -> Vec<CompletionCandidate> {
    Code::ALL.iter().map(|code| told(code.id(), code.explanation().what)).collect()
}

/// What a preflight can be narrowed to.
fn choices() -> Vec<CompletionCandidate> {
    let groups = Group::ALL.iter().map(|group| told(group.id(), "a group of checks"));
    let checks = CHECKS.iter().map(|check| told(check.id, check.title));
    let mut choices: Vec<_> = groups.chain(checks).collect();
    choices.extend(codes());
    let mut seen = BTreeSet::new();
    choices.retain(|choice| seen.insert(choice.get_value().to_owned()));
    choices
}

fn files() -> CompletionCandidate {
    CompletionCandidate::new("").tag(Some(FILES.into()))
}

fn told(word: impl Into<OsString>, what: impl Into<String>) -> CompletionCandidate {
    CompletionCandidate::new(word).help(Some(what.into().into()))
}

impl Known {
    /// As the words say that were typed so far; where they make no sense, nothing is known.
    pub fn of(words: &[OsString], state: &Path) -> Self {
        let typed = std::iter::once(OsString::from("cpctl")).chain(flags(words));
        let matches = Common::augment_args(Command::new("cpctl")).try_get_matches_from(typed).ok();
        let common = matches.and_then(|matches| Common::from_arg_matches(&matches).ok());
        Self { common, state: state.to_owned() }
    }

    fn inventory(&self) -> Option<Inventory> {
        machines::named(self.common.as_ref()?).ok()?
    }

    fn seen(&self) -> Vec<Seen> {
        self.common.as_ref().and_then(|common| cluster::kubeconfigs(common).ok()).unwrap_or_default()
    }

    fn contexts(&self) -> Vec<CompletionCandidate> {
        let seen = self.seen();
        let Ok(kubeconfig) = Kubeconfig::read(&seen) else { return vec![] };
        let contexts = kubeconfig.files.iter().flat_map(|file| &file.contexts);
        let told = contexts.map(|context| {
            let cluster = context.cluster.as_ref().map(|cluster| format!("cluster {}", cluster.value));
            told(&*context.name.value, cluster.unwrap_or_default())
        });
        told.collect()
    }

    fn clusters(&self) -> Vec<CompletionCandidate> {
        let seen = self.seen();
        let Ok(kubeconfig) = Kubeconfig::read(&seen) else { return vec![] };
        let told = kubeconfig.clusters().map(|cluster| {
            let server = cluster.server.as_ref().map(|server| server.value.clone().into_owned());
            told(&*cluster.name.value, server.unwrap_or_default())
        });
        told.collect()
    }

    fn nodes(&self) -> Vec<CompletionCandidate> {
        let inventory = self.inventory();
        inventory.iter().flat_map(|known| &known.nodes).map(|node| told(&node.name, &node.host)).collect()
    }

    /// Nodes as `--node` takes them, where an inventory tells them.
    fn ways(&self) -> Vec<CompletionCandidate> {
        let Some(common) = &self.common else { return vec![] };
        let beside = Common { node: vec![], ..common.clone() };
        let inventory = machines::named(&beside).ok().flatten();
        inventory.iter().flat_map(|known| &known.nodes).map(|node| told(way(node), &node.name)).collect()
    }

    fn balancers(&self) -> Vec<CompletionCandidate> {
        let inventory = self.inventory();
        let balancers = inventory.iter().flat_map(|known| &known.balancers);
        balancers.map(|balancer| told(&balancer.target.name, &balancer.target.host)).collect()
    }

    fn endpoints(&self) -> Vec<CompletionCandidate> {
        let endpoint = self.inventory().and_then(|known| known.endpoint);
        endpoint.map(|endpoint| told(endpoint.to_string(), "the inventory's endpoint")).into_iter().collect()
    }

    fn endpoints_and_files(&self) -> Vec<CompletionCandidate> {
        self.endpoints().into_iter().chain([files()]).collect()
    }

    fn hosts(&self) -> Vec<CompletionCandidate> {
        let endpoint = self.inventory().and_then(|known| known.endpoint);
        endpoint
            .map(|endpoint| told(endpoint.host.to_string(), "the inventory's endpoint"))
            .into_iter()
            .collect()
    }

    /// The runs that this machine has a journal of, the newest first.
    fn runs(&self) -> Vec<CompletionCandidate> {
        let listed = Journal::list(&self.state).unwrap_or_default();
        let accounts = listed.into_iter().rev().filter_map(|listed| listed.account.ok());
        accounts.map(|account| told(&account.run, what(&account))).collect()
    }
}

fn way(node: &Target) -> String {
    let user = node.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
    let host = if node.host.contains(':') { format!("[{}]", node.host) } else { node.host.clone() };
    let port = node.port.map(|port| format!(":{port}")).unwrap_or_default();
    format!("{user}{host}{port}")
}

fn what(account: &Account) -> String {
    let state = match account.state() {
        State::Unfinished => "unfinished",
        State::Done => "done",
        State::Undone => "undone",
        State::Refused => "unchanged",
    };
    format!("{state}: {}", account.plan.title)
}

/// The flags that decide where to look, each with its value, without the word that is being typed.
fn flags(words: &[OsString]) -> Vec<OsString> {
    let typed = &words[..words.len().saturating_sub(1)];
    let mut flags = vec![];
    for (place, word) in typed.iter().enumerate() {
        if WHERE.iter().any(|flag| word == OsStr::new(flag)) {
            flags.extend(typed.get(place..place + 2).unwrap_or_default().iter().cloned());
        } else if WHERE.iter().any(|flag| is_with_value(word, flag)) {
            flags.push(word.clone());
        }
    }
    flags
}

fn is_with_value(word: &OsStr, flag: &str) -> bool {
    word.as_encoded_bytes().strip_prefix(flag.as_bytes()).is_some_and(|rest| rest.starts_with(b"="))
}
