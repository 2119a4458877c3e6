//! What cannot be judged, told with its line rather than guessed.

use super::{
    api::{Api, Seen},
    parse::Line,
};
use crate::balancer::lint::{Kind, Spot};

/// First words of statements in a proxy.
const KNOWN: &[&str] = &[
    "acl",
    "backlog",
    "balance",
    "bind",
    "capture",
    "clitcpka-cnt",
    "clitcpka-idle",
    "clitcpka-intvl",
    "compression",
    "cookie",
    "declare",
    "default",
    "default-server",
    "default_backend",
    "description",
    "disabled",
    "dispatch",
    "dynamic-cookie-key",
    "email-alert",
    "enabled",
    "errorfile",
    "errorfiles",
    "errorloc",
    "errorloc302",
    "errorloc303",
    "external-check",
    "filter",
    "force-persist",
    "fullconn",
    "guid",
    "hash-balance-factor",
    "hash-preserve-affinity",
    "hash-type",
    "http-after-response",
    "http-check",
    "http-error",
    "http-request",
    "http-response",
    "http-reuse",
    "http-send-name-header",
    "id",
    "ignore-persist",
    "load-server-state-from-file",
    "log",
    "log-format",
    "log-format-sd",
    "log-steps",
    "log-tag",
    "max-keep-alive-queue",
    "max-session-srv-conns",
    "maxconn",
    "mode",
    "monitor",
    "monitor-uri",
    "no",
    "option",
    "persist",
    "rate-limit",
    "redirect",
    "retries",
    "retry-on",
    "server",
    "server-state-file-name",
    "server-template",
    "source",
    "srvtcpka-cnt",
    "srvtcpka-idle",
    "srvtcpka-intvl",
    "stats",
    "stick",
    "stick-table",
    "tcp-check",
    "tcp-request",
    "tcp-response",
    "timeout",
    "transparent",
    "unique-id-format",
    "unique-id-header",
    "use-fcgi-app",
    "use-server",
    "use_backend",
];

pub(super) fn notes(seen: &Seen<'_>, kind: Option<Kind>) -> Vec<Spot> {
    let unread = seen.config.unread.iter().map(|(line, why)| spot(*line, why));
    let conditional = seen.apis.iter().filter(|api| api.is_conditional());
    let conditional = conditional.map(|api| {
        let why = format!("{} depends on conditions that only HAProxy can tell", api.backend.name());
        spot(api.backend.section.first, &why)
    });
    let strange = seen.judged().flat_map(strange);
    let servers = seen.judged().flat_map(|api| &api.servers);
    let misread = servers.filter_map(|server| {
        let why = format!("`{}` is no parameter of a server that is known here", server.unknown()?);
        Some(spot(server.line.number, &why))
    });
    unread.chain(conditional).chain(strange).chain(misread).chain(fragment(seen, kind)).collect()
}

fn spot(line: usize, why: &str) -> Spot {
    Spot::new(line, format!("not judged: {why}"))
}

/// Statements that nobody here knows, and servers at an address that only HAProxy knows.
fn strange<'b>(api: &'b Api<'_>) -> impl Iterator<Item = Spot> + 'b {
    let own = api.proxies().flat_map(|proxy| proxy.own());
    own.filter_map(|line| {
        let first = line.words.first()?;
        if first.is_variable || !KNOWN.contains(&first.text.as_str()) {
            return Some(spot(line.number, &format!("`{}` is not known here", first.text)));
        }
        let what = variable(line)?;
        Some(spot(line.number, &format!("{what} comes from the environment of HAProxy")))
    })
}

fn variable(line: &Line<'_>) -> Option<&'static str> {
    let is_variable = |index: usize| line.words.get(index).is_some_and(|word| word.is_variable);
    match line.word(0)? {
        "server" if is_variable(2) => Some("the address"),
        "bind" if is_variable(1) => Some("the address"),
        "timeout" if is_variable(2) => Some("how long"),
        _ => None,
    }
}

/// An export without defaults, whose timeouts nobody can tell.
fn fragment(seen: &Seen<'_>, kind: Option<Kind>) -> Option<Spot> {
    let first = seen.judged().next().filter(|_| seen.is_fragment())?;
    let says_all = first.backend.timeout("tunnel").is_some();
    let of_opnsense = match kind {
        Some(Kind::Opnsense) => "; OPNsense's own are 30s, which cuts idle watches",
        _ => "",
    };
    let why = format!("the file holds no `defaults`, so its timeouts are elsewhere{of_opnsense}");
    (!says_all).then(|| spot(first.backend.section.first, &why).instead("timeout tunnel 4h"))
}
