//! The new address tried through each machine whose clients are to be led there.

use std::{collections::BTreeSet, thread};

use super::site::{Promised, Site};
use crate::{
    command::shared::{seen_from, survey::Surveyed},
    distro::{Move, Reference, Trial},
    endpoint::Endpoint,
    error::Error,
    node::{self, Target},
    plan::Listener,
    report::{Code, Finding},
    world::World,
};

/// A machine, how its clients see a server, and where they are to be led.
pub type Tried<'s> = (&'s Target, Trial, BTreeSet<Endpoint>);

/// All that is to be tried.
pub fn of<'s>(site: &'s Site, wanted: &Move, everywhere: &BTreeSet<Endpoint>) -> Vec<Tried<'s>> {
    site.nodes().filter_map(|node| of_node(site, node, wanted, everywhere)).collect()
}

/// What is wrong with the address as these machines see it, all of them asked side by side. Clients on every node are led to
/// those that are `everywhere`.
pub fn faults(
    site: &Site,
    trials: &[Tried<'_>],
    everywhere: &BTreeSet<Endpoint>,
    world: &World,
) -> Result<Vec<Finding>, Error> {
    let promised = &site.promised;
    let results: Vec<_> = thread::scope(|scope| {
        let asked: Vec<_> =
            trials.iter().map(|trial| scope.spawn(move || through_node(trial, promised, world))).collect();
        asked
            .into_iter()
            .map(|asked| asked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let (mut findings, mut errors) = (vec![], vec![]);
    for result in results {
        match result {
            Ok(found) => findings.extend(found),
            Err(error) => errors.push(error),
        }
    }
    findings.extend(everywhere.iter().filter_map(|to| untried(&site.unseen(world), to)));
    if errors.is_empty() { Ok(findings) } else { Err(Error::Nodes(errors)) }
}

/// Where clients on every node are led by what was found.
pub fn everywhere<'r>(found: impl Iterator<Item = &'r Reference>, wanted: &Move) -> BTreeSet<Endpoint> {
    let moving = found.filter(|reference| reference.is_everywhere && reference.moves(wanted));
    moving.map(|reference| reference.target(&wanted.to)).collect()
}

/// What is tried through a machine; nothing where nothing of it is moved.
fn of_node<'s>(
    site: &'s Site,
    node: &Surveyed,
    wanted: &Move,
    everywhere: &BTreeSet<Endpoint>,
) -> Option<Tried<'s>> {
    let trial = node.control_plane.trial()?;
    let references = node.control_plane.references();
    let own = references.iter().filter(|_| site.changes(node));
    let targets = targets(own, &trial, wanted, everywhere);
    let target = site.targets.iter().find(|target| target.name == node.name)?;
    (!targets.is_empty()).then_some((target, trial, targets))
}

/// Those of its own references, and of what runs on every node.
fn targets<'r>(
    own: impl Iterator<Item = &'r Reference>,
    trial: &Trial,
    wanted: &Move,
    everywhere: &BTreeSet<Endpoint>,
) -> BTreeSet<Endpoint> {
    let moving = own.filter(|reference| reference.moves(wanted));
    let own = moving.map(|reference| reference.target(&wanted.to));
    own.chain(everywhere.iter().filter(|_| trial.listener == Listener::ApiServer).cloned()).collect()
}

/// Nodes whose clients are led along and that nobody looked at.
fn untried(unseen: &[&str], to: &Endpoint) -> Option<Finding> {
    let message = format!("kube-proxy on it is led to {to} too, which was not tried from there");
    (!unseen.is_empty()).then(|| {
        Finding::new(Code::EndpointUntried, unseen.join(", "), message).remedy(format!(
            "try it there first, `curl -vk {}/readyz`, or name these nodes as well, without `--limit`",
            to.url()
        ))
    })
}

fn through_node(
    (target, trial, endpoints): &Tried<'_>,
    promised: &Promised,
    world: &World,
) -> Result<Vec<Finding>, node::Error> {
    let node = world.reach.look_at(target)?;
    let mut findings = vec![];
    for endpoint in endpoints {
        findings.extend(seen_from::faults(&*node, trial, (endpoint, &promised.asked(endpoint)), world)?);
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distro::{Form, Place};

    const OLD: &str = "192.0.2.1:6443";

    fn reference(names: &str, is_everywhere: bool) -> Reference {
        let names = names.parse().unwrap();
        let found = Reference::new(Place::File("/a".into()), "", Form::Url(vec![]), Some(names));
        Reference { is_everywhere, ..found }
    }

    fn wanted() -> Move {
        Move { from: vec![OLD.parse().unwrap()], to: "192.0.2.9:6443".parse().unwrap() }
    }

    fn trial(listener: Listener) -> Trial {
        Trial { authorities: vec![], file: "/ca".into(), pem: None, listener }
    }

    #[test]
    fn what_runs_on_every_node_counts_only_where_it_is_led_elsewhere() {
        let moving = [reference(OLD, true)];
        let staying = [reference(OLD, false), reference("192.0.2.9:6443", true)];

        assert_eq!(everywhere(moving.iter(), &wanted()), [wanted().to].into());
        assert_eq!(everywhere(staying.iter(), &wanted()), BTreeSet::new());
    }

    #[test]
    fn a_node_of_which_nothing_moves_tries_where_its_kube_proxy_is_led() {
        let everywhere = [wanted().to].into();
        let of = |listener| targets([].iter(), &trial(listener), &wanted(), &everywhere);

        assert_eq!(of(Listener::ApiServer), everywhere);
        assert_eq!(of(Listener::Supervisor), BTreeSet::new());
        assert_eq!(
            targets([reference(OLD, false)].iter(), &trial(Listener::Supervisor), &wanted(), &[].into())
                .len(),
            1
        );
    }

    #[test]
    fn nodes_that_nobody_looked_at_are_told() {
        let finding = untried(&["w1", "w2"], &wanted().to).unwrap();

        assert_eq!((finding.code, finding.subject.as_str()), (Code::EndpointUntried, "w1, w2"));
        assert_eq!(untried(&[], &wanted().to), None);
    }
}
