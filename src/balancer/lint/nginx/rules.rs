//! What is wrong with a server of NGINX that leads to API servers.

use std::time::Duration;

use super::{
    super::{
        Serves,
        facts::{IDLE_AT_LEAST, SPOKEN_WITHIN},
        moving::Moving,
    },
    Here,
    served::{Layer, Served, Workers},
    value,
};
use crate::report::{Code, Finding};

type Rule = fn(&Served<'_, '_>) -> Vec<Finding>;

/// Rules on whatever leads to API servers, and those that make sense only where connections are passed on as they are.
const RULES: &[Rule] = &[ends_tls, sends_proxy_header, asks_nobody];
const STREAM_RULES: &[Rule] =
    &[only_passive, counts_no_failure, pins, connects_slowly, cuts_idle, shares_nothing, lacks_unit];

/// A client that waits longer for a connection has given up.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

pub(super) fn judge(served: &Served<'_, '_>) -> Vec<Finding> {
    let rules = match (served.serves, served.layer) {
        (Serves::Etcd | Serves::Other, _) => return vec![],
        (_, Layer::Http) => RULES.iter().chain(&[]),
        (_, Layer::Stream) => RULES.iter().chain(STREAM_RULES),
    };
    rules.flat_map(|rule| rule(served)).collect()
}

fn is_on(here: &Here<'_, '_>) -> bool {
    here.it.arg(0).is_some_and(|value| value == "on")
}

fn ends_tls(served: &Served<'_, '_>) -> Vec<Finding> {
    if served.layer == Layer::Http {
        return vec![served.pass.finding(
            Code::TlsTerminated,
            "inside `http` NGINX ends the client's TLS itself, and client certificates do not reach the API server",
            "pass connections on as they are: `stream { server { listen 6443; proxy_pass kube_api; } }`",
        )];
    }
    let listens = served.listens().filter(|here| here.it.args().iter().any(|word| word.text == "ssl"));
    let mut findings: Vec<Finding> = listens
        .map(|here| {
            let kept: Vec<_> =
                here.it.words.iter().map(|word| word.text).filter(|word| *word != "ssl").collect();
            here.finding(
                Code::TlsTerminated,
                "`ssl` ends the client's TLS here, and client certificates do not reach the API server",
                format!("{};", kept.join(" ")),
            )
        })
        .collect();
    findings.extend(served.in_force("proxy_ssl").filter(is_on).map(|here| {
        here.finding(
            Code::TlsReencrypted,
            "`proxy_ssl` begins a TLS of NGINX' own, in which no client certificate reaches the API server",
            "proxy_ssl off;",
        )
    }));
    findings
}

fn sends_proxy_header(served: &Served<'_, '_>) -> Vec<Finding> {
    let here = served.in_force("proxy_protocol").filter(is_on);
    let finding = here.map(|here| {
        here.finding(
            Code::ProxyProtocol,
            "API servers do not speak the PROXY protocol: the header that it puts before the TLS ends every connection",
            "proxy_protocol off;",
        )
    });
    finding.into_iter().collect()
}

fn asks_nobody(served: &Served<'_, '_>) -> Vec<Finding> {
    let here = served.in_force("health_check");
    let finding = here.map(|here| {
        here.finding(
            Code::NginxHealthCheck,
            "`health_check` is known to the commercial NGINX Plus alone; the free one does not start with it",
            "remove the line; what asks by itself and is free is HAProxy",
        )
    });
    finding.into_iter().collect()
}

fn only_passive(served: &Served<'_, '_>) -> Vec<Finding> {
    let is_asked = served.in_force("health_check").is_some();
    let Some(upstream) = served.upstream.filter(|_| !is_asked) else { return vec![] };
    vec![upstream.finding(
        Code::NginxPassiveOnly,
        "NGINX asks no server whether it is ready: one that hangs or is shutting down keeps getting its share of the \
         clients",
        "take HAProxy, which asks `/readyz`; or take a node out of the `upstream` by hand before it restarts",
    )]
}

fn counts_no_failure(served: &Served<'_, '_>) -> Vec<Finding> {
    let is_off = |here: &Here<'_, '_>| here.it.args().iter().any(|word| word.text == "max_fails=0");
    let off = served.members().filter(is_off);
    off.map(|here| {
        here.finding(
            Code::NginxMaxFailsOff,
            "`max_fails=0` keeps a dead server in its turn",
            written(&here).replace("max_fails=0", "max_fails=2"),
        )
    })
    .collect()
}

fn pins(served: &Served<'_, '_>) -> Vec<Finding> {
    let hashes = served.pool().filter(|here| matches!(here.it.name(), "hash" | "ip_hash"));
    hashes
        .map(|here| {
            here.finding(
                Code::PoolPinned,
                "a client is always led to the same API server; behind one router all of them are",
                "least_conn;",
            )
        })
        .collect()
}

fn connects_slowly(served: &Served<'_, '_>) -> Vec<Finding> {
    let instead = "proxy_connect_timeout 2s;";
    let Some(here) = served.in_force("proxy_connect_timeout") else {
        return vec![served.server.finding(
            Code::NginxConnectTimeout,
            "without `proxy_connect_timeout` a node that is cut off holds its clients up for 60 s",
            instead,
        )];
    };
    let within = here.it.arg(0).and_then(|text| value::time(&text)).filter(|time| *time > CONNECT_WITHIN);
    let finding = within.map(|time| {
        let why = format!("a node that is cut off holds its clients up for {} s", time.as_secs());
        here.finding(Code::NginxConnectTimeout, why, instead)
    });
    finding.into_iter().collect()
}

fn cuts_idle(served: &Served<'_, '_>) -> Vec<Finding> {
    let Some(here) = served.in_force("proxy_timeout") else { return vec![] };
    let short = here.it.arg(0).and_then(|text| value::time(&text)).filter(|time| *time < IDLE_AT_LEAST);
    let finding = short.map(|time| {
        let why = format!(
            "a watch that is quiet for {} s is cut; clients ask for a sign of life after 30 s only",
            time.as_secs()
        );
        let code = if time > SPOKEN_WITHIN { Code::IdleUnclear } else { Code::IdleCut };
        here.finding(code, why, "proxy_timeout 4h;")
    });
    finding.into_iter().collect()
}

fn shares_nothing(served: &Served<'_, '_>) -> Vec<Finding> {
    let Some(upstream) = served.upstream.filter(|_| served.workers == Workers::Many) else { return vec![] };
    if served.pool().any(|here| here.it.name() == "zone") {
        return vec![];
    }
    let name = upstream.it.arg(0).unwrap_or_default();
    vec![upstream.finding(
        Code::NginxNoZone,
        "without `zone` every worker has to find out by itself that a server is dead",
        format!("zone {name} 64k;"),
    )]
}

fn lacks_unit(served: &Served<'_, '_>) -> Vec<Finding> {
    let (mut findings, key) = (vec![], "fail_timeout=");
    for here in served.members() {
        let values = here.it.args().iter().filter_map(|word| word.text.strip_prefix(key));
        for bare in values.filter(|text| !value::has_unit(text)) {
            findings.push(here.finding(
                Code::NumberWithoutUnit,
                format!("`{key}{bare}` counts seconds here, where HAProxy would count milliseconds"),
                written(&here).replace(&format!("{key}{bare}"), &format!("{key}{bare}s")),
            ));
        }
    }
    for name in ["proxy_connect_timeout", "proxy_timeout"] {
        let Some(here) = served.in_force(name) else { continue };
        let bare = here.it.arg(0).filter(|text| !value::has_unit(text));
        findings.extend(bare.map(|bare| {
            let why = format!("`{name} {bare}` counts seconds here, where HAProxy would count milliseconds");
            here.finding(Code::NumberWithoutUnit, why, format!("{name} {bare}s;"))
        }));
    }
    findings
}

/// Listens at an address that only one machine of a pair holds.
pub(super) fn listens_away(served: &Served<'_, '_>, moving: &Moving<'_>) -> Vec<Finding> {
    let told = |here: Here<'_, '_>| {
        let (host, port) = value::address(&here.it.arg(0)?)?;
        let (away, port) = (moving.away(&host?, here.source)?, port?);
        let rest: String = here.it.args()[1..].iter().map(|word| format!(" {}", word.text)).collect();
        let instead = away.instead(&format!("listen {port}{rest};"));
        Some(here.finding(Code::BindAway, away.why(), instead))
    };
    served.listens().filter_map(told).collect()
}

/// The directive as it would be written anew.
fn written(here: &Here<'_, '_>) -> String {
    let words: Vec<_> = here.it.words.iter().map(|word| word.text).collect();
    format!("{};", words.join(" "))
}
