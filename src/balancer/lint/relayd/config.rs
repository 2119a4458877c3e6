//! A file of relayd: its statements, its tables, and the macros in them.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    super::{
        PoolServer, Source, Spot,
        words::{Statement, Word, named},
    },
    parse,
};
use crate::report::{Code, Finding};

pub(super) struct Config<'a> {
    pub source: &'a Source,
    pub statements: Vec<Statement<'a>>,
    macros: BTreeMap<String, String>,
    unread: Vec<(usize, &'static str)>,
}

/// Words after a host that belong to it, and take one word more.
const OF_HOST: &[&str] = &["retry", "ttl", "priority", "parent"];

impl<'a> Config<'a> {
    pub fn of(source: &'a Source) -> Self {
        let parsed = parse::parse(&source.text);
        let mut unread = parsed.unread;
        let included = named(&parsed.statements, "include");
        unread.extend(included.map(|it| (it.line, "what it includes is not at hand")));
        let macros = parsed.statements.iter().filter_map(|it| match it.words.as_slice() {
            [name, equals, value] if equals.text == "=" => {
                Some((name.text.to_owned(), value.value().into_owned()))
            }
            _ => None,
        });
        Self { source, macros: macros.collect(), statements: parsed.statements, unread }
    }

    /// What a word means; `None` where it is a macro that is not known here.
    pub fn meaning<'w>(&'w self, word: Word<'w>) -> Option<Cow<'w, str>> {
        let value = word.value();
        match value.strip_prefix('$') {
            Some(name) => self.macros.get(name).map(|value| Cow::Borrowed(value.as_str())),
            None => Some(value),
        }
    }

    /// A number that stands after a word at the top of the file.
    pub fn global(&self, name: &str) -> Option<(u64, usize)> {
        let it = named(&self.statements, name).last()?;
        Some((self.meaning(*it.args().first()?)?.parse().ok()?, it.line))
    }

    /// The hosts of a table; `name` with its brackets.
    pub fn hosts(&self, name: &str) -> Vec<PoolServer> {
        let tables = named(&self.statements, "table");
        let table = tables.filter(|it| it.args().first().is_some_and(|word| word.text == name)).last();
        let words: Vec<Word<'_>> =
            table.into_iter().flat_map(|it| it.body()).flat_map(|it| it.words.clone()).collect();
        let mut hosts = vec![];
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if OF_HOST.contains(&word.text) {
                words.next();
            } else if word.text != "ip"
                && let Some(host) = self.meaning(word)
            {
                hosts.push(server(&host, word.line));
            }
        }
        hosts
    }

    pub fn unread(&self) -> impl Iterator<Item = Finding> {
        self.unread.iter().map(|(line, why)| {
            self.source.finding(Code::NotJudged, Spot::new(*line, format!("this is not judged: {why}")))
        })
    }
}

pub(super) fn server(host: &str, line: usize) -> PoolServer {
    PoolServer { line, name: host.to_owned(), host: host.to_owned(), port: None, is_spare: false }
}
