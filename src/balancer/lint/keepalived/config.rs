//! A file of keepalived: its statements with the variables in them filled in.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    super::{
        Listen, Pool, PoolServer, Serves, Source, Spot,
        words::{Statement, named},
    },
    parse,
};
use crate::report::{Code, Finding};

pub(super) struct Config<'a> {
    pub source: &'a Source,
    pub statements: Vec<Statement<'a>>,
    variables: BTreeMap<String, String>,
    unread: Vec<(usize, &'static str)>,
}

/// A block of a file.
#[derive(Clone, Copy)]
pub(super) struct Block<'c, 'a> {
    pub config: &'c Config<'a>,
    pub it: &'c Statement<'a>,
}

/// A value, and the line where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Value {
    pub text: String,
    pub line: usize,
}

impl<'a> Config<'a> {
    pub fn of(source: &'a Source) -> Self {
        let parsed = parse::parse(&source.text);
        let mut config =
            Self { source, variables: BTreeMap::new(), statements: vec![], unread: parsed.unread };
        for statement in &parsed.statements {
            config.unread.extend(unjudged(statement));
            let set = statement.words.first().and_then(|word| word.text.strip_prefix('$')?.split_once('='));
            if let Some((name, value)) = set {
                config.variables.insert(name.to_owned(), value.trim_matches('"').to_owned());
            }
        }
        config.statements = parsed.statements;
        config
    }

    pub fn blocks<'c>(&'c self, name: &'c str) -> impl Iterator<Item = Block<'c, 'a>> {
        named(&self.statements, name).map(move |it| Block { config: self, it })
    }

    pub fn instances(&self) -> impl Iterator<Item = Block<'_, 'a>> {
        self.blocks("vrrp_instance")
    }

    pub fn scripts(&self) -> impl Iterator<Item = Block<'_, 'a>> {
        self.blocks("vrrp_script")
    }

    /// A text with the variables in it filled in; `None` where one is not known here.
    pub fn filled<'t>(&self, text: Cow<'t, str>) -> Option<Cow<'t, str>> {
        if !text.contains('$') {
            return Some(text);
        }
        let mut text = text.into_owned();
        for (name, value) in self.variables.iter().rev() {
            text = text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
        }
        (!text.contains('$')).then_some(Cow::Owned(text))
    }

    /// What of the file is not judged.
    pub fn unread(&self) -> impl Iterator<Item = Finding> {
        self.unread.iter().map(|(line, why)| {
            self.source.finding(Code::NotJudged, Spot::new(*line, format!("this is not judged: {why}")))
        })
    }

    /// The pools that the kernel itself balances.
    pub fn pools(&self) -> impl Iterator<Item = Pool<'a>> {
        self.blocks("virtual_server").filter_map(|block| block.pool())
    }
}

/// Statements that hold only on some machines, or that stand elsewhere.
fn unjudged(statement: &Statement<'_>) -> Vec<(usize, &'static str)> {
    let own = match statement.name() {
        "include" | "includer" | "includem" | "includew" | "includeb" => {
            Some("what it includes is not at hand")
        }
        name if name.starts_with('@') => Some("it holds on some machines only"),
        name if name.starts_with('~') => Some("keepalived makes several statements of it"),
        _ => None,
    };
    let own = own.map(|why| (statement.line, why));
    own.into_iter().chain(statement.body().iter().flat_map(unjudged)).collect()
}

impl<'c, 'a> Block<'c, 'a> {
    pub fn name(&self) -> Cow<'a, str> {
        self.it.arg(0).unwrap_or_default()
    }

    pub fn line(&self) -> usize {
        self.it.line
    }

    pub fn inner(&self, name: &'c str) -> Option<Self> {
        self.it.last(name).map(|it| Self { it, ..*self })
    }

    /// The value of the last statement of this name; `None` where it is missing or not known.
    pub fn value(&self, name: &str) -> Option<Value> {
        let it = self.it.last(name)?;
        let text = self.config.filled(it.arg(0)?)?.into_owned();
        Some(Value { text, line: it.line })
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.text.parse().ok()
    }

    /// Whether a statement of this name is there, whatever it says.
    pub fn has(&self, name: &str) -> bool {
        self.it.last(name).is_some() || self.it.body().iter().any(|it| is_conditional(it, name))
    }

    /// The first words of the lines in a block, where all of them are known.
    pub fn listed(&self, name: &str) -> Option<Vec<Value>> {
        let lines = self.it.last(name)?.body().iter();
        lines
            .map(|it| {
                let text = self.config.filled(it.words.first()?.value())?.into_owned();
                Some(Value { text, line: it.line })
            })
            .collect()
    }

    pub fn finding(
        &self,
        code: Code,
        line: usize,
        why: impl Into<String>,
        instead: impl Into<String>,
    ) -> Finding {
        self.config.finding(code, line, why, instead)
    }

    fn pool(&self) -> Option<Pool<'a>> {
        let (host, port) = (self.it.arg(0)?.into_owned(), self.it.arg(1)?.parse().ok()?);
        let servers = self.it.all("real_server").filter_map(|it| {
            let host = it.arg(0)?.into_owned();
            let port = it.arg(1).and_then(|port| port.parse().ok());
            Some(PoolServer { line: it.line, name: host.clone(), host, port, is_spare: false })
        });
        let servers: Vec<PoolServer> = servers.collect();
        let ports: Vec<u16> = servers.iter().filter_map(|server| server.port).collect();
        Some(Pool {
            source: self.config.source,
            serves: Serves::of("", &ports),
            line: self.line(),
            name: format!("{host}:{port}"),
            servers,
            listens: vec![Listen { line: self.line(), host: Some(host), port }],
        })
    }
}

fn is_conditional(statement: &Statement<'_>, name: &str) -> bool {
    statement.name().starts_with('@') && statement.args().first().is_some_and(|word| word.text == name)
}
