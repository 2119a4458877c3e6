//! The text in the cluster's API from which later certificates get their names: the names are listed there too.

use crate::{
    api::{Api, VerifyAs, Versioned},
    command::shared::{cluster::Cluster, survey::Surveyed},
    distro::Want,
    outcome::FileDiff,
    plan::{Change, Object, Step},
    report::Finding,
    world::World,
};

/// The step that lists the names and what it makes of the text, or why it stays as it is; nothing where no node's
/// distribution has such a text, or where all is listed.
#[derive(Default)]
pub struct Listing {
    pub step: Option<Step>,
    pub diff: Option<FileDiff>,
    pub finding: Option<Finding>,
}

impl Listing {
    pub fn of(nodes: &[Surveyed], want: &Want, cluster: &Cluster, world: &World) -> Self {
        if *want == Want::Renew {
            return Self::default();
        }
        let mut registers = nodes.iter().filter_map(|node| Some((node, node.control_plane.register()?)));
        let Some((node, object)) = registers.next() else { return Self::default() };
        let seen = read(&object, nodes, cluster, world);
        match node.control_plane.plan_register(want, seen.as_deref().map_err(Clone::clone)) {
            Ok(Some(step)) => {
                let diff = seen.ok().and_then(|before| diff(&step, before));
                Self { step: Some(step), diff, finding: None }
            }
            Ok(None) => Self::default(),
            Err(finding) => Self { finding: Some(finding), ..Self::default() },
        }
    }
}

fn read(object: &Object, nodes: &[Surveyed], cluster: &Cluster, world: &World) -> Result<String, String> {
    // A node's own address answers even where the kubeconfig's server does not yet.
    let at = nodes.iter().find(|node| node.presented.is_ok()).map(|node| &node.endpoint);
    let Object { namespace, name, key } = object;
    let read = Api::new(&world.wire, &cluster.access, at, VerifyAs::Kubernetes)
        .and_then(|api| api.config_text(namespace, name, key));
    match read {
        Ok(Some(Versioned { text, .. })) => Ok(text),
        Ok(None) => Err("it is not there".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn diff(step: &Step, before: String) -> Option<FileDiff> {
    let (path, edit) = step.changes.iter().find_map(Change::edit)?;
    let after = edit.make(&before).ok()?;
    Some(FileDiff { node: step.node.clone(), path, before, after })
}
