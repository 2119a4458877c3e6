//! DNS zones: records with their owner and TTL, as far as addresses and aliases need them.

use super::super::words::{Kind, Scanner, Token};

/// A record as it counts: the owner with its dot, where an origin is known, and the TTL from wherever it comes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record<'t> {
    pub owner: String,
    pub ttl: Option<u32>,
    pub kind: String,
    pub data: Vec<&'t str>,
    pub line: usize,
}

#[derive(Debug)]
pub struct Zone<'t> {
    pub records: Vec<Record<'t>>,
    /// Lines that are not judged, and why.
    pub unread: Vec<(usize, &'static str)>,
}

const CLASSES: &[&str] = &["IN", "CH", "HS", "CS"];

pub fn parse(text: &str) -> Zone<'_> {
    let tokens = tokens(text);
    let mut reader = Reader::default();
    for entry in entries(&tokens) {
        reader.read(&entry);
    }
    Zone { records: reader.records, unread: reader.unread }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner::new(text);
    while let Some(next) = scanner.next() {
        match next {
            '\n' => scanner.take(Kind::Newline, 1),
            ' ' | '\t' | '\r' => scanner.take_while(Kind::Blank, |c| matches!(c, ' ' | '\t' | '\r')),
            ';' => scanner.take_line(Kind::Comment),
            '(' => scanner.take(Kind::Open, 1),
            ')' => scanner.take(Kind::Close, 1),
            '"' => {
                let line = scanner.rest().find('\n').unwrap_or(scanner.rest().len());
                scanner.take(Kind::Word, scanner.quoted('"').unwrap_or(line).min(line));
            }
            _ => scanner.take_while(Kind::Word, |c| !matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '(' | ')')),
        }
    }
    scanner.tokens()
}

/// The words of one entry, which goes on over lines between parentheses.
struct Entry<'t> {
    line: usize,
    /// Whether the line begins with a blank, which stands for the owner above.
    is_indented: bool,
    words: Vec<&'t str>,
}

fn entries<'t>(tokens: &[Token<'t>]) -> Vec<Entry<'t>> {
    let (mut entries, mut depth) = (vec![], 0_usize);
    let mut entry: Option<Entry<'t>> = None;
    for token in tokens {
        let is_first = entry.is_none();
        let mut here = entry.take().unwrap_or(Entry { line: token.line, is_indented: false, words: vec![] });
        match token.kind {
            Kind::Newline if depth == 0 => {
                entries.push(here);
                continue;
            }
            Kind::Blank if is_first => here.is_indented = true,
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Word => here.words.push(token.text),
            _ => {}
        }
        entry = Some(here);
    }
    entries.extend(entry);
    entries.retain(|entry| !entry.words.is_empty());
    entries
}

#[derive(Default)]
struct Reader<'t> {
    origin: Option<&'t str>,
    /// `$TTL`, and the TTL of the record above, which counts where there is no `$TTL`.
    default: Option<u32>,
    above: Option<u32>,
    owner: Option<String>,
    records: Vec<Record<'t>>,
    unread: Vec<(usize, &'static str)>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, entry: &Entry<'t>) {
        match entry.words.as_slice() {
            ["$TTL", ttl, ..] => self.default = seconds(ttl),
            ["$ORIGIN", origin, ..] => self.origin = Some(origin),
            [first, ..] if first.starts_with('$') => {
                self.unread.push((entry.line, "its directive brings records that are not here"));
            }
            _ => self.record(entry),
        }
    }

    fn record(&mut self, entry: &Entry<'t>) {
        let mut words = entry.words.as_slice();
        if !entry.is_indented
            && let Some((owner, rest)) = words.split_first()
        {
            self.owner = Some(self.whole(owner));
            words = rest;
        }
        let mut ttl = None;
        while let Some((first, rest)) = words.split_first() {
            match seconds(first) {
                Some(found) => ttl = Some(found),
                None if CLASSES.iter().any(|class| class.eq_ignore_ascii_case(first)) => {}
                None => break,
            }
            words = rest;
        }
        let (Some((kind, data)), Some(owner)) = (words.split_first(), self.owner.clone()) else {
            self.unread.push((entry.line, "it is no record"));
            return;
        };
        let ttl = ttl.or(self.default).or(self.above);
        self.above = ttl;
        let kind = kind.to_ascii_uppercase();
        self.records.push(Record { owner, ttl, kind, data: data.to_vec(), line: entry.line });
    }

    fn whole(&self, name: &str) -> String {
        let name = name.to_ascii_lowercase();
        match self.origin {
            Some(origin) if name == "@" => origin.to_ascii_lowercase(),
            Some(origin) if !name.ends_with('.') => {
                format!("{name}.{}", origin.trim_start_matches('.').to_ascii_lowercase())
            }
            _ => name,
        }
    }
}

/// A TTL, as in `300` or `1h30m`.
fn seconds(text: &str) -> Option<u32> {
    let (mut total, mut number) = (0_u32, None::<u32>);
    for c in text.chars() {
        let unit = match c.to_ascii_lowercase() {
            digit @ '0'..='9' => {
                number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit.to_digit(10)?)?);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    match (text.is_empty(), number) {
        (true, _) => None,
        (false, last) => total.checked_add(last.unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::super::words::tests::texts, *};

    proptest! {
        #[test]
        fn any_text_is_its_tokens_again(text in texts()) {
            let zone = parse(&text);

            let lines = text.split('\n').count();
            assert_eq!(tokens(&text).iter().map(|token| token.text).collect::<String>(), text);
            let lines_of = zone.records.iter().map(|record| record.line);
            assert!(lines_of.chain(zone.unread.iter().map(|(line, _)| *line)).all(|line| (1..=lines).contains(&line)));
        }
    }

    #[test]
    fn owners_and_ttls_are_taken_from_wherever_they_come() {
        let zone = parse(
            "$ORIGIN example.com.\n$TTL 1h\n@ IN SOA ns root (\n 1 ; serial\n 2 3 4 5 )\nk8s-api 30 IN A 10.0.0.1\n    IN A \
             10.0.0.2\nother. in 1m30s cname k8s-api\n",
        );

        let told: Vec<_> = zone
            .records
            .iter()
            .map(|record| (record.owner.as_str(), record.kind.as_str(), record.ttl, record.line))
            .collect();
        assert_eq!(
            told,
            [
                ("example.com.", "SOA", Some(3600), 3),
                ("k8s-api.example.com.", "A", Some(30), 6),
                ("k8s-api.example.com.", "A", Some(3600), 7),
                ("other.", "CNAME", Some(90), 8),
            ]
        );
    }
}
