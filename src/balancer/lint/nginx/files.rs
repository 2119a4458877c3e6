//! The files that were given, by the machines that they are of, and taken apart where `nginx -T` has printed them.

use std::collections::BTreeMap;

use super::{
    super::{Source, words::Statement},
    parse,
};

/// Where packages and the project itself keep the configuration.
pub(super) const PREFIXES: &[&str] =
    &["/etc/nginx", "/usr/local/etc/nginx", "/usr/local/nginx/conf", "/opt/nginx/conf"];
/// What `nginx -T` writes above each file.
const DUMPED: &str = "# configuration file ";
/// A file as NGINX sees it.
pub(super) struct Piece<'a> {
    pub source: &'a Source,
    pub path: String,
    pub statements: Vec<Statement<'a>>,
}

pub(super) struct Loaded<'a> {
    pub pieces: Vec<Piece<'a>>,
    /// Lines that cannot be read, and why.
    pub unread: Vec<(&'a Source, (usize, &'static str))>,
}

/// The files of each machine, told apart by what stands before the path that they have there; those of one machine may
/// lie anywhere.
pub(super) fn by_machine<'a>(sources: &[&'a Source]) -> Vec<Vec<&'a Source>> {
    let mut machines: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        machines.entry(machine(&source.name)).or_default().push(source);
    }
    match machines.keys().filter(|machine| !machine.is_empty()).count() {
        0 | 1 => vec![sources.to_vec()],
        _ => machines.into_values().collect(),
    }
}

fn machine(name: &str) -> &str {
    let begin = PREFIXES.iter().filter_map(|prefix| name.find(&format!("{prefix}/"))).min();
    begin.map_or("", |begin| &name[..begin])
}

pub(super) fn pieces<'a>(sources: &[&'a Source]) -> Loaded<'a> {
    let mut loaded = Loaded { pieces: vec![], unread: vec![] };
    for source in sources {
        let parsed = parse::parse(&source.text);
        loaded.unread.extend(parsed.unread.into_iter().map(|unread| (*source, unread)));
        loaded.pieces.extend(split(source, parsed.statements));
    }
    loaded
}

/// The files of a dump; of any other text, the file itself.
fn split<'a>(source: &'a Source, statements: Vec<Statement<'a>>) -> Vec<Piece<'a>> {
    let dumped = source.text.lines().enumerate().filter_map(|(index, line)| {
        Some((index + 1, line.strip_prefix(DUMPED)?.trim_end().strip_suffix(':')?))
    });
    let mut pieces: Vec<(usize, Piece<'a>)> = dumped
        .map(|(line, path)| (line, Piece { source, path: path.to_owned(), statements: vec![] }))
        .collect();
    if pieces.is_empty() {
        return vec![Piece { source, path: source.name.clone(), statements }];
    }
    for statement in statements {
        let above = pieces.iter().rposition(|(line, _)| *line < statement.line).unwrap_or_default();
        pieces[above].1.statements.push(statement);
    }
    pieces.into_iter().map(|(_, piece)| piece).collect()
}
