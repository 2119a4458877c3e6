//! What holds in a frontend, a backend or a `listen`, once its defaults are counted in.

use std::time::Duration;

use super::{
    parse::{Config, Line, Section},
    server::Server,
    value::{address, duration},
};
use crate::balancer::lint::Listen;

/// A section with the defaults that hold for it, nearest first.
#[derive(Clone)]
pub struct Proxy<'a> {
    pub config: &'a Config<'a>,
    pub section: &'a Section,
    pub defaults: Vec<&'a Section>,
}

/// An address that a frontend listens on.
pub struct Bind<'a> {
    pub line: &'a Line<'a>,
    pub listen: Listen,
}

/// The proxies of a configuration, in their order.
pub fn proxies<'a>(config: &'a Config<'a>) -> Vec<Proxy<'a>> {
    let is_proxy = |section: &&Section| ["frontend", "backend", "listen"].contains(&section.keyword);
    let proxy = |section| Proxy { config, section, defaults: defaults(config, section) };
    config.sections.iter().filter(is_proxy).map(proxy).collect()
}

/// The defaults of a section: those that it names, else the last before it; and those that they name in turn.
fn defaults<'a>(config: &'a Config<'a>, of: &Section) -> Vec<&'a Section> {
    let before =
        || config.sections.iter().filter(|section| section.keyword == "defaults" && section.first < of.first);
    let named = |name: &String| before().rev().find(|section| section.name == *name);
    let nearest = match &of.from {
        Some(name) => named(name),
        None => before().next_back(),
    };
    let above = |section: &&'a Section| {
        let name = section.from.as_ref()?;
        let is_above = |above: &&Section| {
            above.first < section.first && above.keyword == "defaults" && above.name == *name
        };
        config.sections.iter().rev().find(is_above)
    };
    std::iter::successors(nearest, above).collect()
}

impl<'a> Proxy<'a> {
    pub fn name(&self) -> &'a str {
        &self.section.name
    }

    /// Whether part of what holds here only HAProxy can tell.
    pub fn is_conditional(&self) -> bool {
        self.section.is_conditional || self.defaults.iter().any(|section| section.is_conditional)
    }

    /// The statements of the section itself.
    pub fn own(&self) -> impl DoubleEndedIterator<Item = &'a Line<'a>> {
        self.config.statements(self.section)
    }

    /// The section, and then its defaults.
    pub fn scopes(&self) -> impl Iterator<Item = &'a Section> {
        std::iter::once(self.section).chain(self.defaults.iter().copied())
    }

    /// The statement that holds among those that begin so: the last of the nearest scope.
    pub fn set(&self, head: &[&str]) -> Option<&'a Line<'a>> {
        self.scopes().find_map(|scope| self.config.statements(scope).rev().find(|line| line.begins(head)))
    }

    /// All statements that begin so, of the nearest scope that has any.
    pub fn rules(&self, head: &[&str]) -> Vec<&'a Line<'a>> {
        let of = |scope| self.config.statements(scope).filter(|line| line.begins(head)).collect::<Vec<_>>();
        self.scopes().map(of).find(|lines| !lines.is_empty()).unwrap_or_default()
    }

    /// An option that is switched on.
    pub fn option(&self, name: &str) -> Option<&'a Line<'a>> {
        let heads: [&[&str]; 2] = [&["option", name], &["no", "option", name]];
        let is_it = |line: &&Line<'_>| heads.iter().any(|head| line.begins(head));
        let line = self.scopes().find_map(|scope| self.config.statements(scope).rev().find(is_it))?;
        (line.word(0) == Some("option")).then_some(line)
    }

    /// `None` where it is not set; the inner `None` where only HAProxy knows how long.
    pub fn timeout(&self, which: &str) -> Option<(&'a Line<'a>, Option<Duration>)> {
        let line = self.set(&["timeout", which])?;
        let word = line.words.get(2)?;
        Some((line, duration(&word.text).filter(|_| !word.is_variable)))
    }

    /// `tcp` where nothing is said.
    pub fn mode(&self) -> (&'a str, Option<&'a Line<'a>>) {
        let line = self.set(&["mode"]);
        (line.and_then(|line| line.word(1)).unwrap_or("tcp"), line)
    }

    pub fn servers(&self) -> Vec<Server<'a>> {
        let mut before: Vec<&'a Line<'a>> = vec![];
        for scope in self.defaults.iter().rev() {
            before.extend(self.config.statements(scope).filter(|line| line.begins(&["default-server"])));
        }
        let mut servers = vec![];
        for line in self.own() {
            match line.word(0) {
                Some("default-server") => before.push(line),
                Some("server" | "server-template") => servers.push(Server::of(line, &before)),
                _ => {}
            }
        }
        servers
    }

    pub fn binds(&self) -> Vec<Bind<'a>> {
        let lines = self.own().filter(|line| line.begins(&["bind"]));
        lines.flat_map(binds_of).collect()
    }
}

fn binds_of<'a>(line: &'a Line<'a>) -> Vec<Bind<'a>> {
    let listed = line.word(1).unwrap_or_default();
    let bind = |text| {
        let (host, port) = address(text)?;
        Some(Bind { line, listen: Listen { line: line.number, host, port: port? } })
    };
    listed.split(',').filter_map(bind).collect()
}
