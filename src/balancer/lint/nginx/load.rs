//! The files that NGINX reads, one after the other, from the main one through `include`.

use super::{
    super::{Source, Spot, glob, words::Statement},
    Here,
    files::{PREFIXES, Piece},
    served::Served,
};
use crate::report::{Code, Finding};

/// As deep as files include each other; one that includes itself ends here.
const DEPTH: usize = 8;

pub(super) struct Config<'f, 'a> {
    pieces: &'f [Piece<'a>],
    /// The file that NGINX begins with, where it is among them.
    main: Option<usize>,
}

impl<'f, 'a> Config<'f, 'a> {
    pub fn of(pieces: &'f [Piece<'a>]) -> Self {
        let is_main = |piece: &Piece<'_>| {
            piece.path.rsplit('/').next() == Some("nginx.conf")
                || piece.statements.iter().any(|statement| statement.name() == "events")
        };
        Self { pieces, main: pieces.iter().position(is_main) }
    }

    /// The directives at the top, of the main file first, then of each that nothing includes.
    pub fn roots(&self) -> Vec<Vec<Here<'f, 'a>>> {
        let read = self.read();
        let alone = (0..self.pieces.len()).filter(|index| !read.contains(index));
        self.main.into_iter().chain(alone).map(|index| self.top(index)).collect()
    }

    /// The directives at the top of the main file; none where it is not at hand.
    pub fn main(&self) -> Vec<Here<'f, 'a>> {
        self.main.map_or(vec![], |index| self.top(index))
    }

    fn top(&self, index: usize) -> Vec<Here<'f, 'a>> {
        let piece = &self.pieces[index];
        self.spread(piece.source, &piece.statements)
    }

    /// What stands in a block, with what it includes.
    pub fn inside(&self, here: Here<'f, 'a>) -> Vec<Here<'f, 'a>> {
        self.spread(here.source, here.it.body())
    }

    /// Directives with those of the files that they include, in place of the `include`.
    pub fn spread(&self, source: &'a Source, statements: &'f [Statement<'a>]) -> Vec<Here<'f, 'a>> {
        let mut all = vec![];
        self.spread_into(source, statements, DEPTH, &mut all);
        all
    }

    fn spread_into(
        &self,
        source: &'a Source,
        statements: &'f [Statement<'a>],
        depth: usize,
        all: &mut Vec<Here<'f, 'a>>,
    ) {
        for it in statements {
            let here = Here { source, it };
            let included = self.included(it);
            if included.is_empty() || depth == 0 {
                all.push(here);
            } else {
                for index in included {
                    let piece = &self.pieces[index];
                    self.spread_into(piece.source, &piece.statements, depth - 1, all);
                }
            }
        }
    }

    /// The files, among those at hand, that an `include` means.
    fn included(&self, statement: &Statement<'_>) -> Vec<usize> {
        let Some(pattern) = statement.arg(0).filter(|_| statement.name() == "include") else { return vec![] };
        (0..self.pieces.len())
            .filter(|index| Some(*index) != self.main && self.is_meant(&pattern, &self.pieces[*index].path))
            .collect()
    }

    fn is_meant(&self, pattern: &str, path: &str) -> bool {
        let Some(main) = self.main else { return glob::fits(pattern, path) };
        let home = self.pieces[main].path.rsplit_once('/').map_or("", |(home, _)| home);
        let beside = path.strip_prefix(home).map(|rest| rest.trim_start_matches('/'));
        let inner = PREFIXES.iter().chain([&home]).find_map(|prefix| {
            pattern.strip_prefix(prefix).filter(|_| !prefix.is_empty())?.strip_prefix('/')
        });
        let inner = inner.or_else(|| (!pattern.starts_with('/')).then_some(pattern));
        glob::fits(pattern, path)
            || inner.zip(beside).is_some_and(|(inner, beside)| glob::fits(inner, beside))
    }

    /// The files that are read from the main one on.
    fn read(&self) -> Vec<usize> {
        let mut read: Vec<usize> = self.main.into_iter().collect();
        let mut next = 0;
        while let Some(index) = read.get(next).copied() {
            next += 1;
            let mut found = vec![];
            self.includes(&self.pieces[index].statements, &mut found);
            found.retain(|index| !read.contains(index));
            read.extend(found);
        }
        read
    }

    fn includes(&self, statements: &[Statement<'_>], found: &mut Vec<usize>) {
        for statement in statements {
            found.extend(self.included(statement));
            self.includes(statement.body(), found);
        }
        found.sort_unstable();
        found.dedup();
    }

    /// Blocks of streams with API servers that NGINX does not read, or reads where it refuses them.
    pub fn misplaced(&self, served: &[Served<'f, 'a>]) -> Vec<Finding> {
        let matters = |here: &Here<'f, 'a>| {
            let lines = here.it.line..=last_line(here.it);
            served.iter().any(|one| {
                std::ptr::eq(one.server.source, here.source) && lines.contains(&one.server.it.line)
            })
        };
        let in_http = self.roots().into_iter().flatten().filter(|here| here.it.name() == "http");
        let in_http = in_http.flat_map(|http| self.spread(http.source, http.it.body()));
        let in_http = in_http.filter(|here| here.it.name() == "stream");
        let refused = in_http.filter(matters).map(|here| {
            here.finding(
                Code::NginxStreamInHttp,
                "`stream` stands inside `http`, where NGINX refuses to start with it",
                "include the file at the top of nginx.conf, outside `http`: `include /etc/nginx/stream.d/*.conf;`",
            )
        });
        let unread = self.unread().into_iter().filter(matters).map(|here| self.told_unread(here));
        unread.chain(refused).collect()
    }

    /// Blocks of streams in files that nothing includes.
    fn unread(&self) -> Vec<Here<'f, 'a>> {
        let read = self.read();
        let is_alone = |index: &usize| !read.contains(index);
        let is_known = |index: &usize| self.main.is_some() || in_conf_d(&self.pieces[*index].path);
        let alone = (0..self.pieces.len()).filter(is_alone).filter(is_known);
        alone.flat_map(|index| self.top(index)).filter(|here| here.it.name() == "stream").collect()
    }

    fn told_unread(&self, here: Here<'f, 'a>) -> Finding {
        let why = match self.main {
            Some(_) => "NGINX does not read this file: no `include` of its configuration means it",
            None => {
                "packages include `conf.d/*.conf` alone, and inside `http`: either NGINX does not read this file, or it \
                 refuses it; with nginx.conf beside it this is told for sure"
            }
        };
        here.finding(
            Code::NginxStreamUnread,
            why,
            "move the file to /etc/nginx/stream.d/, and add to nginx.conf, outside `http`: `include \
             /etc/nginx/stream.d/*.conf;`",
        )
    }

    /// Files that are included where streams are, and that are not at hand.
    pub fn not_given(&self) -> Vec<Finding> {
        let roots = self.roots();
        let streams = roots.iter().flatten().filter(|here| here.it.name() == "stream");
        let inside: Vec<_> = streams.flat_map(|here| self.inside(*here)).collect();
        let deeper = inside.iter().flat_map(|here| self.inside(*here));
        let all = roots.iter().flatten().chain(&inside).copied().chain(deeper);
        let all = all.filter(|here| here.it.name() == "include");
        let of_modules =
            |here: &Here<'_, '_>| here.it.arg(0).is_none_or(|pattern| pattern.contains("modules"));
        all.filter(|here| !of_modules(here))
            .map(|here| {
                here.finding(
                    Code::NotJudged,
                    "what it includes is not judged: the files are not given",
                    "give them too, or all at once: `nginx -T | cpctl lb lint -`",
                )
            })
            .collect()
    }
}

impl Here<'_, '_> {
    pub(super) fn finding(&self, code: Code, why: impl Into<String>, instead: impl Into<String>) -> Finding {
        self.source.finding(code, Spot::new(self.it.line, why).instead(instead))
    }
}

fn in_conf_d(path: &str) -> bool {
    path.rsplit('/').nth(1) == Some("conf.d")
}

fn last_line(statement: &Statement<'_>) -> usize {
    statement.body().last().map_or(statement.line, last_line)
}
