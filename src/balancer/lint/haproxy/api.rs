//! Which backends hold API servers, and which frontends lead to them.

use super::{
    parse::{Config, Line},
    pool_servers,
    proxy::{Proxy, proxies},
    server::Server,
};
use crate::balancer::lint::{Facts, Serves, Source};

/// A file with all that rules may look at.
pub struct Seen<'a> {
    pub config: &'a Config<'a>,
    pub proxies: Vec<Proxy<'a>>,
    /// Every backend, whatever it serves.
    pub apis: Vec<Api<'a>>,
    pub source: &'a Source,
    /// The files that were given together with this one.
    pub files: &'a [Source],
    pub facts: &'a Facts<'a>,
}

/// A backend with the frontends that lead there; a `listen` is both.
pub struct Api<'a> {
    pub backend: Proxy<'a>,
    pub frontends: Vec<Proxy<'a>>,
    pub servers: Vec<Server<'a>>,
    pub serves: Serves,
}

impl<'a> Seen<'a> {
    pub fn of(config: &'a Config<'a>, source: &'a Source, files: &'a [Source], facts: &'a Facts<'a>) -> Self {
        let proxies = proxies(config);
        let backends = proxies.iter().filter(|proxy| proxy.section.keyword != "frontend");
        let apis = backends.map(|backend| Api::of(backend, &proxies, facts)).collect();
        Self { config, proxies, apis, source, files, facts }
    }

    /// What is judged: API servers, and where nodes join.
    pub fn judged(&self) -> impl Iterator<Item = &Api<'a>> {
        self.apis
            .iter()
            .filter(|api| matches!(api.serves, Serves::Api | Serves::Join) && !api.is_conditional())
    }

    /// The frontends on ports of API servers, wherever they lead.
    pub fn api_frontends(&self) -> impl Iterator<Item = &Proxy<'a>> {
        let is_api = |proxy: &&Proxy<'_>| {
            let ports: Vec<u16> = proxy.binds().iter().map(|bind| bind.listen.port).collect();
            Serves::of(proxy.name(), &ports) == Serves::Api
        };
        self.proxies.iter().filter(|proxy| proxy.section.keyword == "frontend").filter(is_api)
    }

    /// The statements of the `global` sections; `None` where there is none.
    pub fn global(&self) -> Option<Vec<&'a Line<'a>>> {
        let sections: Vec<_> =
            self.config.sections.iter().filter(|section| section.keyword == "global").collect();
        if sections.is_empty() {
            return None;
        }
        Some(sections.into_iter().flat_map(|section| self.config.statements(section)).collect())
    }

    /// Whether the file is only a part of what its program reads, as the exports of firewalls are.
    pub fn is_fragment(&self) -> bool {
        !self.config.sections.iter().any(|section| ["defaults", "global"].contains(&section.keyword))
    }
}

impl<'a> Api<'a> {
    fn of(backend: &Proxy<'a>, proxies: &[Proxy<'a>], facts: &Facts<'_>) -> Self {
        let leads = |proxy: &&Proxy<'a>| {
            proxy.section.first == backend.section.first || leads_to(proxy, backend.name())
        };
        let frontends: Vec<_> = proxies
            .iter()
            .filter(|proxy| proxy.section.keyword != "backend")
            .filter(leads)
            .cloned()
            .collect();
        let servers = backend.servers();
        let own = servers.iter().filter_map(|server| server.port);
        let listened = frontends.iter().flat_map(Proxy::binds).map(|bind| bind.listen.port);
        let mut ports: Vec<u16> = own.collect();
        if ports.is_empty() && !servers.is_empty() {
            ports.extend(listened);
        }
        let held: Vec<_> = servers.iter().flat_map(pool_servers).collect();
        let serves = facts.serves(Serves::of(backend.name(), &ports), &held);
        Self { backend: backend.clone(), frontends, servers, serves }
    }

    pub fn is_conditional(&self) -> bool {
        self.proxies().any(|proxy| proxy.is_conditional())
    }

    /// The backend and its frontends, each once.
    pub fn proxies(&self) -> impl Iterator<Item = &Proxy<'a>> {
        let others = self.frontends.iter().filter(|proxy| proxy.section.first != self.backend.section.first);
        std::iter::once(&self.backend).chain(others)
    }

    /// The servers that HAProxy looks at.
    pub fn checked(&self) -> impl Iterator<Item = &Server<'a>> {
        self.servers.iter().filter(|server| server.has("check").is_some())
    }

    /// Those of them that are asked where their clients go, rather than at a port or an address of the check's own.
    pub fn asked(&self) -> impl Iterator<Item = &Server<'a>> {
        self.checked().filter(|server| server.says("port").is_none() && server.says("addr").is_none())
    }
}

/// Whether a frontend sends clients to a backend, under whatever condition.
fn leads_to(frontend: &Proxy<'_>, backend: &str) -> bool {
    let is_default = frontend.set(&["default_backend"]).is_some_and(|line| line.word(1) == Some(backend));
    is_default || frontend.own().any(|line| line.begins(&["use_backend", backend]))
}
