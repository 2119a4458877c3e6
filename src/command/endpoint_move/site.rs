//! Control planes and workers, each looked at.

use std::collections::BTreeSet;

use crate::{
    api::{Api, ClusterNode, VerifyAs},
    check,
    cli::Common,
    command::shared::{
        cluster::Cluster,
        machines,
        survey::{self, Limit, Surveyed},
    },
    distro::{Move, Role},
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    node::Target,
    report::{Code, Finding},
    san::{San, SanSet},
    world::World,
};

/// A cluster with its workers.
pub struct Site {
    pub cluster: Cluster,
    /// How the nodes are reached, those that the limit leaves out too.
    pub targets: Vec<Target>,
    nodes: Vec<Surveyed>,
    limit: Limit,
    /// What the cluster says of its nodes, or why it does not.
    known: Result<Vec<ClusterNode>, String>,
    findings: Vec<Finding>,
    /// What the same run does before anybody is led anywhere; nothing by default.
    pub promised: Promised,
}

impl Site {
    /// Looks at the nodes that are named or found, and then at the workers that the cluster tells beside them.
    pub fn survey(
        cluster: Cluster,
        inventory: Inventory,
        limit: &[String],
        common: &Common,
        world: &World,
    ) -> Result<Self, Error> {
        let (mut nodes, mut findings) = survey::at(&inventory.nodes, &Limit::default(), world)?;
        let mut site = Self {
            cluster,
            targets: inventory.nodes,
            nodes: vec![],
            limit: Limit::default(),
            known: Err(String::new()),
            findings: vec![],
            promised: Promised::default(),
        };
        site.nodes.append(&mut nodes);
        site.known = site.api(world).and_then(|api| api.nodes()).map_err(|error| error.to_string());
        let known = site.known.as_deref().unwrap_or_default();
        let mut further = workers_beside(known, &site.targets, world);
        for target in &mut further {
            machines::flagged(target, &common.ssh)?;
        }
        site.targets.extend(further.iter().cloned());
        site.limit = Limit::new(limit, &site.targets)?;
        further.retain(|target| site.limit.allows(&target.name));
        let (further, found) = survey::at(&further, &site.limit, world)?;
        site.nodes.extend(further);
        findings.extend(found);
        site.findings = findings;
        Ok(site)
    }

    /// A client of an API server that answers at its own address.
    pub fn api(&self, world: &World) -> Result<Api, crate::api::Error> {
        let at = self.servers().find(|node| node.presented.is_ok()).map(|node| &node.endpoint);
        Api::new(&world.wire, &self.cluster.access, at, VerifyAs::Kubernetes)
    }

    pub fn servers(&self) -> impl Iterator<Item = &Surveyed> {
        self.nodes.iter().filter(|node| node.control_plane.role() != Role::Worker)
    }

    fn workers(&self) -> impl Iterator<Item = &Surveyed> {
        self.nodes.iter().filter(|node| node.control_plane.role() == Role::Worker)
    }

    /// All that were looked at.
    pub fn nodes(&self) -> impl Iterator<Item = &Surveyed> {
        self.nodes.iter()
    }

    /// Whether a node's own references may be changed.
    pub fn changes(&self, node: &Surveyed) -> bool {
        self.limit.allows(&node.name)
    }

    /// Whether the limit leaves a machine of this name as it is.
    pub fn leaves_out(&self, name: &str) -> bool {
        self.targets.iter().any(|target| target.name == name) && !self.limit.allows(name)
    }

    /// The nodes whose own references may be changed.
    pub fn changed(&self) -> impl Iterator<Item = &Surveyed> {
        self.nodes.iter().filter(|node| self.changes(node))
    }

    /// Why the cluster does not tell its nodes, where it does not.
    pub fn untold(&self) -> Option<&str> {
        self.known.as_ref().err().map(String::as_str)
    }

    /// Nodes of the cluster that nobody looked at.
    pub fn unseen(&self, world: &World) -> Vec<&str> {
        let seen: Vec<_> = self.nodes.iter().filter_map(|node| self.known_as(&node.name, world)).collect();
        let known = self.known.iter().flatten().map(|node| node.name.as_str());
        known.filter(|name| !seen.contains(name)).collect()
    }

    /// What the cluster calls a machine.
    pub fn known_as(&self, name: &str, world: &World) -> Option<&str> {
        let known = self.known.as_ref().ok()?;
        let target = self.targets.iter().find(|target| target.name == name)?;
        let by_name = known.iter().find(|node| node.name == name);
        let known = by_name.or_else(|| known.iter().find(|node| is_at(node, target, world)))?;
        Some(&known.name)
    }

    /// What stands in the way, and what stays as it is.
    pub fn findings(&self, wanted: &Move, world: &World) -> Result<Vec<Finding>, Error> {
        let (trust, now) = (self.cluster.trust()?, (world.now)());
        let context = &self.cluster.access.context;
        let mut findings = self.findings.clone();
        for node in self.servers() {
            match &node.presented {
                Err(error) => findings.push(check::silent_node(&node.name, &node.endpoint, error)),
                Ok(presented) => {
                    findings.extend(check::belongs(&node.name, presented, trust, context, now));
                    if !presented.leaf.covers(&self.promised.asked_of(&node.name, &wanted.to)) {
                        findings.push(check::unnamed(&node.name, &node.endpoint, &wanted.to.host));
                    }
                }
            }
            findings.extend(node.control_plane.findings_of_move(wanted, now));
        }
        for node in self.workers().filter(|node| self.limit.allows(&node.name)) {
            findings.extend(self.stranger(node, world));
            findings.extend(node.control_plane.findings_of_move(wanted, now));
        }
        findings.extend(self.left_out());
        if let Err(reason) = &self.known {
            findings.push(untold(context, reason));
        }
        // Of one distribution several nodes say the same.
        let mut seen: Vec<Finding> = vec![];
        findings.retain(|finding| {
            let is_new = !seen.contains(finding);
            seen.push(finding.clone());
            is_new
        });
        Ok(findings)
    }

    /// A worker that the cluster does not know: most likely one of another cluster.
    fn stranger(&self, node: &Surveyed, world: &World) -> Option<Finding> {
        if self.known.is_err() || self.known_as(&node.name, world).is_some() {
            return None;
        }
        let message = "the cluster has no node of this name or at this address";
        Some(Finding::new(Code::WrongCluster, &node.name, message).remedy(
            "name it as `kubectl get nodes` does, or leave it out of the inventory, of `--node`, or with `--limit`",
        ))
    }

    fn left_out(&self) -> Option<Finding> {
        let is_left = |target: &&Target| !self.limit.allows(&target.name);
        let is_server = |target: &&Target| self.servers().any(|node| node.name == target.name);
        let left = self.targets.iter().filter(is_left).filter(|target| !is_server(target));
        let names: Vec<_> = left.map(|target| target.name.as_str()).collect();
        (!names.is_empty()).then(|| {
            Finding::new(Code::ReferenceLeft, names.join(", "), "it is left out, and is led where it was")
                .remedy("run this again without `--limit`; keep the old address reachable until then")
        })
    }
}

/// Names that some nodes are to serve before anybody is led to them.
#[derive(Default)]
pub struct Promised {
    pub names: SanSet,
    pub nodes: BTreeSet<String>,
}

impl Promised {
    pub fn covers(&self, to: &Endpoint) -> bool {
        !self.nodes.is_empty() && self.names.covers(&to.host)
    }

    /// The name by which a server at the new address is known: the address itself; while that is only promised, what
    /// every API server is called.
    pub fn asked(&self, to: &Endpoint) -> San {
        if self.covers(to) { San::kubernetes() } else { to.host.clone() }
    }

    /// The same of one node at its own address, which the run may leave as it is.
    fn asked_of(&self, node: &str, to: &Endpoint) -> San {
        if self.nodes.contains(node) { self.asked(to) } else { to.host.clone() }
    }
}

/// Workers that the cluster knows and nobody named.
pub fn workers_beside(known: &[ClusterNode], targets: &[Target], world: &World) -> Vec<Target> {
    let is_named = |node: &ClusterNode| {
        targets.iter().any(|target| target.name == node.name || is_at(node, target, world))
    };
    let beside = known.iter().filter(|node| !node.is_control_plane && !is_named(node));
    beside.map(|node| Target::from_host(&node.name, &node.address)).collect()
}

fn is_at(node: &ClusterNode, target: &Target, world: &World) -> bool {
    node.addresses.iter().any(|address| *address == target.host || *address == world.reach.host(target))
}

fn untold(context: &str, reason: &str) -> Finding {
    let message = format!(
        "the cluster does not tell its nodes ({reason}): workers that nobody named are not looked at"
    );
    Finding::new(Code::ReferenceLeft, format!("context {context}"), message)
        .remedy("name the workers too, in the inventory or with `--node`")
}
