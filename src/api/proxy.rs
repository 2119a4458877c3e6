//! The proxy in front of a server: the kubeconfig's `proxy-url`, else the environment's, as kubectl chooses.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::{endpoint::Endpoint, san::San};

/// `HTTPS_PROXY` and `NO_PROXY`.
#[derive(Default)]
pub(super) struct Environment {
    proxy: String,
    no_proxy: String,
}

impl Environment {
    pub(super) fn read() -> Self {
        let first =
            |names: [&str; 2]| names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
        Self { proxy: first(["HTTPS_PROXY", "https_proxy"]), no_proxy: first(["NO_PROXY", "no_proxy"]) }
    }
}

/// What to dial for `endpoint`, or `None` for the endpoint itself.
///
/// kube holds `NO_PROXY` against the proxy's address; like kubectl, this holds it against the server's.
pub(super) fn choose(
    stated: Option<&str>,
    environment: &Environment,
    endpoint: &Endpoint,
) -> Result<Option<Intercept>, String> {
    let target = endpoint.url().parse().map_err(|_| format!("`{endpoint}` is no URL"))?;
    if let Some(url) = stated.filter(|url| !url.is_empty()) {
        let proxy = Matcher::builder().https(url).build().intercept(&target);
        return proxy.map(Some).ok_or_else(|| "its proxy-url is none that cpctl can use".to_owned());
    }
    if is_this_machine(&endpoint.host) {
        return Ok(None);
    }
    let matcher =
        Matcher::builder().https(environment.proxy.as_str()).no(environment.no_proxy.as_str()).build();
    Ok(matcher.intercept(&target))
}

fn is_this_machine(host: &San) -> bool {
    match host {
        San::Ip(ip) => ip.is_loopback(),
        San::Dns(name) => name.as_str() == "localhost",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_the_one_that_kubectl_takes() {
        for (stated, proxy, no_proxy, host, dialled) in [
            (None, "", "", "10.0.0.1:6443", None),
            (None, "http://proxy:3128", "", "10.0.0.1:6443", Some("http://proxy:3128/")),
            (None, "proxy:3128", "", "10.0.0.1:6443", Some("http://proxy:3128/")),
            (None, "http://proxy:3128", "10.0.0.0/8", "10.0.0.1:6443", None),
            (None, "http://proxy:3128", "example.com", "api.example.com:6443", None),
            (None, "http://proxy:3128", "", "127.0.0.1:6443", None),
            (None, "http://proxy:3128", "", "localhost:6443", None),
            (Some("socks5://p:1080"), "http://x:1", "*", "127.0.0.1:6443", Some("socks5://p:1080/")),
            (Some(""), "", "", "10.0.0.1:6443", None),
        ] {
            let environment = Environment { proxy: proxy.into(), no_proxy: no_proxy.into() };
            let chosen = choose(stated, &environment, &host.parse().unwrap()).unwrap();

            assert_eq!(chosen.map(|proxy| proxy.uri().to_string()).as_deref(), dialled, "{proxy} {host}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_not_passed_by() {
        for url in ["ftp://p:1", "not a url", "://"] {
            assert!(choose(Some(url), &Environment::default(), &"a:1".parse().unwrap()).is_err(), "{url}");
        }
    }
}
