//! What kubeconfig files say, each by itself and with the line where it says so.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::known;
use crate::{
    edit::{
        EditError,
        yaml::{Node, Tree},
    },
    endpoint::{Endpoint, ParseEndpointError},
    report::{Code, Finding},
    san::San,
};

/// A kubeconfig file as it was seen. It has no `Debug`: it holds keys and tokens.
pub struct Seen {
    /// The path by which it was named.
    pub path: PathBuf,
    /// The file itself, links followed.
    pub real: PathBuf,
    pub text: String,
    /// Permission bits; `None` where the system has none.
    pub mode: Option<u32>,
}

/// All files in the order in which they win, borrowed from the texts seen.
pub struct Kubeconfig<'a> {
    pub files: Vec<File<'a>>,
}

pub struct File<'a> {
    pub seen: &'a Seen,
    pub(super) tree: Tree<'a>,
    pub clusters: Vec<Cluster<'a>>,
    pub contexts: Vec<Context<'a>>,
    /// Names of the users; what they hold stays where it is.
    pub users: Vec<Field<'a>>,
    pub current: Option<Field<'a>>,
}

/// A value and the line where it stands.
#[derive(Clone)]
pub struct Field<'a> {
    pub value: Cow<'a, str>,
    pub line: usize,
}

#[derive(Clone)]
pub struct Cluster<'a> {
    pub seen: &'a Seen,
    pub name: Field<'a>,
    pub server: Option<Field<'a>>,
    pub authority_data: Option<Field<'a>>,
    pub authority_file: Option<Field<'a>>,
    pub tls_server_name: Option<Field<'a>>,
    /// It may hold a password.
    pub proxy_url: Option<Field<'a>>,
    /// `insecure-skip-tls-verify`, where it is true.
    pub insecure: Option<Field<'a>>,
    /// Keys that no client knows.
    pub unknown: Vec<Field<'a>>,
}

#[derive(Clone)]
pub struct Context<'a> {
    pub seen: &'a Seen,
    pub name: Field<'a>,
    pub cluster: Option<Field<'a>>,
    pub user: Option<Field<'a>>,
}

/// Where a cluster's CA certificates are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Authority {
    Pem(String),
    File(PathBuf),
}

/// The text of a file, or why clients cannot read it.
pub fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Finding> {
    let is_wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    String::from_utf8(bytes).map_err(|_| {
        let file = path.display();
        let finding = |what: &str| {
            Finding::new(
                Code::KubeconfigUnreadable,
                file.to_string(),
                format!("the file is not UTF-8: {what}"),
            )
        };
        if is_wide {
            return finding("it is UTF-16, as PowerShell writes it")
                .remedy(format!("`iconv -f UTF-16 -t UTF-8 {file} > {file}.utf8`, then use that file"));
        }
        finding("it holds other bytes").remedy(format!("`iconv -f UTF-8 -t UTF-8 {file}` shows where"))
    })
}

impl<'a> Kubeconfig<'a> {
    /// Reads every file, or says of each that cannot be read where it breaks.
    pub fn read(seen: &'a [Seen]) -> Result<Self, Vec<Finding>> {
        let (mut files, mut findings) = (vec![], vec![]);
        for one in seen {
            match File::read(one) {
                Ok(file) => files.push(file),
                Err(finding) => findings.push(finding),
            }
        }
        if findings.is_empty() { Ok(Self { files }) } else { Err(findings) }
    }
}

impl<'a> File<'a> {
    fn read(seen: &'a Seen) -> Result<Self, Finding> {
        let tree = Tree::parse(&seen.text).map_err(|error| unreadable(seen, &error))?;
        let mut file = Self { seen, tree, clusters: vec![], contexts: vec![], users: vec![], current: None };
        let Some(root) = file.tree.first().filter(|root| !root.is_null()) else { return Ok(file) };
        if !root.is_map() {
            let subject = format!("{}:{}", seen.path.display(), root.line());
            return Err(Finding::new(Code::KubeconfigUnreadable, subject, "the file is not a kubeconfig")
                .remedy("name another file with `--kubeconfig`"));
        }
        let clusters = named(root, "clusters", "cluster").map(|(name, body)| Cluster::read(seen, name, body));
        let contexts = named(root, "contexts", "context").map(|(name, body)| Context {
            seen,
            name,
            cluster: field(body, "cluster"),
            user: field(body, "user"),
        });
        let users = named(root, "users", "user").map(|(name, _)| name);
        let found =
            (clusters.collect(), contexts.collect(), users.collect(), field(Some(root), "current-context"));
        (file.clusters, file.contexts, file.users, file.current) = found;
        Ok(file)
    }

    /// The file and a line of it, as findings name it.
    pub fn at(&self, line: usize) -> String {
        self.seen.at(line)
    }
}

impl Seen {
    pub(super) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }
}

impl<'a> Cluster<'a> {
    fn read(seen: &'a Seen, name: Field<'a>, body: Option<Node<'_, 'a>>) -> Self {
        let is_true = |field: &Field<'_>| {
            ["true", "yes", "on", "y"].iter().any(|word| field.value.eq_ignore_ascii_case(word))
        };
        Self {
            seen,
            name,
            server: field(body, "server"),
            authority_data: field(body, "certificate-authority-data"),
            authority_file: field(body, "certificate-authority"),
            tls_server_name: field(body, "tls-server-name"),
            proxy_url: field(body, "proxy-url"),
            insecure: field(body, "insecure-skip-tls-verify").filter(is_true),
            unknown: body.map(unknown).unwrap_or_default(),
        }
    }

    /// Where its API server answers; `None` where it names no server.
    pub fn endpoint(&self) -> Option<Result<Endpoint, ParseEndpointError>> {
        self.server.as_ref().map(|server| Endpoint::parse_with_port(&server.value, 443))
    }

    /// The CA certificates; the data win over a file, and a relative path starts at the kubeconfig's directory.
    pub fn authority(&self) -> Result<Option<Authority>, Finding> {
        if let Some(data) = &self.authority_data {
            return decode(&data.value).map(Authority::Pem).map(Some).map_err(|reason| {
                Finding::new(
                    Code::KubeconfigCaData,
                    self.seen.at(data.line),
                    format!("the CA data of cluster `{}` {reason}", self.name.value),
                )
                .remedy("copy `certificate-authority-data` once more, as one line")
            });
        }
        let directory = self.seen.path.parent().unwrap_or(Path::new("/"));
        Ok(self.authority_file.as_ref().map(|file| Authority::File(directory.join(file.value.as_ref()))))
    }

    /// The name that clients look for in the certificate when they dial `endpoint`, as it is written.
    pub fn verified_name(&self, endpoint: &Endpoint) -> String {
        match &self.tls_server_name {
            Some(name) => name.value.clone().into_owned(),
            None => endpoint.host.to_string(),
        }
    }

    /// As `verified_name`; `None` where `tls-server-name` is no name that a certificate can carry.
    pub fn relies_on(&self, endpoint: &Endpoint) -> Option<San> {
        self.verified_name(endpoint).parse().ok()
    }
}

/// Base64 in one line or several, as Go reads it, around PEM.
pub(super) fn decode(data: &str) -> Result<String, &'static str> {
    let joined: Cow<'_, str> =
        if data.contains(['\r', '\n']) { data.replace(['\r', '\n'], "").into() } else { data.into() };
    let bytes = STANDARD.decode(joined.as_bytes()).map_err(|_| "is not base64")?;
    let pem = String::from_utf8(bytes).map_err(|_| "is not PEM")?;
    if pem.contains("-----BEGIN CERTIFICATE-----") { Ok(pem) } else { Err("holds no certificate") }
}

/// Names and bodies of a list such as `clusters`.
pub(super) fn named<'t, 'a>(
    root: Node<'t, 'a>,
    list: &str,
    body: &str,
) -> impl Iterator<Item = (Field<'a>, Option<Node<'t, 'a>>)> {
    let items = root.get(list).into_iter().flat_map(Node::items);
    items.filter_map(move |item| Some((field(Some(item), "name")?, item.get(body))))
}

/// The value under a key; `None` where there is none, or an empty one.
pub(super) fn field<'a>(map: Option<Node<'_, 'a>>, key: &str) -> Option<Field<'a>> {
    let value = map?.get(key).filter(|value| !value.is_null())?;
    let text = value.scalar().filter(|text| !text.is_empty())?;
    Some(Field { value: text.clone(), line: value.line() })
}

/// Keys of a cluster that no client knows.
fn unknown<'a>(cluster: Node<'_, 'a>) -> Vec<Field<'a>> {
    let keys = cluster.entries().filter_map(|(key, _)| Some((key.scalar()?, key.line())));
    let unknown = keys.filter(|(key, _)| !known::CLUSTER.contains(&key.as_ref()));
    unknown.map(|(key, line)| Field { value: key.clone(), line }).collect()
}

fn unreadable(seen: &Seen, error: &EditError) -> Finding {
    let (subject, message) = match error {
        EditError::Syntax { line, column, message } => {
            (seen.at(*line), format!("the file is not YAML: column {column}: {message}"))
        }
        other => (seen.path.display().to_string(), format!("the file cannot be read: {other}")),
    };
    Finding::new(Code::KubeconfigUnreadable, subject, message)
        .remedy("correct the line; `kubectl config view` then reads it again")
}
