//! A rehearsed cluster, laptops that die, and all that must come through it.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use cpctl::{
    endpoint::Endpoint,
    node::{Digest, Target, UnitSeen},
    probe::Wire,
    rehearse::{Cluster, Fault, KICKER, KUBELITE, Kind},
};
use jiff::Timestamp;
use tempfile::TempDir;

use super::laptop::Laptop;
use crate::wait::until;

/// What servers of K3s and of RKE2 serve.
const NAMED_FOR_EVER: [&str; 4] = [
    "/var/lib/rancher/k3s/server/tls/dynamic-cert.pem",
    "/var/lib/rancher/rke2/server/tls/dynamic-cert.pem",
    "/var/lib/rancher/rke2/server/tls/serving-kube-apiserver.key",
    "/var/lib/rancher/rke2/server/tls/serving-kube-apiserver.crt",
];

/// What a run may change on a machine, and what lies around it; of what is below, the names and modes.
const FOLDERS: [&str; 16] = [
    "/var/snap/microk8s/current/certs",
    "/var/snap/microk8s/current/args",
    "/var/snap/microk8s/current/args/traefik",
    "/var/snap/microk8s/current/credentials",
    "/var/snap/microk8s/current/var/lock",
    "/var/lib/kubernetes",
    "/etc/kubernetes/pki",
    "/etc/systemd/system",
    "/etc/rancher/k3s",
    "/etc/rancher/k3s/config.yaml.d",
    "/var/lib/rancher/k3s/server/tls",
    "/etc/rancher/rke2",
    "/etc/rancher/rke2/config.yaml.d",
    "/var/lib/rancher/rke2/server/tls",
    "/etc/k0s",
    "/var/lib/k0s/pki",
];

/// A rehearsed cluster and an operator beside it.
pub struct Bench {
    pub cluster: Cluster,
    kind: Kind,
    pub home: TempDir,
    wire: Wire,
    /// The certificates of servers of K3s and of RKE2 as they were.
    kept: BTreeMap<PathBuf, Vec<u8>>,
}

/// What a run brings about or takes back, and what it must never touch, each under its name.
pub type Sight = BTreeMap<String, String>;

impl Bench {
    pub fn new() -> Self {
        Self::of(Kind::MicroK8s)
    }

    pub fn of(kind: Kind) -> Self {
        let home = tempfile::tempdir().unwrap();
        let cluster = Cluster::start_of(&[kind; 3], &home.path().join("cluster"), Timestamp::now()).unwrap();
        cluster.machines().for_each(|(_, machine)| machine.set(Fault::EagerKicker).unwrap());
        fs::create_dir(home.path().join("kube")).unwrap();
        fs::copy(cluster.kubeconfig_path(), home.path().join("kube/config")).unwrap();
        let files = cluster
            .machines()
            .flat_map(|(_, machine)| NAMED_FOR_EVER.map(|file| machine.path(Path::new(file)).unwrap()));
        let kept = files.filter_map(|path| fs::read(&path).ok().map(|bytes| (path, bytes)));
        Self { kept: kept.collect(), cluster, kind, home, wire: Wire::new(Duration::from_secs(5)) }
    }

    pub fn name(&self) -> String {
        self.cluster.endpoint().host.to_string()
    }

    pub fn sight(&self) -> Sight {
        let mut sight = Sight::new();
        for target in self.cluster.targets() {
            let machine = self.cluster.machine(&target.name).unwrap();
            let leaves = self.doors(&target).into_iter().map(|door| self.wire.presented(&door).unwrap().leaf);
            let leaves: Vec<_> = leaves.collect();
            let is_locked = machine.path(Path::new("/var/lib/cpctl/lock")).unwrap().exists();
            let is_kicking = matches!(machine.unit(KICKER), UnitSeen::Active { .. });
            let mut see = |what: &str, seen| sight.insert(format!("{} {what}", target.name), seen);
            for (number, leaf) in leaves.iter().enumerate() {
                see(&format!("names {number}"), leaf.sans.to_string());
                see(&format!("{number} serial"), leaf.serial.clone());
            }
            see("lock", is_locked.to_string());
            see("kicker", is_kicking.to_string());
            see("kubelite", format!("{:?}", machine.unit(KUBELITE)));
            see("server by hand", format!("{:?}", machine.unit("kube-apiserver")));
            see("pods", format!("{:?}, {} kicks", machine.pods(), machine.kicks()));
            let folders = FOLDERS.map(|folder| machine.path(Path::new(folder)).unwrap());
            for folder in folders.iter().filter(|folder| folder.exists()) {
                see_files(folder, &mut sight);
            }
        }
        see_files(&self.home.path().join("kube"), &mut sight);
        if let Ok(register) = fs::read_to_string(self.cluster.register_path()) {
            sight.insert("kubeadm's configuration".into(), register);
        }
        // The CA's counter of serial numbers never goes back.
        sight.retain(|what, _| !what.ends_with("ca.srl"));
        // Whoever starts k0s gets another certificate, with another key.
        let at_each_start = ["serial", "pki/server.crt", "pki/server.key"];
        sight
            .retain(|what, _| self.kind != Kind::K0s || !at_each_start.iter().any(|end| what.ends_with(end)));
        sight
    }

    /// Takes back what no undo does: a certificate of K3s or RKE2 never gives up a name.
    pub fn forget(&self) {
        for (path, bytes) in &self.kept {
            fs::write(path, bytes).unwrap();
        }
        for target in self.cluster.targets().into_iter().filter(|_| !self.kept.is_empty()) {
            let name = &self.cluster.endpoint().host;
            for endpoint in self.doors(&target) {
                let is_old = || !self.wire.presented(&endpoint).unwrap().leaf.sans.contains(name);
                until("the old certificate is served", is_old);
            }
        }
    }

    /// Every port of a machine that serves a certificate.
    fn doors(&self, target: &Target) -> Vec<Endpoint> {
        let api: Endpoint = target.api.as_deref().unwrap().parse().unwrap();
        let joining = (self.kind == Kind::Rke2).then(|| Endpoint::new(api.host.clone(), 9345));
        [api].into_iter().chain(joining).collect()
    }

    /// Lets a machine's power fail.
    pub fn loses(&self, node: &str) {
        self.cluster.machine(node).unwrap().set(Fault::Dead).unwrap();
    }

    /// Gives it its power back, and waits until it serves.
    pub fn regains(&self, node: &str) {
        self.cluster.machine(node).unwrap().clear(Fault::Dead).unwrap();
        let target = self.cluster.targets().into_iter().find(|target| target.name == node).unwrap();
        let endpoint = target.api.unwrap().parse().unwrap();
        until("the node is back", || self.wire.presented(&endpoint).is_ok());
    }

    /// A laptop that knows of no run yet.
    pub fn laptop(&self) -> Laptop<'_> {
        Laptop::new(self, tempfile::tempdir_in(self.home.path()).unwrap())
    }
}

fn see_files(folder: &Path, sight: &mut Sight) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        let mut bytes = fs::read(&path).unwrap_or_default();
        // The kicker renders in place, and may be about it.
        while bytes.is_empty() && path.ends_with("csr.conf.rendered") {
            bytes = fs::read(&path).unwrap();
        }
        let digest = Digest::of(&bytes);
        sight.insert(path.display().to_string(), format!("{mode:o} {}", digest.as_str()));
    }
}

/// What is the same after every run that was finished: a certificate is signed anew each time.
pub fn outcome(mut sight: Sight) -> Sight {
    sight.retain(|what, _| {
        let signed =
            ["server.crt", "server.csr", "kubernetes.pem", "dynamic-cert.pem", "serving-kube-apiserver.crt"];
        !["serial", "serving-kube-apiserver.key"].iter().chain(&signed).any(|end| what.ends_with(end))
    });
    sight
}

/// Compares what was seen, and shows only what differs.
pub fn assert_same(after: &Sight, before: &Sight, when: &str) {
    let only = |these: &Sight, those: &Sight| -> Vec<String> {
        let differs = these.iter().filter(|(what, seen)| those.get(*what) != Some(seen));
        differs.map(|(what, seen)| format!("{what}: {seen}")).collect()
    };
    assert_eq!(only(after, before), only(before, after), "{when}");
}
