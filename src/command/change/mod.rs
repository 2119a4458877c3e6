//! From what is wanted of the certificates to a run, for every verb that has them signed anew.

use std::collections::BTreeMap;

use super::shared::{
    cluster::Cluster,
    consent::Proposal,
    drains, machines,
    survey::{self, Limit, Surveyed},
    watched::{self, Meanwhile, Terms},
};
use crate::{
    apply::OnFailure,
    cli::{self, Common},
    distro::{Role, Want, hosted},
    endpoint::Endpoint,
    error::Error,
    inventory::{Balancer, Inventory},
    node::Target,
    operator::Operator,
    outcome::{Outcome, Preview},
    plan::{Plan, Restarts, SCHEMA, Step},
    report::{Finding, Severity, worst},
    san::{San, SanSet},
    world::World,
};

mod ca_key;
mod promise;
mod register;
mod secret;
pub mod steps;
mod unlisted;

/// A cluster whose nodes were all looked at.
pub struct Site {
    pub cluster: Cluster,
    pub inventory: Inventory,
    /// The nodes that may be changed.
    pub limit: Limit,
    pub nodes: Vec<Surveyed>,
    findings: Vec<Finding>,
    place: Option<ca_key::Place>,
    /// Those that nodes are drained on.
    pub balancers: Vec<Balancer>,
}

/// What a site is looked at for, and how.
pub struct Asked<'a> {
    pub want: &'a Want,
    pub flags: &'a cli::Change,
    pub common: &'a Common,
    pub world: &'a World,
}

/// A node that SSH does not lead to, and what changes it instead.
fn hosted(node: &Target, want: &Want) -> Option<Finding> {
    let finding = hosted::refusal(node, want.adds())?;
    Some(match want {
        Want::Add(_) => finding,
        Want::Remove(names) => finding.remedy(format!("take {names} out where its names come from")),
        Want::Renew => finding.remedy("have it renewed where it is signed"),
    })
}

/// The command as it stands in a plan.
pub fn titled(verb: &str, names: &[San]) -> String {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    format!("{verb} {}", names.join(" "))
}

impl Site {
    /// Looks at all nodes and changes nothing.
    pub fn survey(
        want: &Want,
        flags: &cli::Change,
        common: &Common,
        world: &World,
        operator: &mut dyn Operator,
    ) -> Result<Self, Error> {
        let (cluster, inventory) = machines::known(common, world, operator)?;
        let limit = Limit::new(&flags.limit, &inventory.nodes)?;
        Self::of(cluster, inventory, limit, &Asked { want, flags, common, world })
    }

    /// Looks at all nodes of a cluster that is known.
    pub fn of(
        cluster: Cluster,
        inventory: Inventory,
        limit: Limit,
        asked: &Asked<'_>,
    ) -> Result<Self, Error> {
        let Asked { want, flags, common, world } = *asked;
        let balancers = drains::balancers(&inventory.balancers, &flags.without_balancer)?;
        let allowed = inventory.nodes.iter().filter(|node| limit.allows(&node.name));
        let hosted: Vec<_> = allowed.filter_map(|node| hosted(node, want)).collect();
        if !hosted.is_empty() {
            return Err(Error::Refused(hosted));
        }
        let place =
            flags.ca_key.as_ref().map(|typed| ca_key::Place::find(typed, &inventory, common)).transpose()?;
        let (nodes, findings) = survey::at(&inventory.nodes, &limit, world)?;
        Ok(Self { cluster, inventory, limit, nodes, findings, place, balancers })
    }

    /// Takes workers for what they are: machines without a certificate to change, which are no reason to refuse.
    pub fn leave_workers_out(&mut self) {
        let servers = self.nodes.iter().filter(|node| node.control_plane.role() != Role::Worker);
        let allowed = servers.filter(|node| self.limit.allows(&node.name));
        self.limit = Limit::of(allowed.map(|node| node.name.clone()).collect());
    }

    /// The nodes that may be changed and have an API server that answers.
    pub fn allowed(&self) -> impl Iterator<Item = &Surveyed> {
        self.nodes.iter().filter(|node| self.limit.allows(&node.name) && node.presented.is_ok())
    }

    /// What stands in the way of any change.
    pub fn judge(&self, world: &World) -> Result<Vec<Finding>, Error> {
        let whose = (&*self.cluster.access.context, self.cluster.trust()?);
        let judged = survey::judge(&self.nodes, &self.limit, Some(whose), world);
        Ok(self.findings.iter().cloned().chain(judged).collect())
    }

    /// Plans what is wanted, asks, and carries it out.
    pub fn change(
        &self,
        title: String,
        want: &Want,
        flags: &cli::Change,
        world: &World,
        operator: &mut dyn Operator,
    ) -> Result<Outcome, Error> {
        match self.propose(title.clone(), want, world)? {
            Proposal::Refused(found) => Ok(Outcome::Refused(found)),
            Proposal::Nothing(found) => Ok(Outcome::nothing_to_do(title, found)),
            Proposal::Plan(preview) => {
                self.carry_out(*preview, self.inventory.endpoint.as_ref(), flags, world, operator)
            }
        }
    }

    /// Plans what is wanted.
    pub fn propose(&self, title: String, want: &Want, world: &World) -> Result<Proposal, Error> {
        let mut findings = self.judge(world)?;
        if worst(&findings) == Some(Severity::Fail) {
            return Ok(Proposal::Refused(findings));
        }
        let (mut steps, mut diffs) = match self.steps(want, world)? {
            Ok(planned) => planned,
            Err(found) => return Ok(Proposal::Refused(found)),
        };
        if let Some(bound) = secret::bound(&self.nodes, &steps, &self.cluster, world) {
            return Ok(Proposal::Refused(vec![bound]));
        }
        let listing = register::Listing::of(&self.nodes, want, &self.cluster, world);
        steps.extend(listing.step);
        diffs.extend(listing.diff);
        findings.extend(listing.finding);
        if steps.is_empty() {
            return Ok(Proposal::Nothing(findings));
        }
        if self.place.is_some() {
            ca_key::refuse_unused(&steps, &self.nodes)?;
        }
        let (fronts, found) = drains::plan(&mut steps, &servers(&self.nodes), &self.balancers, world);
        if worst(&found) == Some(Severity::Fail) {
            return Ok(Proposal::Refused(found));
        }
        findings.extend(found);
        if let Some(away) = self.away(&steps, world) {
            return Ok(Proposal::Refused(vec![away]));
        }
        findings.extend(self.cautions(&steps, want));
        let plan = self.plan(title, want, (steps, &fronts), &mut findings, world)?;
        Ok(Proposal::new(plan, diffs, findings))
    }

    /// Asks where that is wanted, and carries out what is agreed on; `shared` is where requests are sent meanwhile.
    pub fn carry_out(
        &self,
        preview: Preview,
        shared: Option<&Endpoint>,
        flags: &cli::Change,
        world: &World,
        operator: &mut dyn Operator,
    ) -> Result<Outcome, Error> {
        let on_failure = if flags.keep_failed { OnFailure::Keep } else { OnFailure::TakeBack };
        let asked = flags.watch.then_some(Meanwhile { cluster: &self.cluster, shared });
        let terms = Terms { consent: flags.consent.into(), on_failure, asked };
        watched::carry_out(preview, terms, world, operator)
    }

    /// Who may be down where a server is restarted, so that the store would lose its quorum.
    fn away(&self, steps: &[Step], world: &World) -> Option<Finding> {
        let is_restarted = steps.iter().any(|step| step.restarts() == Restarts::Surely);
        let known = is_restarted.then(|| unlisted::away(&self.nodes, &self.cluster, world)).flatten();
        known.or_else(|| unlisted::members_away(&self.nodes, steps))
    }

    /// The steps with all that a run has to know beside them, and what there is to say of its promises.
    fn plan(
        &self,
        title: String,
        want: &Want,
        (steps, fronts): (Vec<Step>, &[Target]),
        findings: &mut Vec<Finding>,
        world: &World,
    ) -> Result<Plan, Error> {
        let unlisted = unlisted::servers(&self.nodes, &self.cluster, world);
        let sight =
            promise::Sight { nodes: &self.nodes, unlisted: &unlisted, trust: self.cluster.trust()?, world };
        let (finally, found) =
            promise::finally(&steps, self.inventory.endpoint.as_ref(), want.adds(), &sight);
        findings.extend(unlisted.iter().map(|server| unlisted::finding(server, want)));
        findings.extend(found);
        let servers = servers(&self.nodes);
        let targets = self.inventory.nodes.iter().filter(|target| servers.contains_key(&target.name));
        let targets = targets.chain(self.place.as_ref().and_then(ca_key::Place::target)).chain(fronts);
        Ok(Plan {
            schema: SCHEMA,
            title,
            nodes: targets.map(|target| (target.name.clone(), target.clone())).collect(),
            cluster: self.cluster.for_plan(servers),
            steps,
            finally,
            provides: want.adds().clone(),
            relies_on: SanSet::default(),
        })
    }

    /// What there is to know of the names on the nodes that are changed.
    fn cautions(&self, steps: &[Step], want: &Want) -> Vec<Finding> {
        let is_changed = |node: &&Surveyed| steps.iter().any(|step| step.node == node.name);
        self.nodes.iter().filter(is_changed).flat_map(|node| node.control_plane.cautions(want)).collect()
    }
}

/// Every API server of the cluster; a worker has none.
fn servers(nodes: &[Surveyed]) -> BTreeMap<String, Endpoint> {
    let servers = nodes.iter().filter(|node| node.control_plane.role() != Role::Worker);
    servers.map(|node| (node.name.clone(), node.endpoint.clone())).collect()
}
