//! `rdr-to` and `rdr … ->`: rules that lead clients to one of several servers.

use super::super::{
    Facts, Pool, PoolServer, Serves, Source, Spot,
    words::{Statement, Word},
};
use crate::report::{Code, Finding};

#[derive(Default)]
pub(super) struct Found<'a> {
    pub pools: Vec<Pool<'a>>,
    pub findings: Vec<Finding>,
}

pub(super) fn all<'a>(source: &'a Source, statements: &[Statement<'_>], facts: &Facts<'_>) -> Found<'a> {
    let mut found = Found::default();
    for statement in statements {
        let Some(mut pool) = pool(source, statement, statements) else { continue };
        pool.serves = facts.serves(pool.serves, &pool.servers);
        if matches!(pool.serves, Serves::Api | Serves::Join) {
            found.findings.extend(judge(source, statement));
        }
        found.pools.push(pool);
    }
    found
}

fn judge(source: &Source, it: &Statement<'_>) -> Vec<Finding> {
    let instead = "take relayd or HAProxy, which ask every server whether it is ready";
    let why = "pf looks at no server: one that is dead keeps its share of the clients";
    let mut findings = vec![source.finding(Code::PfUnchecked, Spot::new(it.line, why).instead(instead))];
    if it.words.iter().any(|word| matches!(word.text, "sticky-address" | "source-hash")) {
        let why = "a client is always led to the same API server; behind one router all of them are";
        let spot = Spot::new(it.line, why).instead("round-robin, and no `sticky-address`");
        findings.push(source.finding(Code::PoolPinned, spot));
    }
    findings
}

/// A rule with several targets; one target alone is a port that is forwarded.
fn pool<'a>(source: &'a Source, it: &Statement<'_>, all: &[Statement<'_>]) -> Option<Pool<'a>> {
    let arrow = it.words.iter().position(|word| matches!(word.text, "rdr-to" | "->"))?;
    let (before, after) = it.words.split_at(arrow);
    let hosts: Vec<PoolServer> = targets(&after[1..], all).iter().map(|word| server(*word)).collect();
    if hosts.len() < 2 {
        return None;
    }
    let port = port(after, all).or_else(|| port(before, all));
    let ports: Vec<u16> = port.into_iter().collect();
    let servers = hosts.into_iter().map(|host| PoolServer { port, ..host });
    Some(Pool {
        source,
        serves: Serves::of("", &ports),
        line: it.line,
        name: port.map_or("pf".to_owned(), |port| format!("port {port}")),
        servers: servers.collect(),
        listens: vec![],
    })
}

/// The addresses between braces, of the rule itself, of a macro or of a table.
fn targets<'t>(words: &[Word<'t>], all: &[Statement<'t>]) -> Vec<Word<'t>> {
    let Some(first) = words.first() else { return vec![] };
    if first.text == "{" {
        return listed(words);
    }
    let name = first.text.trim_start_matches('$');
    let definition = all.iter().find(|it| match it.words.as_slice() {
        [macro_name, equals, ..] if equals.text == "=" => macro_name.text == name && first.text != name,
        [table, table_name, ..] if table.text == "table" => table_name.text == first.text,
        _ => false,
    });
    let words = definition.map_or(&[][..], |it| it.words.as_slice());
    words.iter().position(|word| word.text == "{").map_or(vec![], |open| listed(&words[open..]))
}

fn listed<'t>(words: &[Word<'t>]) -> Vec<Word<'t>> {
    words.iter().skip(1).take_while(|word| word.text != "}").copied().collect()
}

fn port(words: &[Word<'_>], all: &[Statement<'_>]) -> Option<u16> {
    let at = words.iter().position(|word| word.text == "port")?;
    let word = words.get(at + 1).filter(|word| word.text != "=").or_else(|| words.get(at + 2))?;
    let Some(name) = word.text.strip_prefix('$') else { return word.text.parse().ok() };
    let definition =
        all.iter().find(|it| it.words.len() == 3 && it.words[1].text == "=" && it.words[0].text == name);
    definition?.words[2].value().parse().ok()
}

fn server(word: Word<'_>) -> PoolServer {
    let host = word.value().into_owned();
    PoolServer { line: word.line, name: host.clone(), host, port: None, is_spare: false }
}
