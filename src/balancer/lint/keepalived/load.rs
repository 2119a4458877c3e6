//! The files of keepalived as each machine reads them: with what they include, and without what holds on others alone.

use std::collections::BTreeSet;

use super::{
    super::{Source, glob, words::Statement},
    config::Config,
    parse,
};

/// Where packages keep the configuration.
const HOME: &str = "/etc/keepalived/";
/// As deep as files include each other; one that includes itself ends here.
const DEPTH: usize = 8;

/// A file as one machine reads it.
pub(super) struct Piece<'a> {
    pub source: &'a Source,
    pub statements: Vec<Statement<'a>>,
    /// The files that stand in the middle of its blocks, each with the number of lines before its first.
    taken: Vec<(usize, &'a Source)>,
}

impl<'a> Piece<'a> {
    /// The file where a line stands, and its number there.
    pub fn place(&self, line: usize) -> (&'a Source, usize) {
        let taken = self.taken.iter().rev().find(|(before, _)| *before < line);
        taken.map_or((self.source, line), |(before, file)| (*file, line - before))
    }
}

/// A configuration for each file that no other includes; several of one file that tells its machines apart.
pub(super) fn configs<'a>(sources: &[&'a Source]) -> Vec<Config<'a>> {
    let included: Vec<&Source> = sources.iter().flat_map(|source| anywhere(source, sources)).collect();
    let is_root = |source: &&&Source| !included.iter().any(|other| std::ptr::eq(*other, **source));
    let roots = sources.iter().filter(is_root);
    roots.flat_map(|root| of_root(root, sources)).collect()
}

fn of_root<'a>(root: &'a Source, sources: &[&'a Source]) -> Vec<Config<'a>> {
    let is_followed = |source: &Source, it: &Statement<'_>| !meant(source, it, sources).is_empty();
    machines(root, &reached(root, &|file| anywhere(file, sources)))
        .into_iter()
        .filter_map(|machine| {
            let files = reached(root, &|file| includes(file, machine.as_deref(), sources));
            let pieces = files.iter().map(|file| piece(file, machine.as_deref(), sources));
            Config::of(pieces, &is_followed)
        })
        .collect()
}

/// A file and all that it leads to, each once.
fn reached<'a>(root: &'a Source, next: &dyn Fn(&Source) -> Vec<&'a Source>) -> Vec<&'a Source> {
    let mut files = vec![root];
    for _ in 0..DEPTH {
        for file in files.clone().into_iter().flat_map(next) {
            if !files.iter().any(|known| std::ptr::eq(*known, file)) {
                files.push(file);
            }
        }
    }
    files
}

/// The files, among those at hand, that a file includes at its top on a machine.
fn includes<'a>(source: &Source, machine: Option<&str>, sources: &[&'a Source]) -> Vec<&'a Source> {
    let statements = chosen(parse::parse(&source.text).statements, machine);
    statements.iter().flat_map(|it| meant(source, it, sources)).collect()
}

/// Those that it includes at whatever depth, on whatever machine.
fn anywhere<'a>(source: &Source, sources: &[&'a Source]) -> Vec<&'a Source> {
    let statements = parse::parse(&source.text).statements;
    all(&statements).into_iter().flat_map(|it| meant(source, it, sources)).collect()
}

/// Statements with all that stand in their blocks.
pub(super) fn all<'s, 'a>(statements: &'s [Statement<'a>]) -> Vec<&'s Statement<'a>> {
    statements.iter().flat_map(|it| [vec![it], all(it.body())].concat()).collect()
}

pub(super) fn is_include(it: &Statement<'_>) -> bool {
    includes_by(it.name())
}

fn includes_by(name: &str) -> bool {
    matches!(name, "include" | "includer" | "includem" | "includew" | "includeb" | "includea")
}

/// What a statement includes, on the machines on which it holds.
pub(super) fn pattern(it: &Statement<'_>) -> Option<String> {
    let mut words = it.words.iter().skip_while(|word| word.text.starts_with('@'));
    words.next().filter(|name| includes_by(name.text))?;
    Some(words.next()?.value().into_owned())
}

fn meant<'a>(source: &Source, it: &Statement<'_>, sources: &[&'a Source]) -> Vec<&'a Source> {
    let Some(pattern) = pattern(it) else { return vec![] };
    let is_other = |file: &&&Source| !std::ptr::eq(**file, source);
    let is_it = |file: &&&Source| is_meant(&pattern, &source.name, &file.name);
    sources.iter().filter(is_other).filter(is_it).copied().collect()
}

/// Whether a pattern means a file, when it stands in another one. Copies of both may lie anywhere.
fn is_meant(pattern: &str, from: &str, name: &str) -> bool {
    let home = from.rsplit_once('/').map_or(String::new(), |(home, _)| format!("{home}/"));
    let machine = from.split_once(":/").map_or(String::new(), |(machine, _)| format!("{machine}:"));
    if !pattern.starts_with('/') {
        return glob::fits(&format!("{home}{pattern}"), name);
    }
    let beside = pattern.strip_prefix(HOME).map(|inner| format!("{home}{inner}"));
    glob::fits(&format!("{machine}{pattern}"), name) || beside.is_some_and(|inner| glob::fits(&inner, name))
}

/// The machines that the files tell apart, or the one among them that the first file is of.
fn machines(root: &Source, files: &[&Source]) -> Vec<Option<String>> {
    let mut named = BTreeSet::new();
    for file in files {
        conditions(&parse::parse(&file.text).statements, &mut named);
    }
    let folder = root.name.rsplit('/').nth(1);
    let machine = root.name.split_once(":/").map(|(machine, _)| machine);
    let own = [machine, folder].into_iter().flatten().find(|own| named.contains(*own)).map(str::to_owned);
    match (own, named.len()) {
        (Some(own), _) => vec![Some(own)],
        (None, 0) => vec![None],
        // Where one is told from all others, there is another.
        (None, 1) => named.into_iter().chain([String::new()]).map(Some).collect(),
        (None, _) => named.into_iter().map(Some).collect(),
    }
}

fn conditions(statements: &[Statement<'_>], named: &mut BTreeSet<String>) {
    for it in statements {
        named.extend(it.name().strip_prefix('@').map(|id| id.trim_start_matches('^').to_owned()));
        conditions(it.body(), named);
    }
}

fn piece<'a>(
    source: &'a Source,
    machine: Option<&str>,
    sources: &[&'a Source],
) -> (Piece<'a>, Vec<(usize, &'static str)>) {
    let parsed = parse::parse(&source.text);
    let mut taking = Taking { machine, sources, lines: lines(source), taken: vec![] };
    let mut statements = chosen(parsed.statements, machine);
    for it in &mut statements {
        taking.take_in(it, source, DEPTH);
    }
    (Piece { source, statements, taken: taking.taken }, parsed.unread)
}

fn lines(source: &Source) -> usize {
    source.text.split('\n').count()
}

/// Puts the statements of files that are included in the middle of a block into their place.
struct Taking<'s, 'a> {
    machine: Option<&'s str>,
    sources: &'s [&'a Source],
    /// Of all the files so far.
    lines: usize,
    taken: Vec<(usize, &'a Source)>,
}

impl<'a> Taking<'_, 'a> {
    fn take_in(&mut self, it: &mut Statement<'a>, from: &Source, depth: usize) {
        let Some(block) = it.block.take() else { return };
        let mut filled = vec![];
        for mut inner in block {
            let files = meant(from, &inner, self.sources);
            if files.is_empty() || depth == 0 {
                self.take_in(&mut inner, from, depth);
                filled.push(inner);
                continue;
            }
            for file in files {
                filled.extend(self.read(file, depth - 1));
            }
        }
        it.block = Some(filled);
    }

    fn read(&mut self, file: &'a Source, depth: usize) -> Vec<Statement<'a>> {
        let statements = chosen(parse::parse(&file.text).statements, self.machine);
        let mut around = Statement { block: Some(statements), ..Statement::default() };
        around.move_by(self.lines);
        self.taken.push((self.lines, file));
        self.lines += lines(file);
        self.take_in(&mut around, file, depth);
        around.block.unwrap_or_default()
    }
}

/// The statements that hold on a machine.
fn chosen<'a>(statements: Vec<Statement<'a>>, machine: Option<&str>) -> Vec<Statement<'a>> {
    statements.into_iter().filter_map(|it| of_machine(it, machine)).collect()
}

fn of_machine<'a>(mut it: Statement<'a>, machine: Option<&str>) -> Option<Statement<'a>> {
    if let Some(id) = it.name().strip_prefix('@') {
        let holds = match id.strip_prefix('^') {
            Some(other) => machine != Some(other),
            None => machine == Some(id),
        };
        it.words.remove(0);
        if !holds || it.words.is_empty() {
            return None;
        }
    }
    it.block = it.block.map(|block| chosen(block, machine));
    Some(it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_include_means_a_file_beside_or_below_the_package_s_folder_wherever_a_copy_lies() {
        for (pattern, from, name, is_it) in [
            ("conf.d/*.conf", "lb1/keepalived.conf", "lb1/conf.d/api.conf", true),
            ("conf.d/*.conf", "lb1/keepalived.conf", "lb2/conf.d/api.conf", false),
            ("/etc/keepalived/conf.d/*.conf", "lb1/keepalived.conf", "lb1/conf.d/api.conf", true),
            (
                "/etc/keepalived/a.conf",
                "lb1:/etc/keepalived/keepalived.conf",
                "lb1:/etc/keepalived/a.conf",
                true,
            ),
            ("/srv/a.conf", "lb1:/etc/keepalived/keepalived.conf", "lb1:/srv/a.conf", true),
            ("/srv/a.conf", "lb1:/etc/keepalived/keepalived.conf", "lb2:/srv/a.conf", false),
            ("a.conf", "keepalived.conf", "a.conf", true),
        ] {
            assert_eq!(is_meant(pattern, from, name), is_it, "{pattern} {from} {name}");
        }
    }
}
