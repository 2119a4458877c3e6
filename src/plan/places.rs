//! Where a plan changes something.

use std::{collections::BTreeSet, fmt, path::PathBuf};

use super::{Change, HERE, Object, Plan, Reissue, Replace};

/// Machines of the cluster, files of the operator's own, and texts in the cluster's API.
#[derive(Debug, Default)]
pub struct Places {
    pub nodes: Vec<String>,
    pub files: Vec<PathBuf>,
    pub objects: Vec<Object>,
}

impl Plan {
    /// The machines of the cluster, with a step or without, by name; the operator's own is none of them.
    pub fn machines(&self) -> BTreeSet<&str> {
        let stepped = self.steps.iter().map(|step| &step.node);
        self.nodes.keys().chain(stepped).map(String::as_str).filter(|node| *node != HERE).collect()
    }

    /// The machines that the steps change, of this machine the files, and of the cluster's API the texts.
    pub fn places(&self) -> Places {
        let (here, nodes): (Vec<_>, Vec<_>) = self.steps.iter().partition(|step| step.node == HERE);
        let edited = here.iter().flat_map(|step| &step.changes).filter_map(|change| match change {
            Change::Edit { path, .. } | Change::Create { path, .. } => Some(path.clone()),
            Change::Reissue(Reissue { file, .. }) | Change::Replace(Replace { file, .. }) => {
                Some(file.clone())
            }
            Change::EditObject { .. } | Change::Run { .. } => None,
        });
        let mut files: Vec<_> = edited.collect();
        files.dedup();
        let objects = self.steps.iter().flat_map(|step| &step.changes).filter_map(|change| match change {
            Change::EditObject { object, .. } => Some(object.clone()),
            _ => None,
        });
        Places {
            nodes: nodes.iter().map(|step| step.node.clone()).collect(),
            files,
            objects: objects.collect(),
        }
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.files.iter().map(|file| file.display().to_string());
        let files: Vec<_> = files.chain(self.objects.iter().map(ToString::to_string)).collect();
        match (self.nodes.is_empty(), files.is_empty()) {
            (_, true) => write!(f, "on {}", self.nodes.join(", ")),
            (true, false) => write!(f, "in {}", files.join(", ")),
            (false, false) => write!(f, "on {} and in {}", self.nodes.join(", "), files.join(", ")),
        }
    }
}
