//! Which distribution a node runs.

use super::{ControlPlane, Distro, Trace, byhand, k0s, k3s, kubeadm, microk8s};
use crate::{
    node::{self, Ask, Node},
    report::{Code, Finding},
};

/// What a look at a node came to.
pub enum Observed {
    Known(Box<dyn ControlPlane>),
    /// A node that cpctl does not change: none of the distributions.
    Refused(Finding),
}

/// All distributions. What runs an API server of its own is tried before one that nobody else runs.
pub static DISTROS: &[&dyn Distro] =
    &[&microk8s::MicroK8s, &k3s::K3S, &k3s::RKE2, &k0s::K0s, &kubeadm::Kubeadm, &byhand::ByHand];

/// Recognises a node in one round trip and then has it read; `named` is what the inventory says that it runs.
pub fn observe(node: &dyn Node, named: Option<&str>) -> Result<Observed, node::Error> {
    let candidates = candidates(named);
    if let Some(name) = named.filter(|_| candidates.is_empty()) {
        return Ok(Observed::Refused(unsupported(node, name)));
    }
    let asks: Vec<Vec<Ask>> = candidates.iter().map(|distro| distro.asks()).collect();
    let mut rest = node.look(&asks.concat())?;
    let answers = asks.iter().map(|asks| rest.drain(..asks.len().min(rest.len())).collect::<Vec<_>>());
    let traces = candidates.iter().zip(answers).map(|(distro, answers)| {
        let trace = distro.detect(&answers);
        (trace, *distro, answers)
    });
    let found = traces.filter(|(trace, ..)| *trace > Trace::None);
    // Of equal traces the first counts.
    match found.reduce(|best, next| if next.0 > best.0 { next } else { best }) {
        Some((_, distro, answers)) => Ok(Observed::Known(distro.observe(node, &answers)?)),
        None => Ok(Observed::Refused(absent(node, named))),
    }
}

/// The distribution that the inventory names, or all of them; that of the kubelet, which others have beside their own,
/// and the one that is nobody's come last.
fn candidates(named: Option<&str>) -> Vec<&'static dyn Distro> {
    let known = DISTROS.iter().copied().filter(|distro| named.is_none_or(|name| distro.name() == name));
    let (last, first): (Vec<_>, Vec<_>) =
        known.partition(|distro| [kubeadm::NAME, byhand::NAME].contains(&distro.name()));
    first.into_iter().chain(last).collect()
}

fn names() -> String {
    let names: Vec<_> = DISTROS.iter().map(|distro| format!("`{}`", distro.name())).collect();
    names.join(", ")
}

fn unsupported(node: &dyn Node, name: &str) -> Finding {
    Finding::new(
        Code::DistributionUnsupported,
        node.name(),
        format!("it runs {name}, which cpctl cannot change"),
    )
    .remedy(format!("cpctl changes {}; leave the node out of the inventory or of `--node`", names()))
}

fn absent(node: &dyn Node, named: Option<&str>) -> Finding {
    let message = match named {
        None => "none of the Kubernetes distributions that cpctl knows is there".to_owned(),
        Some(name) => format!("the inventory says `{name}`, but nothing of it is there"),
    };
    Finding::new(Code::DistributionUnknown, node.name(), message).remedy(format!(
        "check that it is the right machine; an inventory can name {} as `distribution`",
        names()
    ))
}
