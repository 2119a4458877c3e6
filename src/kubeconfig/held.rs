//! The certificates that a kubeconfig holds or names; keys stay where they are.

use std::path::Path;

use super::read::{Authority, Field, File, decode, field, named};

const DATA: &str = "client-certificate-data";
const FILE: &str = "client-certificate";

/// A certificate in a kubeconfig.
pub struct Held {
    /// Whose it is: `client certificate of user `admin``.
    pub what: String,
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
            Some(Held {
                what: format!("CA of cluster `{}`", cluster.name.value),
                key,
                line: field.line,
                source,
            })
        })
    }

    fn identities(&self) -> impl Iterator<Item = Held> + '_ {
        let directory = self.seen.path.parent().unwrap_or(Path::new("/"));
        let users = self.tree.first().into_iter().flat_map(|root| named(root, "users", "user"));
        users.filter_map(move |(name, body)| {
            let what = format!("client certificate of user `{}`", name.value);
            let held =
                |key, field: &Field<'_>, source| Held { what: what.clone(), key, line: field.line, source };
            if let Some(data) = field(body, DATA) {
                return Some(held(DATA, &data, Authority::Pem(decode(&data.value).ok()?)));
            }
            let file = field(body, FILE)?;
            Some(held(FILE, &file, Authority::File(directory.join(file.value.as_ref()))))
        })
    }
}
