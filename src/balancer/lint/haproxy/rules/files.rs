//! What stands beside the pool: addresses, statistics, keys, and what a reload leaves behind.

use super::{Api, Line, Seen, Spot, waits, without};
use crate::balancer::lint::{haproxy::proxy::Proxy, moving::Moving};

/// Files that hold a key of the cluster.
const KEYS: &[&str] = &[
    "ca.key",
    "ca-key.pem",
    "server-ca.key",
    "client-ca.key",
    "apiserver.key",
    "kubernetes-key.pem",
    "sa.key",
];

pub fn bind_away(api: &Api<'_>, seen: &Seen<'_>) -> Vec<Spot> {
    let moving = Moving::of(seen.files);
    let binds = api.frontends.iter().flat_map(Proxy::binds).filter(|bind| !bind.line.has("transparent"));
    binds
        .filter_map(|bind| {
            let away = moving.away(bind.listen.host.as_deref()?, seen.source)?;
            let port = bind.listen.port;
            let rest = bind.line.texts(2).collect::<Vec<_>>().join(" ");
            let instead = format!("bind *:{port} {rest}");
            Some(Spot::new(bind.line.number, away.why()).instead(away.instead(instead.trim_end())))
        })
        .collect()
}

pub fn backend_missing(seen: &Seen<'_>) -> Vec<Spot> {
    let is_there = |name: &str| {
        let ends = seen.proxies.iter().filter(|proxy| proxy.section.keyword != "frontend");
        ends.into_iter().any(|proxy| proxy.name() == name)
    };
    // Of an export that is a part, the rest may have it.
    let frontends = seen.api_frontends().filter(|frontend| !seen.is_fragment() && !frontend.is_conditional());
    let leads = frontends
        .flat_map(Proxy::own)
        .filter(|line| line.begins(&["default_backend"]) || line.begins(&["use_backend"]));
    let spot = |line: &Line<'_>| {
        let name = line.words.get(1).filter(|word| !word.is_variable && !word.text.contains("%["))?;
        let why = format!("there is no backend {}, so HAProxy does not start", name.text);
        (!is_there(&name.text)).then(|| {
            Spot::new(line.number, why).instead(format!("backend {}, in front of its servers", name.text))
        })
    };
    leads.filter_map(spot).collect()
}

pub fn old_process_stays(seen: &Seen<'_>) -> Vec<Spot> {
    let Some(global) = seen.global() else { return vec![] };
    if global.iter().any(|line| line.begins(&["hard-stop-after"])) {
        return vec![];
    }
    let Some(line) = seen.judged().find_map(waits::long_tunnel) else { return vec![] };
    let why = "after a reload the old process keeps the old servers until its last watch ends";
    vec![Spot::new(line.number, why).instead("hard-stop-after 15m, in `global`")]
}

pub fn stats_open(seen: &Seen<'_>) -> Vec<Spot> {
    let spot = |proxy: &Proxy<'_>| {
        let shows = proxy.own().find(|line| shows_statistics(line))?;
        let bind = proxy.binds().into_iter().find(|bind| !is_loopback(bind.listen.host.as_deref()))?;
        if proxy.own().any(limits) {
            return None;
        }
        let what = if shows.has("prometheus-exporter") { "metrics" } else { "statistics" };
        let why = format!("whoever reaches this port reads the {what}: names and addresses of every server");
        let rest = bind.line.texts(2).collect::<Vec<_>>().join(" ");
        let instead = format!("bind 127.0.0.1:{} {rest}", bind.listen.port);
        Some(Spot::new(bind.line.number, why).instead(instead.trim_end()))
    };
    seen.proxies.iter().filter_map(spot).collect()
}

pub fn stats_password(seen: &Seen<'_>) -> Vec<Spot> {
    let lines = seen.proxies.iter().flat_map(Proxy::own).filter(|line| line.begins(&["stats", "auth"]));
    let literal = lines.filter(|line| line.words.get(2).is_some_and(|word| !word.is_variable));
    let why =
        "the password stands in the file, and crosses the network unencrypted where the page has no TLS";
    literal
        .map(|line| {
            Spot::new(line.number, why).instead("stats auth \"$STATS_AUTH\", or a page on 127.0.0.1 alone")
        })
        .collect()
}

pub fn key(seen: &Seen<'_>) -> Vec<Spot> {
    let is_key = |word: &str| KEYS.iter().any(|key| word.rsplit('/').next() == Some(key));
    let named = seen.config.lines.iter().filter(|line| line.texts(1).any(is_key));
    let why = "a key of the cluster lies on the balancer, which passes TLS through and needs none";
    named
        .map(|line| Spot::new(line.number, why).instead(without(line, &["ssl"], &["crt", "key", "ca-file"])))
        .collect()
}

fn shows_statistics(line: &Line<'_>) -> bool {
    line.has("prometheus-exporter")
        || (line.word(0) == Some("stats") && ["enable", "uri"].iter().any(|word| line.word(1) == Some(word)))
}

/// Whether a statement keeps strangers out.
fn limits(line: &Line<'_>) -> bool {
    let is_rule = ["http-request", "tcp-request", "acl"].iter().any(|word| line.word(0) == Some(word));
    line.begins(&["stats", "auth"])
        || (is_rule
            && line.texts(1).any(|word| ["src", "auth"].contains(&word) || word.contains("http_auth")))
}

fn is_loopback(host: Option<&str>) -> bool {
    host.is_some_and(|host| host.starts_with("127.") || host == "::1" || host == "localhost")
}
