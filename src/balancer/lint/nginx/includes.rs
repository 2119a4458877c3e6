//! What a file of NGINX includes, and where its relative paths count from.

use super::{
    super::{Source, words::Statement},
    files::PREFIXES,
    parse,
};

/// What a file includes, at whatever depth.
pub(in super::super) fn included(source: &Source) -> Vec<String> {
    fn collect(statements: &[Statement<'_>], found: &mut Vec<String>) {
        for it in statements {
            found.extend(it.arg(0).filter(|_| it.name() == "include").map(|pattern| pattern.into_owned()));
            collect(it.body(), found);
        }
    }
    let mut found = vec![];
    collect(&parse::parse(&source.text).statements, &mut found);
    found
}

/// The directory of the package that a file belongs to, else its own.
pub(in super::super) fn home(path: &str) -> &str {
    let prefix =
        PREFIXES.iter().find(|prefix| path.strip_prefix(**prefix).is_some_and(|rest| rest.starts_with('/')));
    prefix.copied().unwrap_or_else(|| path.rsplit_once('/').map_or("", |(home, _)| home))
}
