//! Which cluster is meant, over all files, as kubectl resolves it.

use super::{
    near::nearest,
    read::{Cluster, Context, Field, File, Kubeconfig},
};
use crate::{
    endpoint::Endpoint,
    report::{Code, Finding},
};

/// How the operator names a cluster.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selection {
    /// The one of the current context.
    Current,
    Context(String),
    Cluster(String),
}

/// What a selection leads to.
#[derive(Clone, Copy)]
pub struct Resolved<'k, 'a> {
    /// `None` where a cluster was named by itself.
    pub context: Option<&'k Context<'a>>,
    pub cluster: &'k Cluster<'a>,
    /// The user's name and the file that defines it; `None` where the context names none.
    pub user: Option<(&'k Field<'a>, &'k File<'a>)>,
}

impl<'a> Kubeconfig<'a> {
    /// The current context's name: the first file that sets one wins.
    pub fn current(&self) -> Option<(&Field<'a>, &File<'a>)> {
        self.files.iter().find_map(|file| file.current.as_ref().map(|name| (name, file)))
    }

    /// The cluster of a name: the first file that defines it wins.
    pub fn cluster(&self, name: &str) -> Option<&Cluster<'a>> {
        self.clusters().find(|cluster| cluster.name.value == name)
    }

    pub fn context(&self, name: &str) -> Option<&Context<'a>> {
        self.contexts().find(|context| context.name.value == name)
    }

    pub fn user(&self, name: &str) -> Option<(&Field<'a>, &File<'a>)> {
        let users = |file: &'_ File<'a>| file.users.iter().position(|user| user.value == name);
        self.files.iter().find_map(|file| users(file).map(|index| (&file.users[index], file)))
    }

    /// Every definition of a cluster, those that an earlier file hides included.
    pub fn clusters(&self) -> impl Iterator<Item = &Cluster<'a>> {
        self.files.iter().flat_map(|file| &file.clusters)
    }

    pub fn contexts(&self) -> impl Iterator<Item = &Context<'a>> {
        self.files.iter().flat_map(|file| &file.contexts)
    }

    /// What the selection leads to, or why it leads nowhere and what was probably meant.
    pub fn resolve(&self, selection: &Selection) -> Result<Resolved<'_, 'a>, Finding> {
        match selection {
            Selection::Cluster(name) => {
                let cluster = self.cluster(name).ok_or_else(|| self.no_cluster(name, None))?;
                Ok(Resolved { context: None, cluster, user: None })
            }
            Selection::Context(name) => self.resolve_context(name, None),
            Selection::Current => {
                let (name, file) = self.current().ok_or_else(|| self.no_current())?;
                self.resolve_context(&name.value, Some(file.at(name.line)))
            }
        }
    }

    /// The clusters that clients see with the same server as this one, itself included.
    pub fn matching(&self, like: &Cluster<'a>) -> Vec<&Cluster<'a>> {
        let mut seen = std::collections::HashSet::new();
        self.clusters()
            .filter(|cluster| seen.insert(cluster.name.value.as_ref()))
            .filter(|cluster| is_same_server(cluster, like))
            .collect()
    }

    fn resolve_context(&self, name: &str, named_in: Option<String>) -> Result<Resolved<'_, 'a>, Finding> {
        let context = self.context(name).ok_or_else(|| self.no_context(name, named_in))?;
        let Some(cluster) = &context.cluster else {
            return Err(Finding::new(
                Code::KubeconfigNoSuchName,
                context.seen.at(context.name.line),
                format!("context `{name}` names no cluster"),
            )
            .remedy(format!("`kubectl config set-context {name} --cluster CLUSTER`")));
        };
        let found = self.cluster(&cluster.value);
        Ok(Resolved {
            context: Some(context),
            cluster: found
                .ok_or_else(|| self.no_cluster(&cluster.value, Some(context.seen.at(cluster.line))))?,
            user: context.user.as_ref().and_then(|user| self.user(&user.value)),
        })
    }

    fn no_context(&self, name: &str, named_in: Option<String>) -> Finding {
        let names: Vec<_> = self.contexts().map(|context| context.name.value.as_ref()).collect();
        missing("context", name, &names, named_in.unwrap_or_else(|| self.shown()))
    }

    fn no_cluster(&self, name: &str, named_in: Option<String>) -> Finding {
        let names: Vec<_> = self.clusters().map(|cluster| cluster.name.value.as_ref()).collect();
        missing("cluster", name, &names, named_in.unwrap_or_else(|| self.shown()))
    }

    fn no_current(&self) -> Finding {
        let names: Vec<_> = self.contexts().map(|context| context.name.value.as_ref()).collect();
        Finding::new(Code::KubeconfigNoSuchName, self.shown(), "no current context is set").remedy(format!(
            "name one with `--context`, or `kubectl config use-context {}`",
            names.first().unwrap_or(&"NAME")
        ))
    }

    /// The files, for a finding about all of them.
    fn shown(&self) -> String {
        let paths: Vec<_> = self.files.iter().map(|file| file.seen.path.display().to_string()).collect();
        if paths.is_empty() { "kubeconfig".into() } else { paths.join(":") }
    }
}

/// The finding for a name that nothing has, with the near one or the first few that there are.
fn missing(what: &str, name: &str, names: &[&str], subject: String) -> Finding {
    const SHOWN: usize = 8;
    let finding = Finding::new(Code::KubeconfigNoSuchName, subject, format!("there is no {what} `{name}`"));
    if let Some(near) = nearest(name, names.iter().copied()) {
        return finding.remedy(format!("`--{what} {near}`, if that is the one you mean"));
    }
    let some: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    match (some.is_empty(), more) {
        (true, _) => finding.remedy("name another file with `--kubeconfig`"),
        (false, 0) if some.len() == 1 => finding.remedy(format!("the only one is {}", some[0])),
        (false, 0) => finding.remedy(format!("there are {}", some.join(", "))),
        (false, _) => finding.remedy(format!("there are {} and {more} more", some.join(", "))),
    }
}

fn is_same_server(one: &Cluster<'_>, other: &Cluster<'_>) -> bool {
    let endpoint = |cluster: &Cluster<'_>| -> Option<Endpoint> { cluster.endpoint()?.ok() };
    match (endpoint(one), endpoint(other)) {
        (Some(one), Some(other)) => one == other,
        _ => match (&one.server, &other.server) {
            (Some(one), Some(other)) => one.value == other.value,
            _ => false,
        },
    }
}
