//! How a backend's servers are looked at, once the last word of each option is counted.

use super::{api::Api, parse::Line, proxy::Proxy, server::Server};

/// Options that each say how to look; in one scope the last one holds.
pub const KINDS: &[&str] = &[
    "httpchk",
    "ssl-hello-chk",
    "tcp-check",
    "ldap-check",
    "mysql-check",
    "pgsql-check",
    "redis-check",
    "smtpchk",
    "spop-check",
    "external-check",
];

/// How HAProxy looks at servers.
pub enum Check<'a> {
    /// A connection that opens is enough.
    Connect(Option<&'a Line<'a>>),
    Http(Request<'a>),
    /// Something of its own, which is not judged.
    Other,
}

/// A request over HTTP, and the answer that counts as healthy.
pub struct Request<'a> {
    pub method: String,
    pub path: String,
    /// The line that says what is asked.
    pub line: &'a Line<'a>,
    pub expected: Expected<'a>,
    /// Whether the check itself is told to speak TLS.
    pub connects_by_tls: bool,
    /// Whether a header says who asks.
    pub has_login: bool,
}

pub enum Expected<'a> {
    /// Nothing is said, so 2xx and 3xx are.
    Any,
    Codes(&'a Line<'a>, Vec<u16>),
    /// Something else than codes.
    Other,
}

impl<'a> Check<'a> {
    pub fn of(backend: &Proxy<'a>) -> Self {
        let scope = |section| kinds_in(backend, section).last().copied();
        let Some(line) = backend.scopes().find_map(scope) else { return Self::Connect(None) };
        match line.word(1) {
            Some("httpchk") => Self::Http(Request::of(backend, line)),
            Some("tcp-check")
                if backend
                    .rules(&["tcp-check"])
                    .iter()
                    .all(|rule| rule.begins(&["tcp-check", "connect"])) =>
            {
                Self::Connect(Some(line))
            }
            _ => Self::Other,
        }
    }

    pub fn request(self) -> Option<Request<'a>> {
        match self {
            Self::Http(request) => Some(request),
            _ => None,
        }
    }
}

/// The lines of a section that say how to look.
pub fn kinds_in<'a>(proxy: &Proxy<'a>, section: &'a super::parse::Section) -> Vec<&'a Line<'a>> {
    let is_kind = |line: &&Line<'_>| {
        line.word(0) == Some("option") && line.word(1).is_some_and(|word| KINDS.contains(&word))
    };
    proxy.config.statements(section).filter(is_kind).collect()
}

impl<'a> Request<'a> {
    fn of(backend: &Proxy<'a>, line: &'a Line<'a>) -> Self {
        let (method, path) = match (line.word(2), line.word(3)) {
            (None, _) => ("OPTIONS", "/"),
            (Some(path), None) => ("OPTIONS", path),
            (Some(method), Some(path)) => (method, path),
        };
        let sends = backend.rules(&["http-check", "send"]);
        let sent = |word| sends.iter().rev().find_map(|send| Some((*send, following(send, word)?)));
        let asked = sent("meth").or(sent("uri")).map_or(line, |(send, _)| send);
        let connects = backend.rules(&["http-check", "connect"]);
        let says_who =
            |line: &Line<'_>| line.texts(2).any(|word| word.to_ascii_lowercase().contains("authorization"));
        Self {
            method: sent("meth").map_or(method, |(_, method)| method).to_owned(),
            path: sent("uri").map_or(path, |(_, path)| path).to_owned(),
            line: asked,
            expected: Expected::of(backend),
            connects_by_tls: connects.iter().any(|connect| connect.has("ssl")),
            has_login: says_who(line) || sends.iter().any(|send| says_who(send)),
        }
    }

    /// Whether the check of a server goes over TLS.
    pub fn is_tls(&self, server: &Server<'_>) -> bool {
        self.connects_by_tls || server.has("check-ssl").is_some() || server.has("ssl").is_some()
    }
}

impl<'a> Expected<'a> {
    fn of(backend: &Proxy<'a>) -> Self {
        let Some(line) = backend.rules(&["http-check", "expect"]).last().copied() else { return Self::Any };
        if line.has("!") || line.words.iter().any(|word| word.is_variable) {
            return Self::Other;
        }
        let listed = following(line, "status").and_then(listed);
        let matched = following(line, "rstatus").and_then(matched);
        listed.or(matched).map_or(Self::Other, |codes| Self::Codes(line, codes))
    }
}

/// The word after another.
pub fn following<'a>(line: &'a Line<'a>, word: &str) -> Option<&'a str> {
    let at = line.words.iter().position(|at| at.text == word)?;
    line.word(at + 1)
}

/// Codes as `status` lists them: `200,201,300-399`.
fn listed(text: &str) -> Option<Vec<u16>> {
    let mut codes = vec![];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
        codes.extend(first..=last.min(999));
    }
    Some(codes)
}

/// Codes of a pattern that only lists them, as `^(200|401)$` does.
fn matched(text: &str) -> Option<Vec<u16>> {
    let text = text.trim_start_matches('^').trim_end_matches('$');
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    text.split('|').map(|code| code.parse().ok()).collect()
}

/// What a rule needs of the check of a pool whose servers are looked at over HTTP.
pub fn request_of<'a>(api: &Api<'a>) -> Option<Request<'a>> {
    api.asked().next()?;
    Check::of(&api.backend).request()
}
