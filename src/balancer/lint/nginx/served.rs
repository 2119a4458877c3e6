//! Servers of NGINX that lead to API servers, with the values that are in force for them.

use super::{
    super::{Facts, Listen, Pool, PoolServer, Serves, Source, words::Statement},
    Here,
    load::Config,
    value,
};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Layer {
    /// Connections are passed on as they are.
    Stream,
    /// Requests are read.
    Http,
}

/// A `server` and what it passes on to.
pub(super) struct Served<'f, 'a> {
    pub layer: Layer,
    pub server: Here<'f, 'a>,
    pub pass: Here<'f, 'a>,
    /// `None` where it passes on to one address.
    pub upstream: Option<Here<'f, 'a>>,
    /// What is inherited, the nearest last.
    around: Vec<Here<'f, 'a>>,
    /// What stands in the server, and in its upstream, with what they include.
    body: Vec<Here<'f, 'a>>,
    pool: Vec<Here<'f, 'a>>,
    /// Whether the main file is at hand, and how many workers it starts if it says so.
    pub workers: Workers,
    pub serves: Serves,
    name: String,
    servers: Vec<PoolServer>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Workers {
    Unknown,
    One,
    Many,
}

impl<'f, 'a> Served<'f, 'a> {
    /// What it serves, as the inventory tells.
    pub fn hold_against(&mut self, facts: &Facts<'_>) {
        self.serves = facts.serves(self.serves, &self.servers);
    }

    /// The directive of this name that is in force.
    pub fn in_force(&self, name: &str) -> Option<Here<'f, 'a>> {
        self.around.iter().chain(&self.body).copied().rfind(|here| here.it.name() == name)
    }

    pub fn listens(&self) -> impl Iterator<Item = Here<'f, 'a>> {
        self.body.iter().copied().filter(|here| here.it.name() == "listen")
    }

    /// The lines of the pool, servers and all else.
    pub fn pool(&self) -> impl Iterator<Item = Here<'f, 'a>> {
        self.pool.iter().copied()
    }

    /// The lines of the pool's servers.
    pub fn members(&self) -> impl Iterator<Item = Here<'f, 'a>> {
        members(&self.pool)
    }
}

/// All servers that lead to API servers, in the order of the files.
pub(super) fn all<'f, 'a>(config: &Config<'f, 'a>) -> Vec<Served<'f, 'a>> {
    let mut all = vec![];
    let workers = workers(&config.main());
    for root in config.roots() {
        let blocks = root.iter().filter(|here| matches!(here.it.name(), "stream" | "http"));
        let mut scopes: Vec<_> = blocks.map(|here| config.spread(here.source, here.it.body())).collect();
        let misplaced = scopes.iter().flatten().filter(|here| here.it.name() == "stream");
        let misplaced: Vec<_> = misplaced.map(|here| config.spread(here.source, here.it.body())).collect();
        scopes.extend(misplaced);
        for scope in [root.clone()].into_iter().chain(scopes) {
            all.extend(of_scope(config, &scope, &workers));
        }
    }
    all
}

fn workers(root: &[Here<'_, '_>]) -> Workers {
    let is_main = root.iter().any(|here| here.it.name() == "events");
    let said = root.iter().find(|here| here.it.name() == "worker_processes");
    match said.and_then(|here| here.it.arg(0)) {
        Some(number) if number != "1" => Workers::Many,
        Some(_) => Workers::One,
        None if is_main => Workers::One,
        None => Workers::Unknown,
    }
}

fn of_scope<'f, 'a>(
    config: &Config<'f, 'a>,
    scope: &[Here<'f, 'a>],
    workers: &Workers,
) -> Vec<Served<'f, 'a>> {
    let mut all = vec![];
    for server in scope.iter().filter(|here| here.it.name() == "server" && here.it.block.is_some()) {
        let mut passes = vec![];
        collect(&config.inside(*server), Layer::Stream, &mut passes);
        for (layer, pass) in passes {
            let of_server = one(config, scope, *server, (layer, pass));
            all.extend(of_server.map(|one| Served { workers: workers.clone(), ..one }));
        }
    }
    all
}

/// Every `proxy_pass` of a server; those below a `location` read requests. A location that only hands a health check
/// through leads no client anywhere.
fn collect<'f, 'a>(body: &[Here<'f, 'a>], layer: Layer, found: &mut Vec<(Layer, Here<'f, 'a>)>) {
    for here in body {
        let is_check =
            here.it.args().iter().any(|word| matches!(word.text, "/healthz" | "/readyz" | "/livez"));
        let inner = || here.it.body().iter().map(|it| Here { it, ..*here }).collect::<Vec<_>>();
        match here.it.name() {
            "proxy_pass" => found.push((layer, *here)),
            "location" if is_check => {}
            _ => collect(&inner(), Layer::Http, found),
        }
    }
}

fn one<'f, 'a>(
    config: &Config<'f, 'a>,
    scope: &[Here<'f, 'a>],
    server: Here<'f, 'a>,
    (layer, pass): (Layer, Here<'f, 'a>),
) -> Option<Served<'f, 'a>> {
    let target = pass.it.arg(0)?;
    let target = target.split_once("://").map_or(target.as_ref(), |(_, rest)| rest);
    let target = target.split('/').next().unwrap_or(target).to_owned();
    let is_it = |here: &&Here<'f, 'a>| {
        here.it.name() == "upstream" && here.it.arg(0).is_some_and(|name| name == target)
    };
    let upstream = scope.iter().find(is_it).copied();
    let pool = upstream.map(|upstream| config.inside(upstream)).unwrap_or_default();
    let of_pool = |at: Here<'f, 'a>| {
        members(&pool)
            .filter_map(|here| member(here.it, line_in(here, at), here.it.arg(0)?.as_ref()))
            .collect::<Vec<_>>()
    };
    let servers: Vec<PoolServer> = match upstream {
        Some(upstream) => of_pool(upstream),
        None => member(pass.it, pass.it.line, &target).into_iter().collect(),
    };
    let ports: Vec<u16> = servers.iter().filter_map(|server| server.port).collect();
    Some(Served {
        layer,
        server,
        pass,
        upstream,
        around: scope.to_vec(),
        body: config.inside(server),
        pool,
        workers: Workers::Unknown,
        serves: Serves::of(&target, &ports),
        name: target,
        servers,
    })
}

fn members<'f, 'a>(pool: &[Here<'f, 'a>]) -> impl Iterator<Item = Here<'f, 'a>> {
    pool.iter().copied().filter(|here| here.it.name() == "server")
}

/// Where something is told of another place in the same file; what that includes is told at the place itself.
fn line_in(here: Here<'_, '_>, at: Here<'_, '_>) -> usize {
    if std::ptr::eq(here.source, at.source) { here.it.line } else { at.it.line }
}

fn member(it: &Statement<'_>, line: usize, address: &str) -> Option<PoolServer> {
    let (host, port) = value::address(address)?;
    let host = host?;
    let is_spare = it.args().iter().any(|word| matches!(word.text, "backup" | "down"));
    Some(PoolServer { line, name: address.to_owned(), host, port, is_spare })
}

/// The pools, each with everywhere that it is reached.
pub(super) fn pools<'a>(served: &[Served<'_, 'a>]) -> Vec<Pool<'a>> {
    let mut pools: Vec<Pool<'a>> = vec![];
    for one in served {
        let at = one.upstream.unwrap_or(one.pass);
        let listens = one.listens().filter_map(|here| listen(here.it, line_in(here, one.server)));
        let known = pools.iter_mut().find(|pool| is_at(pool, at.source, at.it.line));
        match known {
            Some(pool) => pool.listens.extend(listens),
            None => pools.push(Pool {
                source: at.source,
                serves: one.serves,
                line: at.it.line,
                name: one.name.clone(),
                servers: one.servers.clone(),
                listens: listens.collect(),
            }),
        }
    }
    pools
}

fn is_at(pool: &Pool<'_>, source: &Source, line: usize) -> bool {
    std::ptr::eq(pool.source, source) && pool.line == line
}

fn listen(statement: &Statement<'_>, line: usize) -> Option<Listen> {
    let (host, port) = value::address(&statement.arg(0)?)?;
    Some(Listen { line, host, port: port? })
}
