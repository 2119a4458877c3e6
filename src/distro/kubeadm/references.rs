//! Where kubeadm has put the control plane's address.
//!
//! <https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/>. A control plane leads its own
//! controller manager and scheduler to its own API server, and these are left so. Its kubelet is led there too since 1.33;
//! before that it went to the address of the cluster, and it is told where it still does.

use std::path::Path;

use jiff::Timestamp;

use super::{AUTHORITY, KUBELET, KUBELET_CONF, configuration, facts::Facts};
use crate::{
    distro::{Form, Move, ObjectSeen, Place, Reference, Takes, Trial, byhand::issuers, kubeconfigs},
    edit::yaml::{Segment, Tree},
    endpoint::Endpoint,
    node::Digest,
    plan::{DaemonSet, Listener, Object, Signed},
    report::{Code, Finding},
};

/// What a kubelet starts with until it has a certificate of its own.
pub(super) const BOOTSTRAP_CONF: &str = "/etc/kubernetes/bootstrap-kubelet.conf";

/// What people log in with on a control plane.
pub(super) const ADMIN_CONFS: [&str; 2] = ["/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf"];

const ENDPOINT: &str = "controlPlaneEndpoint";
/// kubeadm's own, where `controlPlaneEndpoint` names no port.
const PORT: u16 = 6443;
/// How the keys of the signatures begin: <https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/>.
const SIGNATURE: &str = "jws-kubeconfig-";

/// In the order in which they are moved: what joins next, how it is told of the cluster, then what runs.
pub(super) fn shared() -> Vec<Object> {
    vec![configuration::object(), cluster_info(), proxy()]
}

fn cluster_info() -> Object {
    Object { namespace: "kube-public".into(), name: "cluster-info".into(), key: "kubeconfig".into() }
}

fn proxy() -> Object {
    Object { namespace: "kube-system".into(), name: "kube-proxy".into(), key: "kubeconfig.conf".into() }
}

pub(super) fn in_object(object: &Object, seen: &ObjectSeen) -> Result<Vec<Reference>, Finding> {
    let place = Place::Object(object.clone());
    let found = match () {
        () if *object == configuration::object() => {
            of_configuration(place, &seen.text).map(|found| vec![found])
        }
        () if *object == cluster_info() => {
            kubeconfigs::references(&place, &seen.text).map(|found| signed(found, seen))
        }
        () => kubeconfigs::references(&place, &seen.text).map(replaced),
    };
    found.map_err(|reason| {
        Finding::new(Code::ReferenceUneditable, object.to_string(), reason)
            .remedy(format!("`kubectl -n {} edit configmap {}`", object.namespace, object.name))
    })
}

/// The address that joining nodes are given; a cluster that was set up without one gets it.
fn of_configuration(place: Place, text: &str) -> Result<Reference, String> {
    let tree = Tree::parse(text).map_err(|error| error.to_string())?;
    let Some(value) = tree.first().and_then(|root| root.get(ENDPOINT)?.scalar()) else {
        return Ok(Reference::new(place, text, Form::Key(ENDPOINT.into()), None));
    };
    let named = (!value.is_empty()).then(|| Endpoint::parse_with_port(value, PORT)).transpose();
    let names = named.map_err(|error| format!("{ENDPOINT}: {error}"))?;
    Ok(Reference::new(place, text, Form::HostPort(vec![Segment::Key(ENDPOINT.into())]), names))
}

/// A controller signs the text for each token by which nodes may join.
fn signed(references: Vec<Reference>, seen: &ObjectSeen) -> Vec<Reference> {
    let signatures = seen.beside.iter().filter(|(key, _)| key.starts_with(SIGNATURE));
    let signatures = signatures.map(|(key, value)| (key.clone(), value.clone()));
    let was = Signed { text: Digest::of(seen.text.as_bytes()), signatures: signatures.collect() };
    let each = references.into_iter();
    if was.signatures.is_empty() {
        return each.collect();
    }
    each.map(|reference| reference.taken_in_by(Takes::Signature(was.clone()))).collect()
}

fn replaced(references: Vec<Reference>) -> Vec<Reference> {
    let set = DaemonSet { namespace: "kube-system".into(), name: "kube-proxy".into() };
    let note = "the pods of kube-proxy are replaced, one node after the other; what they have set up on a node stays meanwhile";
    let noted = |reference| Reference { notes: vec![note.into()], is_everywhere: true, ..reference };
    let each = references.into_iter().map(noted);
    each.map(|reference| reference.taken_in_by(Takes::Pods(set.clone()))).collect()
}

/// What leads a worker's kubelet.
pub(super) fn on_node(facts: &Facts) -> Vec<Reference> {
    if !facts.is_worker {
        return vec![];
    }
    let note = format!("{KUBELET} is restarted on {}; its pods go on running", facts.node);
    let found = facts
        .kubeconfigs
        .iter()
        .filter_map(|(path, text)| kubeconfigs::references(&Place::File(path.clone()), text).ok());
    let takes = Takes::Unit { unit: KUBELET.into(), node: None };
    let of_kubelet = |reference: Reference| {
        Reference { notes: vec![note.clone()], ..reference }.taken_in_by(takes.clone())
    };
    found.flatten().map(of_kubelet).collect()
}

/// A worker's kubelet knows the servers by the CA in what it logs in with; kube-proxy, which runs on control planes too,
/// by that of the cluster.
pub(super) fn trial(facts: &Facts) -> Trial {
    let own = facts.kubeconfigs.first().filter(|_| facts.is_worker);
    let own = own.map(|(path, text)| (path.clone(), kubeconfigs::authorities(text)));
    let (file, authorities) = own
        .filter(|(_, authorities)| !authorities.is_empty())
        .unwrap_or_else(|| (AUTHORITY.into(), facts.authorities.clone()));
    Trial { authorities, file, pem: Some(AUTHORITY.into()), listener: Listener::ApiServer }
}

pub(super) fn in_admin_conf(facts: &Facts, path: &Path, text: &str) -> Result<Vec<Reference>, Finding> {
    kubeconfigs::references(&Place::File(path.to_owned()), text).map_err(|reason| {
        let message = format!("{} cannot be edited: {reason}", path.display());
        Finding::new(Code::ReferenceUneditable, &facts.node, message)
            .remedy(format!("look at it: `sudo grep server: {}`", path.display()))
    })
}

/// What stands in the way of a move, and what stays as it is.
pub(super) fn findings(facts: &Facts, wanted: &Move, now: Timestamp) -> Vec<Finding> {
    if facts.is_worker {
        return of_worker(facts, now);
    }
    let mut findings = issuers::findings(&facts.server, wanted);
    findings.extend(super::findings::owner_of_addresses(facts));
    findings.extend(led_away(facts, wanted));
    findings
}

/// A control plane's kubelet that goes to an address which is left, and not to its own API server.
fn led_away(facts: &Facts, wanted: &Move) -> Option<Finding> {
    let own = facts.server.endpoint().host;
    let (path, text) = facts.kubeconfigs.first()?;
    let references = kubeconfigs::references(&Place::File(path.clone()), text).ok()?;
    let mut named = references.into_iter().filter_map(|reference| reference.names);
    let left =
        named.find(|names| wanted.leaves(names) && names.host != own && names.host != wanted.to.host)?;
    let message = format!(
        "{KUBELET_CONF} leads its kubelet to {left}, and stays as it is: without that address the node is not ready. \
         controller-manager.conf and scheduler.conf may lead there too; they hold keys, so they are not read"
    );
    let remedy = format!(
        "`sudo sed -i 's|server: .*|server: {}|' {KUBELET_CONF} && sudo systemctl restart {KUBELET}`, one node after the \
         other; `sudo grep server: /etc/kubernetes/*.conf` shows the others",
        wanted.to.url()
    );
    Some(Finding::new(Code::ReferenceLeft, &facts.node, message).remedy(remedy))
}

fn of_worker(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let ground = &facts.server.ground;
    let mut findings: Vec<_> = ground.locked().into_iter().chain(ground.clock_off(now)).collect();
    findings.extend(ground.narrow());
    findings.extend(super::findings::owner_of_addresses(facts));
    findings.extend(super::findings::at_work(facts));
    findings.extend(super::findings::kubelet(facts));
    let unread = facts.kubeconfigs.iter().filter_map(|(path, text)| {
        let reason = kubeconfigs::references(&Place::File(path.clone()), text).err()?;
        let message = format!("{} cannot be edited: {reason}", path.display());
        let finding = Finding::new(Code::ReferenceUneditable, &facts.node, message);
        Some(finding.remedy(format!("look at it: `sudo grep server: {}`", path.display())))
    });
    findings.extend(unread);
    if facts.kubeconfigs.is_empty() {
        let message = format!("there is no {KUBELET_CONF}, so it has not joined");
        findings.push(
            Finding::new(Code::ReferenceUneditable, &facts.node, message)
                .remedy("join it first, or leave it out with `--limit`"),
        );
    }
    findings
}
