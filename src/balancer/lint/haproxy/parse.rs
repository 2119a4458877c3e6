//! The text of a configuration, taken apart into sections and statements; every line stays as it was.

use super::words::{Word, words};

/// A configuration; printing it gives the very text that it was read from.
#[derive(Debug)]
pub struct Config<'a> {
    pub lines: Vec<Line<'a>>,
    pub sections: Vec<Section>,
    /// What cannot be judged, with its line.
    pub unread: Vec<(usize, &'static str)>,
}

#[derive(Debug)]
pub struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    pub raw: &'a str,
    pub words: Vec<Word>,
}

/// A section with the numbers of its first and its last line.
#[derive(Debug)]
pub struct Section {
    pub keyword: &'static str,
    pub name: String,
    /// The `defaults` that it names.
    pub from: Option<String>,
    pub first: usize,
    pub last: usize,
    /// Whether part of it holds only under conditions that HAProxy alone can tell.
    pub is_conditional: bool,
}

const SECTIONS: &[&str] = &[
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "userlist",
    "peers",
    "resolvers",
    "mailers",
    "ring",
    "http-errors",
    "cache",
    "program",
    "fcgi-app",
    "log-forward",
    "log-profile",
    "crt-store",
    "traces",
    "acme",
];

pub fn parse(text: &str) -> Config<'_> {
    let mut config = Config { lines: vec![], sections: vec![], unread: vec![] };
    let mut depth = 0_usize;
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        let read = words(raw);
        if read.is_none() {
            config.unread.push((number, "a quote does not close on this line"));
        }
        let line = Line { number, raw, words: read.unwrap_or_default() };
        match line.word(0) {
            Some(".if") => {
                depth += 1;
                config.unread.push((number, "whether this holds only HAProxy can tell"));
            }
            Some(".endif") => depth = depth.saturating_sub(1),
            _ => config.enter(&line),
        }
        if let Some(section) = config.sections.last_mut() {
            section.last = number;
            section.is_conditional |= depth > 0;
        }
        config.lines.push(line);
    }
    config
}

impl<'a> Config<'a> {
    /// Begins a section where the line does.
    fn enter(&mut self, line: &Line<'a>) {
        let Some(keyword) = SECTIONS.iter().find(|keyword| line.word(0) == Some(**keyword)) else { return };
        let from = line.words.iter().position(|word| word.text == "from");
        let name = line.word(1).filter(|_| from != Some(1)).unwrap_or_default();
        self.sections.push(Section {
            keyword,
            name: name.to_owned(),
            from: from.and_then(|at| line.word(at + 1)).map(str::to_owned),
            first: line.number,
            last: line.number,
            is_conditional: false,
        });
    }

    /// The statements of a section, without the line that opens it.
    pub fn statements(&self, section: &Section) -> impl DoubleEndedIterator<Item = &Line<'a>> {
        self.lines[section.first..section.last].iter().filter(|line| !line.words.is_empty())
    }

    /// The text as it was read.
    #[cfg(test)]
    pub fn print(&self) -> String {
        self.lines.iter().map(|line| line.raw).collect()
    }
}

impl Line<'_> {
    pub fn word(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(|word| word.text.as_str())
    }

    /// Whether the line begins with these words.
    pub fn begins(&self, head: &[&str]) -> bool {
        head.iter().enumerate().all(|(index, word)| self.word(index) == Some(*word))
    }

    /// The texts of the words from one on.
    pub fn texts(&self, from: usize) -> impl Iterator<Item = &str> {
        self.words.iter().skip(from).map(|word| word.text.as_str())
    }

    /// The words from one on as they are written, quotes and all.
    pub fn written(&self, from: usize) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().skip(from).map(|word| (word.text.as_str(), &self.raw[word.at.clone()]))
    }

    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|at| at.text == word)
    }
}
