//! How long connections live, how soon a dead server is noticed, and where clients go meanwhile.

use std::time::Duration;

use super::{Api, Line, Seen, Spot, without};
use crate::balancer::lint::{
    Serves,
    facts::{IDLE_AT_LEAST, SPOKEN_WITHIN},
    haproxy::{proxy::Proxy, server::Server, value::duration},
};

/// Nobody shall be sent to a dead API server for longer.
const NOTICED_WITHIN: Duration = Duration::from_secs(30);
const INTER: Duration = Duration::from_secs(2);
const FALL: u32 = 3;
/// A cluster of a few dozen nodes and its controllers.
const CONNECTIONS: u32 = 500;
/// A bare number below it was hardly meant in milliseconds.
const HARDLY_MILLISECONDS: u64 = 100;

const TUNNEL: &str = "timeout tunnel 4h";

/// When an idle connection ends.
enum Idle<'a> {
    After(&'a Line<'a>, Duration),
    Never(&'a Line<'a>),
    /// Nothing is said of it, at the frontend or at the backend.
    Unsaid(&'static str),
    Unknown,
}

pub fn cut(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let short = idles(api).into_iter().filter_map(|idle| match idle {
        Idle::After(line, time) if time <= SPOKEN_WITHIN => Some((line, time)),
        _ => None,
    });
    short
        .map(|(line, time)| {
            let why = format!(
                "an idle connection ends after {}, and clients are silent for 30s: watches, `kubectl exec` and `logs` break",
                shown(time)
            );
            Spot::new(line.number, why).instead(format!("{TUNNEL} in backend {}", api.backend.name()))
        })
        .collect()
}

pub fn unclear(api: &Api<'_>, seen: &Seen<'_>) -> Vec<Spot> {
    let spot = |idle| match idle {
        Idle::After(line, time) if time > SPOKEN_WITHIN && time < IDLE_AT_LEAST => {
            let why = format!(
                "an idle connection ends after {}, too near to the 30s that clients are silent",
                shown(time)
            );
            Some(Spot::new(line.number, why).instead(TUNNEL))
        }
        Idle::Never(line) => {
            let why = "a connection whose other end died is kept for ever";
            Some(Spot::new(line.number, why).instead(TUNNEL))
        }
        Idle::Unsaid(which) if !seen.is_fragment() => {
            let why = format!(
                "no `timeout {which}` holds here: connections whose other end died are kept for ever"
            );
            Some(
                Spot::new(api.backend.section.first, why)
                    .instead(format!("write `timeout {which} 60s` and `{TUNNEL}` below it")),
            )
        }
        _ => None,
    };
    idles(api).into_iter().filter_map(spot).collect()
}

/// When idle connections of each frontend end; the tunnel's time counts before those of both sides.
fn idles<'a>(api: &Api<'a>) -> Vec<Idle<'a>> {
    if api.serves != Serves::Api {
        return vec![];
    }
    if let Some((line, time)) = api.backend.timeout("tunnel") {
        return vec![match time {
            None => Idle::Unknown,
            Some(Duration::ZERO) => Idle::Never(line),
            Some(time) => Idle::After(line, time),
        }];
    }
    let client = |frontend: &Proxy<'a>| side(frontend, "client");
    std::iter::once(side(&api.backend, "server")).chain(api.frontends.iter().map(client)).collect()
}

fn side<'a>(proxy: &Proxy<'a>, which: &'static str) -> Idle<'a> {
    match proxy.timeout(which) {
        None => Idle::Unsaid(which),
        Some((_, None)) => Idle::Unknown,
        Some((line, Some(Duration::ZERO))) => Idle::Never(line),
        Some((line, Some(time))) => Idle::After(line, time),
    }
}

pub fn without_unit(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let statements = api
        .proxies()
        .flat_map(|proxy| proxy.scopes().flat_map(|scope| proxy.config.statements(scope)).filter_map(bare));
    let spot = |(line, number): (&Line<'_>, &str)| {
        let why = format!("a number alone counts milliseconds: this is {number} thousandths of a second");
        Spot::new(line.number, why).instead(
            line.written(0)
                .map(|(word, written)| match word {
                    word if word == number => format!("{word}s"),
                    _ => written.to_owned(),
                })
                .collect::<Vec<_>>()
                .join(" "),
        )
    };
    statements.map(spot).collect()
}

/// A time of a statement that has no unit and hardly means milliseconds.
fn bare<'a>(line: &'a Line<'a>) -> Option<(&'a Line<'a>, &'a str)> {
    let after = |word: &str| {
        let at = line.words.iter().position(|at| at.text == word)?;
        line.word(at + 1)
    };
    let number = match line.word(0)? {
        "timeout" => line.word(2),
        "server" | "default-server" => {
            ["inter", "fastinter", "downinter"].iter().find_map(|word| after(word))
        }
        _ => None,
    }?;
    (1..HARDLY_MILLISECONDS).contains(&number.parse().ok()?).then_some((line, number))
}

pub fn sessions_kept(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let keeps = |server: &&Server<'_>| server.value("on-marked-down") != Some("shutdown-sessions");
    let Some(server) = api.checked().find(keeps) else { return vec![] };
    let why = "a watch on a server that hangs stays there after the server is known to be down";
    vec![Spot::new(server.line.number, why).instead("default-server on-marked-down shutdown-sessions")]
}

pub fn slow(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let told = api.checked().find_map(|server| Some((server, noticed(server, &api.backend)?)));
    let Some((server, time)) = told.filter(|(_, time)| *time > NOTICED_WITHIN) else { return vec![] };
    let line = server.says("inter").or(server.says("fall")).unwrap_or(server.line);
    let why = format!("a dead server gets clients for up to {}", shown(time));
    let better = without(line, &[], &["inter", "fastinter", "downinter", "fall", "rise"]);
    vec![Spot::new(line.number, why).instead(better + " inter 2s fall 3 rise 2")]
}

/// The longest that a dead server goes unnoticed; `None` where nobody looks, or only HAProxy knows.
pub fn noticed(server: &Server<'_>, backend: &Proxy<'_>) -> Option<Duration> {
    server.has("check")?;
    let time = |word: &str, unsaid: Duration| match server.says(word) {
        None => Some(unsaid),
        Some(_) => server.duration(word),
    };
    let inter = time("inter", INTER)?;
    let fast = time("fastinter", inter)?;
    let answered = match backend.timeout("check") {
        None => inter,
        Some((_, time)) => time?,
    };
    let fall = if server.says("fall").is_some() { server.number("fall")? } else { FALL };
    // The pause until the next check begins where the one before has ended.
    let again = fast.checked_add(answered)?.checked_mul(fall.saturating_sub(1))?;
    inter.checked_add(again)?.checked_add(answered)
}

pub fn pinned(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let hashes = |word: &str| {
        ["source", "uri", "url_param", "rdp-cookie", "hash"].contains(&word) || word.starts_with("hdr(")
    };
    let balance = api.backend.set(&["balance"]).filter(|line| line.word(1).is_some_and(hashes));
    let stick = api.backend.own().find(|line| line.word(0) == Some("stick"));
    let why = "clients behind one address all come to one API server, and stay there";
    let spot = |line: &Line<'_>, instead: &str| Spot::new(line.number, why).instead(instead);
    let balance = balance.map(|line| spot(line, "balance leastconn"));
    let stick = stick.map(|line| spot(line, "remove it: API servers need no persistence"));
    balance.into_iter().chain(stick).collect()
}

pub fn few_connections(api: &Api<'_>, seen: &Seen<'_>) -> Vec<Spot> {
    let global = seen.global().unwrap_or_default().into_iter().filter(|line| line.begins(&["maxconn"]));
    let own = api.frontends.iter().filter_map(|frontend| frontend.set(&["maxconn"]));
    let proxies = global.chain(own).filter_map(|line| Some((line, line.word(1)?)));
    let servers =
        api.servers.iter().filter_map(|server| Some((server.says("maxconn")?, server.value("maxconn")?)));
    let is_few = |text: &str| text.parse().is_ok_and(|count: u32| (1..CONNECTIONS).contains(&count));
    let few = proxies.chain(servers).filter(|(_, count)| is_few(count));
    let mut spots: Vec<Spot> = few
        .map(|(line, count)| {
            let why = format!(
                "every kubelet and controller keeps connections open; from {count} on the next one waits"
            );
            let instead = without(line, &[], &["maxconn"]);
            let instead = if instead.is_empty() { "maxconn 4000".into() } else { instead };
            Spot::new(line.number, why).instead(instead)
        })
        .collect();
    spots.dedup();
    spots
}

/// A time in its largest whole unit.
fn shown(time: Duration) -> String {
    match time.as_millis() {
        millis if millis % 60_000 == 0 => format!("{}m", millis / 60_000),
        millis if millis % 1_000 == 0 => format!("{}s", millis / 1_000),
        millis => format!("{millis}ms"),
    }
}

/// The line by which connections may outlive a reload for long.
pub fn long_tunnel<'a>(api: &Api<'a>) -> Option<&'a Line<'a>> {
    let line = api.backend.set(&["timeout", "tunnel"])?;
    let time = line.word(2).and_then(duration)?;
    (time > Duration::from_secs(15 * 60)).then_some(line)
}
