//! The load balancers in front of a step's node, asked before it is planned that its server may be restarted.

use std::{collections::BTreeMap, error::Error as _, thread};

use crate::{
    balancer::{self, Front},
    endpoint::Endpoint,
    error::Error,
    inventory::Balancer,
    node::{Answer, Ask, Target, UnitSeen},
    plan::{Plan, Restarts, Step},
    report::Finding,
    world::World,
};

const HAPROXY: &str = "haproxy";
const NGINX: &str = "nginx";
const NGINX_FILE: &str = "/etc/nginx/nginx.conf";

/// A balancer that does not tell its servers.
pub struct Unread {
    pub finding: Finding,
    pub runs: Runs,
}

/// What a balancer that does not tell its servers was seen to run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Runs {
    /// HAProxy under whatever name, or nobody could see.
    Haproxy,
    /// NGINX by its unit and its file, where the unit haproxy does not run and has left no socket.
    Nginx,
}

/// The balancers of an inventory but those that the operator does without.
pub fn balancers(named: &[Balancer], without: &[String]) -> Result<Vec<Balancer>, Error> {
    let is_known = |name: &&String| named.iter().any(|balancer| balancer.target.name == **name);
    if let Some(unknown) = without.iter().find(|name| !is_known(name)) {
        let known: Vec<_> = named.iter().map(|balancer| balancer.target.name.as_str()).collect();
        return Err(Error::Usage {
            message: format!("`--without-balancer` names {unknown}, which is not among the balancers"),
            hint: match known.as_slice() {
                [] => "the inventory names none (`balancers:`), so nothing is drained; leave it out".into(),
                known => format!("the balancers are: {}", known.join(", ")),
            },
        });
    }
    let is_wanted = |balancer: &&Balancer| !without.contains(&balancer.target.name);
    Ok(named.iter().filter(is_wanted).cloned().collect())
}

/// Has every step whose server may be restarted take its node out of the balancers first; `servers` says where each
/// node's API server answers.
///
/// Returns the machines that the plan has to know for it, and findings: one that fails stands in the way.
pub fn plan(
    steps: &mut [Step],
    servers: &BTreeMap<String, Endpoint>,
    balancers: &[Balancer],
    world: &World,
) -> (Vec<Target>, Vec<Finding>) {
    if steps.iter().all(|step| step.restarts() == Restarts::Never) {
        return (vec![], vec![]);
    }
    let is_sure = steps.iter().any(|step| step.restarts() == Restarts::Surely);
    let (mut fronts, mut of_nginx, mut findings) = (vec![], vec![], vec![]);
    for (balancer, seen) in balancers.iter().zip(look(balancers, world)) {
        match seen {
            Ok(front) => fronts.push(front),
            // What may never be needed is not asked for where it cannot be had.
            Err(Unread { runs: Runs::Nginx, .. }) if !is_sure => of_nginx.push(balancer.target.name.as_str()),
            Err(unread) => findings.push(unread.finding),
        }
    }
    for step in steps.iter_mut().filter(|step| step.restarts() > Restarts::Never) {
        let Some(api) = servers.get(&step.node) else { continue };
        for front in &fronts {
            let (holds, found) = front.drained(step, api);
            step.holds.extend(holds);
            findings
                .extend(found.into_iter().filter(|finding| !findings.contains(finding)).collect::<Vec<_>>());
        }
        if !of_nginx.is_empty() {
            step.notes.push(balancer::cost_behind_nginx(&of_nginx));
        }
        if step.restarts() == Restarts::Surely && step.drained().next().is_none() {
            step.notes.push(balancer::cost_of_restart());
        }
        if step.restarts() == Restarts::Surely && servers.len() == 2 {
            step.notes.push(balancer::cost_of_quorum());
        }
    }
    let is_needed = |target: &&Target| {
        steps.iter().flat_map(Step::drained).any(|drained| drained.balancer == target.name)
    };
    let targets = balancers.iter().map(|balancer| &balancer.target).filter(is_needed);
    (targets.cloned().collect(), findings)
}

/// The balancers of a plan that was made earlier, asked again: what is seen of the servers that it drains. A finding
/// that fails stands in the way.
pub fn again(plan: &Plan, world: &World) -> Vec<Finding> {
    let drained: Vec<_> = plan.steps.iter().flat_map(Step::drained).collect();
    let mut balancers: Vec<Balancer> = vec![];
    for drained in &drained {
        let Some(target) = plan.nodes.get(&drained.balancer) else { continue };
        let balancer = Balancer {
            target: target.clone(),
            socket: drained.socket.clone(),
            backend: None,
            interface: None,
            priority: None,
        };
        if !balancers.contains(&balancer) {
            balancers.push(balancer);
        }
    }
    let mut findings = vec![];
    for seen in look(&balancers, world) {
        let found = match seen {
            Ok(front) => {
                let of_front = drained
                    .iter()
                    .filter(|drained| (&drained.balancer, &drained.socket) == (&front.name, &front.socket));
                of_front.flat_map(|drained| front.still(drained)).collect()
            }
            Err(unread) => vec![unread.finding],
        };
        for finding in found {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// All balancers side by side.
pub fn look(balancers: &[Balancer], world: &World) -> Vec<Result<Front, Unread>> {
    thread::scope(|scope| {
        let workers: Vec<_> =
            balancers.iter().map(|balancer| scope.spawn(move || ask(balancer, world))).collect();
        let seen = workers.into_iter();
        seen.map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

fn ask(balancer: &Balancer, world: &World) -> Result<Front, Unread> {
    let Balancer { target, socket, backend, .. } = balancer;
    let asks = [
        Ask::Balancer(socket.clone()),
        Ask::Unit(HAPROXY.into()),
        Ask::Unit(NGINX.into()),
        Ask::Exists(NGINX_FILE.into()),
    ];
    let asked = world.reach.look_at(target).and_then(|machine| machine.look(&asks));
    let mut runs = Runs::Haproxy;
    let (reason, hint) = match asked.as_deref() {
        Ok([Answer::Said(said), ..]) => {
            let servers = balancer::read(said);
            let (name, socket, backend) = (target.name.clone(), socket.clone(), backend.clone());
            return Ok(Front { name, socket, backend, servers });
        }
        Ok([Answer::No(reason), ..]) => (reason.clone(), None),
        Ok(answers) => {
            runs = running(answers);
            (format!("there is no {}", socket.display()), Some("name its `socket:` in the inventory".into()))
        }
        Err(error) => {
            let said = error.to_string();
            let said = said.strip_prefix(&format!("{}: ", target.name)).unwrap_or(&said);
            let reason = error.source().map_or(said.to_owned(), |source| format!("{said} ({source})"));
            (reason, error.hint())
        }
    };
    Err(Unread { finding: balancer::unread(&target.name, &reason, hint), runs })
}

/// HAProxy in a container, or where no systemd is, has no unit: that alone does not tell who leads clients.
fn running(answers: &[Answer]) -> Runs {
    match answers {
        [
            _,
            Answer::Unit(UnitSeen::Inactive | UnitSeen::Missing),
            Answer::Unit(UnitSeen::Active { .. }),
            Answer::Present,
        ] => Runs::Nginx,
        _ => Runs::Haproxy,
    }
}

#[cfg(test)]
#[path = "drains_tests.rs"]
mod tests;
