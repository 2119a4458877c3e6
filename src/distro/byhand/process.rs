//! Whose process it is, by its control group.

use crate::{
    distro::arguments::Arguments,
    node::{Answer, ProcessSeen},
};

/// What container runtimes call the groups of their containers.
const CONTAINERS: [&str; 6] = ["kubepods", "docker", "containerd", "crio", "libpod", "lxc"];

/// A process that no distribution and no container runs.
pub(in crate::distro) struct Process {
    pub pid: u32,
    /// The system's unit that it runs in, without its ending.
    pub unit: Option<String>,
    pub arguments: Arguments,
}

/// The processes of an answer that nobody else runs, the oldest first.
pub(in crate::distro) fn own(answer: &Answer) -> Vec<Process> {
    let Answer::Processes(seen) = answer else { return vec![] };
    let mut own: Vec<_> = seen.iter().filter_map(Process::read).collect();
    own.sort_by_key(|process| process.pid);
    own
}

/// Processes of a kubelet or a kube-proxy that no distribution and no container runs, the newest last.
pub(super) fn clients(answer: &Answer) -> Vec<Process> {
    let Answer::Processes(seen) = answer else { return vec![] };
    let mut clients: Vec<_> =
        seen.iter().filter_map(|seen| Process::of_unit(seen, is_anothers_client)).collect();
    clients.sort_by_key(|process| process.pid);
    clients
}

impl Process {
    /// A process whoever runs it.
    pub fn of(seen: &ProcessSeen) -> Self {
        Self { pid: seen.pid, unit: None, arguments: Arguments::new(seen.arguments.clone()) }
    }

    fn read(seen: &ProcessSeen) -> Option<Self> {
        Self::of_unit(seen, is_anothers)
    }

    /// A process that no container runs, and none of these units.
    fn of_unit(seen: &ProcessSeen, is_anothers: impl Fn(&str) -> bool) -> Option<Self> {
        let parts: Vec<&str> = seen.group.split('/').collect();
        let at = parts.iter().rposition(|part| part.ends_with(".service"));
        let unit = at.and_then(|at| parts[at].strip_suffix(".service"));
        // A container may be a whole machine with units of its own; a unit may run containers below itself.
        let below = &parts[at.map_or(0, |at| at + 1)..];
        if below.iter().any(|part| CONTAINERS.iter().any(|name| part.contains(name))) {
            return None;
        }
        if unit.is_some_and(is_anothers) {
            return None;
        }
        let unit = unit.filter(|unit| !unit.starts_with("user@")).map(str::to_owned);
        Some(Self { pid: seen.pid, unit, arguments: Arguments::new(seen.arguments.clone()) })
    }
}

/// Whether a distribution starts its API server by this unit; servers of K3s may have names of their own.
fn is_anothers(unit: &str) -> bool {
    let is_one_of = |names: &[&str]| names.contains(&unit);
    let starts_with = |start: &&str| unit.starts_with(start);
    is_one_of(&["kubelet", "k3s", "rke2-server", "rke2-agent"])
        || ["k3s-", "k0s", "snap."].iter().any(starts_with)
}

/// The same for what is nobody's only where an API server is not run by it: a kubelet runs that of its own node.
fn is_anothers_client(unit: &str) -> bool {
    unit != "kubelet" && is_anothers(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(group: &str) -> Option<Option<String>> {
        let seen = ProcessSeen { pid: 7, group: group.into(), arguments: vec!["kube-apiserver".into()] };
        Process::read(&seen).map(|process| process.unit)
    }

    #[test]
    fn a_unit_of_the_system_runs_it() {
        for group in [
            "/system.slice/kube-apiserver.service",
            "/machine.slice/machine-cp1.scope/payload/system.slice/kube-apiserver.service",
            "/docker/0123456789ab/system.slice/kube-apiserver.service",
            "/system.slice/kube-apiserver.service/init",
        ] {
            assert_eq!(whose(group), Some(Some("kube-apiserver".into())), "{group}");
        }
    }

    #[test]
    fn one_without_a_unit_of_the_system_is_nobodys() {
        for group in
            ["", "/", "/user.slice/user-0.slice/session-3.scope", "/user.slice/user@0.service/app.slice"]
        {
            assert_eq!(whose(group), Some(None), "{group}");
        }
    }

    #[test]
    fn what_a_container_or_a_distribution_runs_is_not_taken_for_ones_own() {
        for group in [
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podab.slice/cri-containerd-12.scope",
            "/kubepods/burstable/podab/12",
            "/system.slice/containerd.service/kubepods-burstable-podab.slice:cri-containerd:12",
            "/system.slice/docker-12.scope",
            "/system.slice/kubelet.service",
            "/system.slice/k0scontroller.service",
            "/system.slice/rke2-server.service",
            "/system.slice/k3s.service",
            "/system.slice/k3s-blue.service",
            "/system.slice/snap.microk8s.daemon-kubelite.service",
        ] {
            assert_eq!(whose(group), None, "{group}");
        }
    }
}
