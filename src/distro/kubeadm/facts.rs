//! What one look at a node of kubeadm's tells.

use std::path::PathBuf;

use super::{AUTHORITY, KUBELET_CONF, manifest, references::BOOTSTRAP_CONF};
use crate::{
    cert::ServingCert,
    distro::{
        arguments::Arguments,
        byhand::{
            facts::{self, Runner},
            process::Process,
        },
    },
    node::{self, Answer, Ask, Node, ProcessSeen, UnitSeen},
};

/// Where people keep what they gave to `kubeadm init --config`.
const CONFIGURATIONS: [&str; 5] = [
    "/etc/kubernetes/kubeadm-config.yaml",
    "/etc/kubernetes/kubeadm.yaml",
    "/etc/kubernetes/kubeadm/kubeadm-config.yaml",
    "/root/kubeadm-config.yaml",
    "/root/kubeadm.yaml",
];

/// Who else writes the files of the node, and the marks of which all are there then.
const OWNERS: [(Owner, &[&str]); 3] = [
    (Owner::Kubespray, &["/etc/kubernetes/kubeadm-config.yaml", "/etc/kubernetes/ssl"]),
    (Owner::ClusterApi, &["/run/cluster-api"]),
    (Owner::ClusterApi, &["/run/kubeadm"]),
];

/// What a kubelet logs in with: its own, and what it had until then.
const KUBECONFIGS: [&str; 2] = [KUBELET_CONF, BOOTSTRAP_CONF];

/// Its configurations may hold a token, so it has no `Debug`.
pub(super) struct Facts {
    pub node: String,
    pub server: facts::Facts,
    pub is_worker: bool,
    /// Whether the API server's process was seen.
    pub is_running: bool,
    pub kubelet: UnitSeen,
    /// The processes of kubeadm itself.
    pub at_work: Vec<u32>,
    pub owner: Option<Owner>,
    /// Configurations of kubeadm, as texts.
    pub configurations: Vec<(PathBuf, String)>,
    /// The CA that clients know the API servers by, and its intermediates.
    pub authorities: Vec<ServingCert>,
    /// What its kubelet logs in with; on a control plane without what it had until then.
    pub kubeconfigs: Vec<(PathBuf, String)>,
}

/// Who would write anew what is changed here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Owner {
    Kubespray,
    ClusterApi,
}

/// Reads the node in one round trip; `answers` are those that recognised it.
pub(super) fn read(node: &dyn Node, answers: &[Answer]) -> Result<Facts, node::Error> {
    let answer = |index: usize| answers.get(index).unwrap_or(&Answer::Absent);
    let text = |answer: &Answer| String::from_utf8(answer.bytes()?.to_vec()).ok();
    let manifest = text(answer(0)).unwrap_or_default();
    let command = manifest::command(&manifest);
    let running = running(answer(3), &command);
    let is_running = running.is_some();
    let told = (!command.is_empty()).then(|| told(command));
    let server = running.or(told);
    let is_worker = !answer(0).is_present();
    let (mut server, rest) = facts::read_with(node, (server, Runner::Kubelet), vec![], &asks(is_worker))?;
    server.version = server.version.or_else(|| manifest::version(&manifest));
    let (files, rest) = rest.split_at(CONFIGURATIONS.len().min(rest.len()));
    let files = CONFIGURATIONS.iter().zip(files);
    let (marks, rest) = rest.split_at(marks().count().min(rest.len()));
    let (authority, kubeconfigs) = rest.split_at(1.min(rest.len()));
    let authorities = authority.first().and_then(|pem| ServingCert::all_from_pem(pem.bytes()?).ok());
    let kubeconfigs = KUBECONFIGS.iter().zip(kubeconfigs);
    Ok(Facts {
        node: node.name().to_owned(),
        server,
        is_worker,
        is_running,
        kubelet: if let Answer::Unit(unit) = answer(2) { *unit } else { UnitSeen::Missing },
        at_work: processes(answer(4)).iter().map(|process| process.pid).collect(),
        owner: owner(marks),
        configurations: files.filter_map(|(path, file)| Some(((*path).into(), text(file)?))).collect(),
        authorities: authorities.unwrap_or_default(),
        kubeconfigs: kubeconfigs.filter_map(|(path, file)| Some(((*path).into(), text(file)?))).collect(),
    })
}

/// A kubelet's kubeconfig names the file of its key; the others of a control plane hold keys.
fn asks(is_worker: bool) -> Vec<Ask> {
    let kubeconfigs = KUBECONFIGS.iter().take(if is_worker { KUBECONFIGS.len() } else { 1 });
    let files = CONFIGURATIONS.iter().map(|path| Ask::File(path.into()));
    let marks = marks().map(|mark| Ask::Exists(mark.into()));
    let authority = Ask::File(AUTHORITY.into());
    files.chain(marks).chain([authority]).chain(kubeconfigs.map(|path| Ask::File(path.into()))).collect()
}

fn marks() -> impl Iterator<Item = &'static str> {
    OWNERS.iter().flat_map(|(_, marks)| marks.iter().copied())
}

fn owner(mut answers: &[Answer]) -> Option<Owner> {
    let found = OWNERS.iter().filter(|(_, marks)| {
        let (own, rest) = answers.split_at(marks.len().min(answers.len()));
        answers = rest;
        own.len() == marks.len() && own.iter().all(Answer::is_present)
    });
    found.map(|(owner, _)| *owner).next()
}

fn processes(answer: &Answer) -> &[ProcessSeen] {
    if let Answer::Processes(seen) = answer { seen } else { &[] }
}

/// The process that the manifest is of: pods may run API servers of other clusters. After an edit of the manifest it is
/// the one that shows the same address to the others.
fn running(answer: &Answer, command: &[String]) -> Option<Process> {
    let own = |process: &&ProcessSeen| process.arguments.get(1..) == command.get(1..);
    let address = |arguments: &[String]| {
        Arguments::new(arguments.to_vec()).value("advertise-address").map(str::to_owned)
    };
    let own_address = address(command);
    let alike = |process: &&ProcessSeen| own_address.is_some() && address(&process.arguments) == own_address;
    let seen = processes(answer);
    seen.iter().find(own).or_else(|| seen.iter().find(alike)).map(Process::of)
}

/// What the manifest says of a process that does not run.
fn told(command: Vec<String>) -> Process {
    Process::of(&ProcessSeen { pid: 0, group: String::new(), arguments: command })
}
