//! All nodes looked at side by side: each machine in two round trips, and its API server over the wire.

use std::{
    iter, mem,
    panic::resume_unwind,
    sync::{
        PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::identity::{self, Asked, Identity};
use crate::{
    apply::RECORD,
    check, distro,
    distro::{Beside, ControlPlane, Observed, Papers, Reading, Role, hosted},
    endpoint::Endpoint,
    error::Error,
    node::{self, Node, Target},
    probe::{self, Presented, Trust},
    report::Finding,
    san::{San, SanSet},
    world::World,
};

/// Nodes that are looked at side by side; each takes a thread, and processes where ssh is run.
const AT_ONCE: usize = 32;

/// One node: what its distribution says, and what it serves.
pub struct Surveyed {
    pub name: String,
    pub control_plane: Box<dyn ControlPlane>,
    pub endpoint: Endpoint,
    pub presented: Result<Presented, probe::Error>,
    /// The port at which servers and agents join, where it is another one.
    pub supervisor: Option<Heard>,
    /// Certificates that lie on it, where they were asked for.
    pub papers: Papers,
}

/// An endpoint and what it presented.
pub struct Heard {
    pub endpoint: Endpoint,
    pub presented: Result<Presented, probe::Error>,
}

/// What is asked of a node beside what its distribution needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Depth<'a> {
    Needed,
    /// With its certificates, its clock and the records of runs.
    WithPapers,
    /// And with where this name leads from there.
    Resolving(&'a San),
}

/// The nodes that a verb may act on; by default all.
#[derive(Default)]
pub struct Limit(Option<Vec<String>>);

impl Limit {
    pub fn new(names: &[String], nodes: &[Target]) -> Result<Self, Error> {
        let known: Vec<&str> = nodes.iter().map(|target| target.name.as_str()).collect();
        match names.iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Error::Usage {
                message: format!("`--limit` names {name}, which is not among the nodes"),
                hint: format!("the nodes are: {}", known.join(", ")),
            }),
            None => Ok(Self::unjudged(names)),
        }
    }

    /// The same of names that others hold against all machines that there are.
    pub fn unjudged(names: &[String]) -> Self {
        Self(Some(names.to_vec()).filter(|names| !names.is_empty()))
    }

    /// These nodes and no other, perhaps none at all.
    pub fn of(names: Vec<String>) -> Self {
        Self(Some(names))
    }

    pub fn allows(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|allowed| allowed.iter().any(|allowed| allowed == name))
    }
}

/// What a look at a target came to, and which machine it is.
type Looked = (Result<Surveyed, Finding>, Option<Identity>);

/// What a look at all nodes came to.
#[derive(Default)]
pub struct Survey {
    pub nodes: Vec<Surveyed>,
    /// Nodes that no adapter knows.
    pub refused: Vec<Finding>,
    /// Nodes that could not be looked at.
    pub errors: Vec<(String, node::Error)>,
    identities: Vec<(String, Option<Identity>)>,
}

/// Looks at all nodes, `AT_ONCE` of them side by side.
pub fn each(targets: &[Target], depth: Depth<'_>, world: &World) -> Survey {
    let next = AtomicUsize::new(0);
    let look = || {
        let mine = iter::from_fn(|| {
            let number = next.fetch_add(1, Ordering::Relaxed);
            Some((number, survey(targets.get(number)?, depth, world)))
        });
        mine.collect::<Vec<_>>()
    };
    let mut results: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..targets.len().min(AT_ONCE)).map(|_| scope.spawn(look)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    results.sort_by_key(|(number, _)| *number);
    let mut seen = Survey::default();
    for (target, (_, result)) in targets.iter().zip(results) {
        match result {
            Ok((node, identity)) => {
                seen.identities.push((target.name.clone(), identity));
                match node {
                    Ok(node) => seen.nodes.push(node),
                    Err(finding) => seen.refused.push(finding),
                }
            }
            Err(error) => seen.errors.push((target.name.clone(), error)),
        }
    }
    seen
}

impl Survey {
    /// The machines that are there under a second name.
    pub fn twice(&self) -> Vec<Finding> {
        identity::twice(&self.identities)
    }
}

/// Looks at all nodes. A node that cannot be looked at is an error, told together with all others;
/// one that no adapter knows is a finding, unless the limit leaves it out anyway, and so is a machine with two names.
pub fn at(targets: &[Target], limit: &Limit, world: &World) -> Result<(Vec<Surveyed>, Vec<Finding>), Error> {
    let seen = each(targets, Depth::Needed, world);
    let twice = seen.twice();
    let is_left_out = seen.errors.iter().all(|(name, _)| !limit.allows(name));
    let errors: Vec<_> = seen.errors.into_iter().map(|(_, error)| error).collect();
    if !errors.is_empty() {
        return Err(if is_left_out { Error::LeftOut(errors) } else { Error::Nodes(errors) });
    }
    let refused = seen.refused.into_iter().filter(|finding| limit.allows(&finding.subject));
    Ok((seen.nodes, refused.chain(twice).collect()))
}

fn survey(target: &Target, depth: Depth<'_>, world: &World) -> Result<Looked, node::Error> {
    if let Some(finding) = hosted::refusal(target, &SanSet::default()) {
        return Ok((Err(finding), None));
    }
    let machine = world.reach.look_at(target)?;
    let (machine, papers) = match depth {
        Depth::Needed => (machine, None),
        Depth::WithPapers | Depth::Resolving(_) => {
            let name = if let Depth::Resolving(name) = depth { Some(name.to_string()) } else { None };
            let beside = Beside { runs: Some((node::run_directory(""), RECORD)), name };
            let (reading, papers) = Reading::new(machine, beside, world.now);
            (Box::new(reading) as Box<dyn Node>, Some(papers))
        }
    };
    let asked = Asked::new(machine);
    let observed = distro::observe(&asked, target.distribution.as_deref())?;
    let node = match observed {
        Observed::Known(control_plane) => {
            let papers =
                papers.map(|read| mem::take(&mut *read.lock().unwrap_or_else(PoisonError::into_inner)));
            let papers = papers.unwrap_or_default().of(control_plane.distribution(), control_plane.role());
            Ok(Surveyed { papers, ..surveyed(target, control_plane, world) })
        }
        Observed::Refused(finding) => Err(finding),
    };
    Ok((node, asked.identity()))
}

fn surveyed(target: &Target, control_plane: Box<dyn ControlPlane>, world: &World) -> Surveyed {
    let endpoint =
        target.api.as_deref().and_then(|api| api.parse().ok()).unwrap_or_else(|| control_plane.endpoint());
    let heard = |endpoint: Endpoint| Heard { presented: world.wire.presented(&endpoint), endpoint };
    let supervisor = control_plane.supervisor(&endpoint).map(heard);
    let presented = world.wire.presented(&endpoint);
    Surveyed {
        name: target.name.clone(),
        control_plane,
        endpoint,
        presented,
        supervisor,
        papers: Papers::default(),
    }
}

/// What stands in the way of a change: on the nodes that are to be changed, and anywhere in the cluster, whose context
/// and CA are known or not.
pub fn judge(
    nodes: &[Surveyed],
    limit: &Limit,
    whose: Option<(&str, &Trust)>,
    world: &World,
) -> Vec<Finding> {
    let now = (world.now)();
    let belongs = |node: &Surveyed, presented: &Presented| {
        let (context, trust) = whose?;
        check::belongs(&node.name, presented, trust, context, now)
    };
    let mut findings = vec![];
    for node in nodes {
        if limit.allows(&node.name) {
            findings.extend(node.control_plane.findings(now));
        }
        match &node.presented {
            // A worker has no API server that could answer.
            Err(_) if node.control_plane.role() == Role::Worker => {}
            Err(error) => findings.push(check::silent_node(&node.name, &node.endpoint, error)),
            Ok(presented) => findings.extend(belongs(node, presented)),
        }
        match node.supervisor.as_ref().map(|heard| (&heard.endpoint, &heard.presented)) {
            Some((endpoint, Err(error))) => findings.push(check::silent_node(&node.name, endpoint, error)),
            Some((_, Ok(presented))) => findings.extend(belongs(node, presented)),
            None => {}
        }
    }
    findings
}
