//! The certificates that a kubeconfig holds or names; keys stay where they are.

use std::path::Path;

use super::read::{Authority, Field, File, decode, field, named};

const DATA: &str = "client-certificate-data";
const FILE: &str = "client-certificate";

/// A certificate in a kubeconfig.
pub struct Held {
    /// Whose it is: `client certificate of user `admin``.
    pub what: String,
    /// What the cluster's or the user's entry is called.
    pub name: String,
    pub key: &'static str,
    pub line: usize,
    pub source: Authority,
}

impl File<'_> {
    /// Those of the CAs, then those of the users; what cannot be read is told elsewhere.
    pub fn certificates(&self) -> Vec<Held> {
        self.authorities().chain(self.identities()).collect()
    }

    fn authorities(&self) -> impl Iterator<Item = Held> + '_ {
        self.clusters.iter().filter_map(|cluster| {
            let source = cluster.authority().ok()??;
            let (key, field) = match (&cluster.authority_data, &cluster.authority_file) {
                (Some(data), _) => ("certificate-authority-data", data),
                (None, file) => ("certificate-authority", file.as_ref()?),
            };
            Some(Held::new("CA of cluster", &cluster.name, (key, field), source))
        })
    }

    fn identities(&self) -> impl Iterator<Item = Held> + '_ {
        const WHAT: &str = "client certificate of user";
        let directory = self.seen.path.parent().unwrap_or(Path::new("/"));
        let users = self.tree.first().into_iter().flat_map(|root| named(root, "users", "user"));
        users.filter_map(move |(name, body)| {
            if let Some(data) = field(body, DATA) {
                let source = Authority::Pem(decode(&data.value).ok()?);
                return Some(Held::new(WHAT, &name, (DATA, &data), source));
            }
            let file = field(body, FILE)?;
            let source = Authority::File(directory.join(file.value.as_ref()));
            Some(Held::new(WHAT, &name, (FILE, &file), source))
        })
    }
}

impl Held {
    fn new(what: &str, name: &Field<'_>, at: (&'static str, &Field<'_>), source: Authority) -> Self {
        let (name, (key, field)) = (name.value.to_string(), at);
        Self { what: format!("{what} `{name}`"), name, key, line: field.line, source }
    }
}
