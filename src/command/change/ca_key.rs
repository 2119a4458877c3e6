//! The machine that `--ca-key` names, asked which key it has there; the key itself is never read.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    cli::{CaKey, Common},
    command::shared::{machines, survey::Surveyed},
    distro::{Distro, Signer, byhand::ByHand, kubeadm::Kubeadm},
    error::Error,
    inventory::Inventory,
    node::{Answer, Ask, Target},
    plan::{Authority, HERE, Step},
    report::{Code, Finding},
    world::World,
};

/// Where the CA's key lies.
pub struct Place {
    path: PathBuf,
    /// The machine, where it is one for all nodes.
    machine: Option<Target>,
}

impl Place {
    /// The machine that is named: a node by its name or address, this machine, or another one.
    pub fn find(typed: &CaKey, inventory: &Inventory, common: &Common) -> Result<Self, Error> {
        let machine = typed.host.as_deref().map(|host| machine(host, inventory, common)).transpose()?;
        Ok(Self { path: typed.path.clone(), machine })
    }

    /// A machine that the plan has to know beside the nodes.
    pub fn target(&self) -> Option<&Target> {
        self.machine.as_ref().filter(|machine| machine.name != HERE)
    }

    /// The key that signs for a node, or why there is none.
    pub fn signer(&self, node: &Target, world: &World) -> Result<Result<Signer, Finding>, Error> {
        let machine = self.machine.as_ref().unwrap_or(node);
        let asked =
            world.reach.look_at(machine).and_then(|held| held.look(&[Ask::PublicKeyOf(self.path.clone())]));
        let answer = asked.map_err(|error| Error::Nodes(vec![error]))?.pop();
        let path = self.path.display();
        let message = match answer {
            Some(Answer::KeyDigest(public_key)) => {
                let elsewhere = (machine.name != node.name).then(|| machine.name.clone());
                let authority = Authority { node: elsewhere, key: self.path.clone() };
                return Ok(Ok(Signer { authority, public_key }));
            }
            Some(Answer::No(reason)) => reason,
            _ => format!("there is no {path}"),
        };
        let finding = Finding::new(Code::CaKeyMissing, &machine.name, message);
        Ok(Err(finding.remedy("name the CA's private key, in PEM and without a passphrase, with `--ca-key`")))
    }
}

/// The key that signs for each of the nodes, where the operator says where it lies.
pub fn signers<'a>(
    place: Option<&Place>,
    nodes: impl Iterator<Item = &'a Target>,
    world: &World,
) -> Result<Result<BTreeMap<String, Signer>, Vec<Finding>>, Error> {
    let (mut signers, mut missing) = (BTreeMap::new(), vec![]);
    for (node, place) in nodes.zip(std::iter::repeat(place)) {
        match place.map(|place| place.signer(node, world)).transpose()? {
            Some(Ok(signer)) => drop(signers.insert(node.name.clone(), signer)),
            Some(Err(finding)) if !missing.contains(&finding) => missing.push(finding),
            Some(Err(_)) | None => {}
        }
    }
    Ok(if missing.is_empty() { Ok(signers) } else { Err(missing) })
}

/// Refuses a key that a node never has a use for; one whose names only have to be written down has none today.
pub fn refuse_unused(steps: &[Step], nodes: &[Surveyed]) -> Result<(), Error> {
    let takes_keys = [ByHand.name(), Kubeadm.name()];
    let is_signed = |step: &Step| {
        let mut of_step = nodes.iter().filter(|node| node.name == step.node);
        of_step.any(|node| takes_keys.contains(&node.control_plane.distribution()))
    };
    let mut of_nodes = steps.iter().filter(|step| step.node != HERE);
    let Some(step) = of_nodes.find(|step| !is_signed(step)) else { return Ok(()) };
    Err(Error::Usage {
        message: format!(
            "`--ca-key` is for nodes of kubeadm's or set up by hand, and {} signs with a key of its own",
            step.node
        ),
        hint: "leave it out, or name the nodes that it is for with `--limit`".into(),
    })
}

fn machine(host: &str, inventory: &Inventory, common: &Common) -> Result<Target, Error> {
    if host == HERE {
        return Ok(Target::from_host(HERE, HERE));
    }
    let named = |node: &&Target| node.name == host;
    if let Some(node) = inventory.nodes.iter().find(named) {
        return Ok(node.clone());
    }
    let mut machine = Inventory::from_flags(&[host.to_owned()], None)?.nodes.remove(0);
    machines::flagged(&mut machine, &common.ssh)?;
    // One machine under two names would be two machines to a run.
    let is_same = |node: &&Target| node.host == machine.host && node.port == machine.port;
    Ok(inventory.nodes.iter().find(is_same).cloned().unwrap_or(machine))
}
