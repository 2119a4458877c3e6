//! What a balancer takes itself to know of its clients: who they are, and that there are some.

use super::{Api, Line, Seen, Spot};
use crate::balancer::lint::haproxy::proxy::Proxy;

/// Headers that carry a client's address.
const NAMING: &[&str] = &["x-forwarded-for", "x-real-ip", "forwarded"];
/// Figures of HAProxy's that count clients.
const COUNTED: &[&str] = &["act_conn", "be_conn", "be_sess_rate", "fe_conn", "fe_sess_rate", "srv_conn"];
/// Distributions whose agents come through the shared address only to join.
const LEAVING: &[&str] = &["k3s", "rke2"];

pub fn hidden(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let proxies = api.proxies().filter(|proxy| proxy.mode().0 == "tcp");
    let why =
        "connections pass through unread, so no client's address is added: API servers log the balancer's";
    let named = proxies.flat_map(Proxy::own).filter(|line| names(line));
    named
        .map(|line| {
            Spot::new(line.number, why).instead("remove the line; the balancer's own log has the addresses")
        })
        .collect()
}

fn names(line: &Line<'_>) -> bool {
    let is_option = ["forwardfor", "forwarded"].iter().any(|name| line.begins(&["option", name]));
    let is_given = ["set-header", "add-header"].iter().any(|action| line.begins(&["http-request", action]));
    let header = line.texts(2).next().filter(|_| is_given);
    is_option || header.is_some_and(|header| NAMING.iter().any(|name| header.eq_ignore_ascii_case(name)))
}

pub fn judged_by(seen: &Seen<'_>) -> Vec<Spot> {
    let nodes = seen.facts.plane.map(|plane| plane.nodes.as_slice()).unwrap_or_default();
    let distributions = nodes.iter().filter_map(|node| node.distribution.as_deref());
    if distributions.clone().next().is_some() && !distributions.clone().any(|one| LEAVING.contains(&one)) {
        return vec![];
    }
    let why = "agents of K3s and RKE2 leave the shared address once they have joined: a balancer without clients may be well";
    let lines = seen.proxies.iter().flat_map(Proxy::own).filter(|line| counts(line));
    lines.map(|line| Spot::new(line.number, why).instead("monitor fail if { nbsrv(BACKEND) lt 1 }")).collect()
}

/// Whether a balancer with few clients is taken to be down; one with too many may well be.
fn counts(line: &Line<'_>) -> bool {
    let words: Vec<&str> = line.texts(3).collect();
    let is_count = |word: &str| COUNTED.iter().any(|figure| word.split('(').next() == Some(figure));
    let is_few = |held: &[&str]| matches!(held, ["lt" | "le", ..] | ["eq", "0", ..] | ["0", ..]);
    let is_judged = |at: usize| is_count(words[at]) && is_few(&words[at + 1..]);
    line.begins(&["monitor", "fail", "if"]) && (0..words.len()).any(is_judged)
}
