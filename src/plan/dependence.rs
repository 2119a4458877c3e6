//! Whether a later plan survives the undoing of an earlier one.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

use super::{Change, Cluster, HERE, Plan};
use crate::san::SanSet;

/// Why a later run does not survive the undoing of an earlier one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Dependence {
    /// Clients were led to names that the earlier run made available.
    Names(SanSet),
    /// The later run rewrote a file whose older copy the earlier one would put back.
    Rewrote { node: String, file: PathBuf },
}

impl Plan {
    /// How this plan, carried out later, depends on an `earlier` one; `None` where it does not.
    pub fn depends_on(&self, earlier: &Self) -> Option<Dependence> {
        let names: SanSet =
            self.relies_on.iter().filter(|name| earlier.provides.covers(name)).cloned().collect();
        if !names.is_empty() && self.cluster.may_be(&earlier.cluster) {
            return Some(Dependence::Names(names));
        }
        let theirs: BTreeSet<_> = earlier.rewritten().collect();
        self.rewritten()
            .find(|rewrite| theirs.contains(rewrite))
            .map(|(_, node, file)| Dependence::Rewrote { node: node.to_owned(), file: file.to_owned() })
    }

    /// Files that would be put back whole: the machine's host, its name, the path.
    fn rewritten(&self) -> impl Iterator<Item = (&str, &str, &Path)> {
        self.steps.iter().flat_map(|step| {
            let host = self.nodes.get(&step.node).map_or(HERE, |target| &target.host);
            step.changes.iter().flat_map(Change::rewrites).map(move |file| (host, &*step.node, &**file))
        })
    }
}

impl Cluster {
    /// Whether both may be one cluster: a plan made without a CA may be for any.
    pub fn may_be(&self, other: &Self) -> bool {
        self.trust.is_empty() || other.trust.is_empty() || self.trust == other.trust
    }
}

impl fmt::Display for Dependence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(names) => write!(f, "it leads clients to {names}"),
            Self::Rewrote { node, file } => write!(f, "it rewrote {} on {node}", file.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        node::{Command, Target},
        plan::{SCHEMA, Step},
    };

    fn plan(host: &str, rewrites: &[&str]) -> Plan {
        let run = Change::Run {
            commands: vec![Command::new("sign")],
            rewrites: rewrites.iter().map(PathBuf::from).collect(),
            undo: vec![],
        };
        let step = Step {
            node: "cp1".into(),
            why: "serve it".into(),
            holds: vec![],
            changes: vec![run],
            settle: vec![],
            proofs: vec![],
            notes: vec![],
        };
        Plan {
            schema: SCHEMA,
            title: "certs add-san".into(),
            cluster: Cluster { trust: "the CA".into(), ..Cluster::default() },
            nodes: [("cp1".to_owned(), Target::from_host("cp1", host))].into(),
            steps: vec![step],
            finally: vec![],
            provides: SanSet::default(),
            relies_on: SanSet::default(),
        }
    }

    fn names(texts: &[&str]) -> SanSet {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_plan_depends_on_the_names_that_it_leads_clients_to() {
        let earlier = Plan { provides: names(&["*.example.com", "172.22.22.3"]), ..plan("a", &[]) };
        for (relies_on, trust, dependence) in [
            ("172.22.22.3", "the CA", Some("it leads clients to 172.22.22.3")),
            ("api.example.com", "", Some("it leads clients to api.example.com")),
            ("172.22.22.3", "another CA", None),
            ("172.22.22.4", "the CA", None),
        ] {
            let mut later = Plan { relies_on: names(&[relies_on]), ..plan("a", &[]) };
            later.cluster.trust = trust.into();

            let found = later.depends_on(&earlier).map(|dependence| dependence.to_string());

            assert_eq!(found.as_deref(), dependence, "{relies_on} {trust}");
        }
    }

    #[test]
    fn a_plan_depends_on_one_whose_copies_would_overwrite_its_files() {
        let earlier = plan("10.0.0.11", &["/certs/server.crt"]);
        for (host, file, depends) in [
            ("10.0.0.11", "/certs/server.crt", true),
            ("10.0.0.12", "/certs/server.crt", false),
            ("10.0.0.11", "/certs/other.crt", false),
        ] {
            assert_eq!(plan(host, &[file]).depends_on(&earlier).is_some(), depends, "{host} {file}");
        }
    }
}
