//! What each finding means, told at length: one text for each code, in files by group.

use super::Code;

/// A finding's meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Explanation {
    pub what: &'static str,
    pub why: &'static str,
    pub seen: &'static str,
    pub mend: &'static str,
    /// Where one can read more; of what cpctl judges by itself, what it judges by.
    pub source: &'static str,
}

const TEXTS: &[&str] = &[
    include_str!("explained/wire.txt"),
    include_str!("explained/nodes.txt"),
    include_str!("explained/distributions.txt"),
    include_str!("explained/references.txt"),
    include_str!("explained/balancers.txt"),
    include_str!("explained/kubeconfigs.txt"),
    include_str!("explained/lint.txt"),
    include_str!("explained/programs.txt"),
];

impl Code {
    pub fn explanation(self) -> Explanation {
        let mut texts = TEXTS.iter().flat_map(|text| text.split("\n\n"));
        let found = texts.find_map(|text| read(text.strip_prefix(self.id())?.strip_prefix('\n')?));
        found.expect("every code has its text, as the tests know")
    }
}

/// The fields below an id; `None` where one is missing.
fn read(text: &'static str) -> Option<Explanation> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Explanation {
        what: field("what")?,
        why: field("why")?,
        seen: field("seen")?,
        mend: field("mend")?,
        source: field("source")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
        let blocks = TEXTS.iter().flat_map(|text| text.trim_end().split("\n\n"));
        blocks.map(|block| block.split_once('\n').unwrap_or((block, "")))
    }

    #[test]
    fn every_code_is_explained_once_and_nothing_else_is() {
        let explained: Vec<&str> = blocks().map(|(id, _)| id).collect();
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        let count = |id: &&&str| explained.iter().filter(|other| other == id).count();

        let unexplained: Vec<_> = known.iter().filter(|id| count(id) != 1).collect();
        let strangers: Vec<_> = explained.iter().filter(|id| !known.contains(id)).collect();

        assert_eq!((unexplained, strangers), (vec![], vec![]));
    }

    #[test]
    fn every_explanation_is_whole_and_in_order() {
        for (id, text) in blocks() {
            let names: Vec<_> = text.lines().filter_map(|line| line.split(": ").next()).collect();

            assert_eq!(names, ["what", "why", "seen", "mend", "source"], "{id}");
            let sentences = text.lines().filter(|line| !line.starts_with("source: https://"));
            sentences.for_each(|line| assert!(line.ends_with('.') || line.ends_with('`'), "{id}: {line}"));
            assert!(read(text).is_some(), "{id}");
        }
    }

    #[test]
    fn every_source_is_an_address_or_says_that_it_is_cpctl_s_own() {
        for code in Code::ALL {
            let source = code.explanation().source;

            let is_address = source.starts_with("https://") && !source.contains(' ');
            assert!(is_address || source.starts_with("cpctl: "), "{}: {source}", code.id());
        }
    }
}
