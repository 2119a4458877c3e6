//! Statements and blocks, made of tokens.

use super::{Kind, Parsed, Statement, Token, Word};

/// What ends a statement.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Ends {
    Line,
    Semicolon,
}

/// Deeper than any configuration goes; a file of braces alone must not exhaust the stack.
const DEPTH: usize = 64;

/// The statements of a text that is taken apart already.
pub fn build<'t>(tokens: &[Token<'t>], ends: Ends) -> Parsed<'t> {
    let mut builder = Builder { ends, open: vec![Statement::default()], words: vec![], unread: vec![] };
    for token in tokens {
        builder.add(token);
    }
    let (statements, unread) = builder.finish();
    Parsed { statements, unread }
}

struct Builder<'t> {
    ends: Ends,
    /// The blocks around the place where we are; the first is the file.
    open: Vec<Statement<'t>>,
    words: Vec<Word<'t>>,
    unread: Vec<(usize, &'static str)>,
}

impl<'t> Builder<'t> {
    fn add(&mut self, token: &Token<'t>) {
        match token.kind {
            Kind::Blank | Kind::Comment => {}
            Kind::Newline if self.ends == Ends::Line => self.end(),
            Kind::Newline => {}
            Kind::End => self.end(),
            Kind::Word => self.words.push(Word { text: token.text, line: token.line }),
            Kind::Raw => self.unread.push((token.line, "it is in another language")),
            Kind::Open => self.open(token.line),
            Kind::Close => self.close(token.line),
        }
    }

    fn end(&mut self) {
        let words = std::mem::take(&mut self.words);
        let Some(first) = words.first() else { return };
        let statement = Statement { line: first.line, words, block: None };
        self.put(statement);
    }

    fn put(&mut self, statement: Statement<'t>) {
        if let Some(around) = self.open.last_mut() {
            around.block.get_or_insert_default().push(statement);
        }
    }

    fn open(&mut self, line: usize) {
        if self.open.len() > DEPTH {
            self.unread.push((line, "its blocks lie too deep in each other"));
            return;
        }
        let mut statement = match self.words.is_empty() {
            false => Statement { words: std::mem::take(&mut self.words), ..Statement::default() },
            true => self.above().unwrap_or_default(),
        };
        statement.line = statement.words.first().map_or(line, |word| word.line);
        statement.block = Some(vec![]);
        self.open.push(statement);
    }

    /// The statement that ended with its line, where its block begins in the next one.
    fn above(&mut self) -> Option<Statement<'t>> {
        let around = self.open.last_mut()?.block.as_mut()?;
        let waits = around.last().is_some_and(|statement| statement.block.is_none());
        around.pop_if(|_| waits && self.ends == Ends::Line)
    }

    fn close(&mut self, line: usize) {
        self.end();
        if self.open.len() == 1 {
            self.unread.push((line, "it closes a block that nothing opened"));
            return;
        }
        if let Some(statement) = self.open.pop() {
            self.put(statement);
        }
    }

    fn finish(mut self) -> (Vec<Statement<'t>>, Vec<(usize, &'static str)>) {
        self.end();
        while self.open.len() > 1 {
            let line = self.open.last().map_or(1, |statement| statement.line);
            self.unread.push((line, "the block that it opens is never closed"));
            self.close(line);
        }
        let file = self.open.pop().and_then(|file| file.block).unwrap_or_default();
        (file, self.unread)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Scanner, *};

    fn parsed(text: &str, ends: Ends) -> Parsed<'_> {
        let mut scanner = Scanner::new(text);
        while let Some(next) = scanner.next() {
            match next {
                '\n' => scanner.take(Kind::Newline, 1),
                '{' => scanner.take(Kind::Open, 1),
                '}' => scanner.take(Kind::Close, 1),
                ';' => scanner.take(Kind::End, 1),
                ' ' => scanner.take(Kind::Blank, 1),
                _ => scanner.take_while(Kind::Word, char::is_alphanumeric),
            }
        }
        build(&scanner.tokens(), ends)
    }

    #[test]
    fn a_block_may_begin_in_the_line_below_its_name() {
        let parsed = parsed("a b\n{\n c\n}\nd\n", Ends::Line);

        let [a, d] = parsed.statements.as_slice() else { panic!("{:?}", parsed.statements) };
        assert_eq!((a.name(), a.body()[0].name(), a.line), ("a", "c", 1));
        assert_eq!((d.name(), d.line), ("d", 5));
        assert!(parsed.unread.is_empty());
    }

    #[test]
    fn a_brace_too_many_and_one_too_few_are_told_with_their_lines() {
        for (text, unread) in [("a {\n b {\n}\n", 1), ("a {\n}\n}\n", 3)] {
            assert_eq!(parsed(text, Ends::Line).unread[0].0, unread, "{text}");
        }
    }

    #[test]
    fn a_file_of_braces_alone_is_told_and_ends() {
        let text = "{".repeat(100_000);

        let parsed = parsed(&text, Ends::Semicolon);

        assert!(parsed.unread.iter().any(|(_, why)| why.contains("too deep")));
    }
}
