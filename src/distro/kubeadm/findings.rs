//! What stands in the way of a change on a node of kubeadm's.

use jiff::Timestamp;

use super::{
    KUBELET, MANIFEST, configuration,
    facts::{Facts, Owner},
};
use crate::{
    distro::{
        Want,
        byhand::{self, SERVER},
        version::LEADS_HOME,
    },
    edit::EditError,
    node::UnitSeen,
    report::{Code, Finding},
    san::SanSet,
};

/// Everything that does not depend on the names that are wanted.
pub(super) fn of_node(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    if facts.is_worker {
        return vec![worker(facts)];
    }
    let own = [owner(facts), at_work(facts), kubelet(facts), stopped(facts)];
    let mut findings: Vec<_> = own.into_iter().flatten().collect();
    findings.extend(byhand::findings::of_node(&facts.server, now));
    findings
}

/// What an operator should know before it is done.
pub(super) fn cautions(facts: &Facts, want: &Want) -> Vec<Finding> {
    let files = facts.configurations.iter().filter(|(_, text)| configuration::is_one(text));
    let lacking = files.filter_map(|(path, text)| {
        let path = path.display().to_string();
        let there = configuration::still_listed(text, want.removes());
        if !there.is_empty() {
            return Some(listed(facts, &path, &there));
        }
        let error = configuration::edit(text, want.adds()).err()?;
        Some(unlisted(facts, &path, want.adds(), &error))
    });
    let cautions = byhand::cautions::findings(&facts.server, want);
    lacking.chain(cautions).chain(led(facts)).collect()
}

/// What reaches the API servers through the address that clients share.
fn led(facts: &Facts) -> Option<Finding> {
    let version = facts.server.version.filter(|version| *version < LEADS_HOME)?;
    Some(finding(
        facts,
        Code::ComponentsLed,
        format!(
            "kubeadm {version} may lead its controller manager and its scheduler to the endpoint of when it set them up, \
             not to their own API server"
        ),
        "`sudo grep server: /etc/kubernetes/controller-manager.conf /etc/kubernetes/scheduler.conf` shows where they go; \
         `cpctl endpoint move` leaves them, so let them lead to their own node's address before an old endpoint goes",
    ))
}

fn finding(facts: &Facts, code: Code, message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::new(code, &facts.node, message).remedy(remedy)
}

fn worker(facts: &Facts) -> Finding {
    finding(
        facts,
        Code::NodeIsWorker,
        format!("it is a worker and has no API server: there is no {MANIFEST}"),
        "leave it out of the inventory or of `--node`; `cpctl endpoint move` leads it elsewhere",
    )
}

/// Who writes the node's files by a configuration of its own takes the names away again.
fn owner(facts: &Facts) -> Option<Finding> {
    let (who, remedy) = match facts.owner? {
        Owner::Kubespray => (
            "Kubespray",
            "list the names in its `supplementary_addresses_in_ssl_keys` and run its playbook `cluster.yml`; what is \
             added beside it is lost with the next run",
        ),
        Owner::ClusterApi => (
            "Cluster API",
            "list the names in the KubeadmControlPlane, `spec.kubeadmConfigSpec.clusterConfiguration.apiServer.certSANs`, \
             which rolls new machines out; what is added beside it goes with the machine",
        ),
    };
    Some(finding(facts, Code::OwnedElsewhere, format!("{who} set it up and writes its files"), remedy))
}

/// Who sets nodes up by a configuration of its own may write the old address again.
pub(super) fn owner_of_addresses(facts: &Facts) -> Option<Finding> {
    let (who, remedy) = match facts.owner? {
        Owner::Kubespray => {
            ("Kubespray", "set `loadbalancer_apiserver` in its inventory to the new one as well")
        }
        Owner::ClusterApi => (
            "Cluster API",
            "its Cluster names the address that new machines get, `spec.controlPlaneEndpoint`: change it there as well, or \
             keep the old one reachable",
        ),
    };
    let message = format!("{who} set it up, and may write the old address again");
    Some(finding(facts, Code::ConfigurationManaged, message, remedy).about(who))
}

pub(super) fn at_work(facts: &Facts) -> Option<Finding> {
    let pids: Vec<_> = facts.at_work.iter().map(ToString::to_string).collect();
    (!pids.is_empty()).then(|| {
        finding(
            facts,
            Code::KubeadmAtWork,
            format!("kubeadm is at work on it (process {})", pids.join(", ")),
            "wait until it is done, then run this again",
        )
    })
}

pub(super) fn kubelet(facts: &Facts) -> Option<Finding> {
    let what = if facts.is_worker { "a pod" } else { SERVER };
    (!matches!(facts.kubelet, UnitSeen::Active { .. })).then(|| {
        finding(
            facts,
            Code::ServiceStopped,
            format!("{KUBELET} is not running, so nobody starts {what} again if it ends"),
            format!("`sudo systemctl start {KUBELET}`; `journalctl -u {KUBELET}` tells why it does not stay"),
        )
    })
}

fn stopped(facts: &Facts) -> Option<Finding> {
    (!facts.is_running).then(|| {
        finding(
            facts,
            Code::ServiceStopped,
            format!("{SERVER} is not running as {MANIFEST} has it"),
            format!("`sudo crictl ps -a --name {SERVER}` and `journalctl -u {KUBELET}` tell why"),
        )
    })
}

/// A file that lists names which are to be gone.
fn listed(facts: &Facts, path: &str, there: &SanSet) -> Finding {
    finding(
        facts,
        Code::SigningConfiguration,
        format!("{path} lists {there}: a certificate that kubeadm makes from it names it again"),
        format!("take {there} out of it below `apiServer:` `certSANs:`"),
    )
    .about(path)
}

/// A file that lists names and cannot be edited without touching more.
fn unlisted(facts: &Facts, path: &str, want: &SanSet, error: &EditError) -> Finding {
    finding(
        facts,
        Code::SigningConfiguration,
        format!(
            "{path} stays as it is ({error}): a certificate that kubeadm makes from it will lack the names"
        ),
        format!("list {want} in it below `apiServer:` `certSANs:`"),
    )
    .about(path)
}
