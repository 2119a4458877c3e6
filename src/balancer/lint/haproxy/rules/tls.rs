//! Whether the client's TLS reaches the API server untouched.

use super::{Api, Line, Seen, Spot, without};
use crate::balancer::lint::haproxy::proxy::Proxy;

const BIND_FLAGS: &[&str] = &["ssl", "no-sslv3", "no-tlsv10", "no-tlsv11", "no-tls-tickets", "accept-proxy"];
const BIND_VALUED: &[&str] = &[
    "crt",
    "crt-list",
    "ca-file",
    "crl-file",
    "verify",
    "ciphers",
    "ciphersuites",
    "curves",
    "alpn",
    "npn",
    "ecdhe",
    "ssl-min-ver",
    "ssl-max-ver",
];
const SERVER_FLAGS: &[&str] = &["ssl"];
const SERVER_VALUED: &[&str] = &["alpn", "sni"];
const PROXY_WORDS: &[&str] =
    &["send-proxy", "send-proxy-v2", "send-proxy-v2-ssl", "send-proxy-v2-ssl-cn", "check-send-proxy"];

pub fn ended(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let why = "TLS ends here, so client certificates never reach the API servers: their owners are anonymous to them";
    let binds = binds(api).filter(|line| line.has("ssl") || line.has("crt-list"));
    binds.map(|line| Spot::new(line.number, why).instead(without(line, BIND_FLAGS, BIND_VALUED))).collect()
}

pub fn reencrypted(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let why =
        "HAProxy makes a TLS connection of its own to the API server, which then sees no client certificate";
    let lines = api.servers.iter().filter_map(|server| server.has("ssl"));
    let mut spots: Vec<Spot> = lines
        .map(|line| Spot::new(line.number, why).instead(without(line, SERVER_FLAGS, SERVER_VALUED)))
        .collect();
    spots.dedup();
    spots
}

pub fn mode_http(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let why = "reads what clients send as HTTP, and they speak TLS";
    let spot = |proxy: &Proxy<'_>| {
        let (mode, line) = proxy.mode();
        let line = line.filter(|_| mode == "http")?;
        let (keyword, name) = (proxy.section.keyword, proxy.name());
        let is_own = proxy.own().any(|own| own.number == line.number);
        Some(if is_own {
            Spot::new(line.number, format!("{keyword} {name} {why}")).instead("mode tcp")
        } else {
            let why = format!("{keyword} {name} {why}: `mode http` of line {} holds here", line.number);
            Spot::new(proxy.section.first, why).instead("write `mode tcp` below it")
        })
    };
    api.proxies().filter_map(spot).collect()
}

pub fn proxy_protocol(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let to_servers = "the API server takes the PROXY line for a broken TLS handshake and closes";
    let from_clients = "kubectl sends no PROXY line, so nobody gets through";
    let servers =
        api.servers.iter().filter_map(|server| PROXY_WORDS.iter().find_map(|word| server.has(word)));
    let servers =
        servers.map(|line| Spot::new(line.number, to_servers).instead(without(line, PROXY_WORDS, &[])));
    let binds = binds(api).filter(|line| line.has("accept-proxy"));
    let binds =
        binds.map(|line| Spot::new(line.number, from_clients).instead(without(line, &["accept-proxy"], &[])));
    let mut spots: Vec<Spot> = servers.chain(binds).collect();
    spots.dedup();
    spots
}

pub fn sni_only(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let spot = |frontend: &Proxy<'_>| {
        if frontend.section.keyword == "listen" || frontend.set(&["default_backend"]).is_some() {
            return None;
        }
        let name = api.backend.name();
        let uses: Vec<_> = frontend.own().filter(|line| line.begins(&["use_backend", name])).collect();
        let first = uses.first().filter(|_| uses.iter().all(|line| asks_for_name(line, frontend)))?;
        let why = "clients that come by an address send no server name, and find no backend";
        Some(Spot::new(first.number, why).instead(format!("default_backend {name}")))
    };
    api.frontends.iter().filter_map(spot).collect()
}

/// Whether a condition asks for the TLS server name, itself or through an ACL.
fn asks_for_name(line: &Line<'_>, frontend: &Proxy<'_>) -> bool {
    let is_sni = |text: &str| text.contains("ssl_sni") || text.contains("ssl_fc_sni");
    let acls = frontend.own().filter(|line| line.word(0) == Some("acl") && line.word(2).is_some_and(is_sni));
    let names: Vec<&str> = acls.filter_map(|acl| acl.word(1)).collect();
    line.texts(2).any(|word| is_sni(word) || names.contains(&word))
}

/// The `bind` statements of the frontends.
fn binds<'b>(api: &'b Api<'_>) -> impl Iterator<Item = &'b Line<'b>> {
    api.frontends.iter().flat_map(Proxy::own).filter(|line| line.begins(&["bind"]))
}
