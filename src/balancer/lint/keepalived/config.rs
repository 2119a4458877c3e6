//! What one machine reads of keepalived: its statements with the variables in them filled in.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    super::{
        Listen, Pool, PoolServer, Serves, Source, Spot,
        words::{Statement, Word, named},
    },
    load::{self, Piece},
    sequence,
};
use crate::report::{Code, Finding};

pub(super) struct Config<'a> {
    /// Where keepalived begins to read.
    pub source: &'a Source,
    pub pieces: Vec<Piece<'a>>,
    variables: BTreeMap<String, String>,
    unread: Vec<(&'a Source, usize, &'static str)>,
    /// Whether something is included that is not at hand.
    pub lacks: bool,
}

/// A block, and the file where it stands.
#[derive(Clone, Copy)]
pub(super) struct Block<'c, 'a> {
    pub config: &'c Config<'a>,
    pub source: &'a Source,
    pub it: &'c Statement<'a>,
}

/// A value, and the line where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Value {
    pub text: String,
    pub line: usize,
}

impl<'a> Config<'a> {
    /// The files that one machine reads, the first of them first.
    pub fn of(
        files: impl Iterator<Item = (Piece<'a>, Vec<(usize, &'static str)>)>,
        is_followed: &dyn Fn(&Source, &Statement<'a>) -> bool,
    ) -> Option<Self> {
        let (mut pieces, mut unread, mut variables, mut lacks) = (vec![], vec![], BTreeMap::new(), false);
        for (piece, broken) in files {
            let source = piece.source;
            unread.extend(broken.into_iter().map(|(line, why)| (source, line, why)));
            for statement in &piece.statements {
                let is_missing = load::is_include(statement) && !is_followed(source, statement);
                lacks |= is_missing;
                let own = is_missing.then_some((statement.line, "what it includes is not at hand"));
                let told = own.into_iter().chain(unjudged(statement, ""));
                unread.extend(told.map(|(line, why)| {
                    let (source, line) = piece.place(line);
                    (source, line, why)
                }));
                variables.extend(variable(statement));
            }
            pieces.push(piece);
        }
        let source = pieces.first()?.source;
        Some(Self { source, pieces, variables, unread, lacks })
    }

    pub fn blocks<'c>(&'c self, name: &'c str) -> impl Iterator<Item = Block<'c, 'a>> {
        let of = move |piece: &'c Piece<'a>| {
            named(&piece.statements, name).map(move |it| Block { config: self, source: piece.source, it })
        };
        self.pieces.iter().flat_map(of)
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
        self.unread.iter().map(|(source, line, why)| {
            source.finding(Code::NotJudged, Spot::new(*line, format!("this is not judged: {why}")))
        })
    }

    /// The pools that the kernel itself balances.
    pub fn pools(&self) -> impl Iterator<Item = Pool<'a>> {
        self.blocks("virtual_server").filter_map(|block| block.pool())
    }
}

/// `$NAME=value`.
fn variable(statement: &Statement<'_>) -> Option<(String, String)> {
    let (name, value) = statement.words.first()?.text.strip_prefix('$')?.split_once('=')?;
    Some((name.to_owned(), value.trim_matches('"').to_owned()))
}

/// Blocks that are lists, of whose lines several may be made.
const LISTS: &[&str] = &["virtual_ipaddress", "unicast_peer"];

/// Statements of which several are made, elsewhere than in a list, and files that are included in the middle of a block
/// and are not at hand.
fn unjudged(statement: &Statement<'_>, around: &str) -> Vec<(usize, &'static str)> {
    let is_read = || LISTS.contains(&around) && sequence::lines(statement).is_some();
    let is_several = statement.name().starts_with('~') && !is_read();
    let own = is_several.then_some((statement.line, "keepalived makes several statements of it"));
    let is_missing = !around.is_empty() && load::is_include(statement);
    let missing =
        is_missing.then_some((statement.line, "what it includes in the middle of a block is not at hand"));
    let inner = statement.body().iter().flat_map(|it| unjudged(it, statement.name()));
    own.into_iter().chain(missing).chain(inner).collect()
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
        self.it.last(name).is_some()
    }

    /// The first words of the lines in a block, where all of them are known.
    pub fn listed(&self, name: &str) -> Option<Vec<Value>> {
        let mut listed = vec![];
        for it in self.it.last(name)?.body() {
            for line in sequence::lines(it)? {
                let first = Word { text: line.split(' ').next()?, line: it.line }.value().into_owned();
                let text = self.config.filled(Cow::Owned(first))?.into_owned();
                listed.push(Value { text, line: it.line });
            }
        }
        Some(listed)
    }

    pub fn finding(
        &self,
        code: Code,
        line: usize,
        why: impl Into<String>,
        instead: impl Into<String>,
    ) -> Finding {
        let (source, line) = self.place(line);
        source.finding(code, Spot::new(line, why).instead(instead))
    }

    /// The file where a line of the block stands, and its number there.
    pub fn place(&self, line: usize) -> (&'a Source, usize) {
        let mut pieces = self.config.pieces.iter();
        let own = pieces.find(|piece| std::ptr::eq(piece.source, self.source));
        own.map_or((self.source, line), |piece| piece.place(line))
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
            source: self.source,
            serves: Serves::of("", &ports),
            line: self.line(),
            name: format!("{host}:{port}"),
            servers,
            listens: vec![Listen { line: self.line(), host: Some(host), port }],
        })
    }
}
