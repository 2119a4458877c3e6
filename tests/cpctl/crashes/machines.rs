//! Every record of a run on one real machine of a distribution beside MicroK8s, and that machine lost in the middle.

use std::cell::Cell;

use super::{
    has_strace,
    laptop::{Laptop, record_of_the_edit},
};
use crate::{
    lab::{Distribution, Lab},
    rolling::files_below,
};

/// A distribution whose n2 is changed while the others are watched.
struct Tried {
    distribution: Distribution,
    /// What a run changes on n2 and its undo brings back, as a script that ends where the files lie.
    holds: &'static str,
}

const KUBEADM: Tried = Tried {
    distribution: Distribution::Kubeadm,
    holds: "openssl s_client -connect 172.22.22.12:6443 </dev/null 2>/dev/null | openssl x509 -noout -serial; \
        kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get configmap kubeadm-config \
            -o 'jsonpath={.data.ClusterConfiguration}'; cd /etc/kubernetes",
};

const BY_HAND: Tried = Tried {
    distribution: Distribution::ByHand,
    holds: "openssl s_client -connect 172.22.22.12:6443 </dev/null 2>/dev/null | openssl x509 -noout -serial; \
        cd /var/lib/kubernetes",
};

/// Its certificate gives no name up.
const K3S: Tried = Tried { distribution: Distribution::K3s, holds: "cd /etc/rancher" };

/// Nor do its two certificates.
const RKE2: Tried = Tried { distribution: Distribution::Rke2, holds: "cd /etc/rancher" };

const LOCKS: &str = "find /var/lib/cpctl -name '*lock*' 2>/dev/null; true";

const NAMES: &str = "openssl s_client -noservername -connect 172.22.22.12:6443 </dev/null 2>/dev/null \
    | openssl x509 -noout -ext subjectAltName";

struct Scene {
    lab: Lab,
    tried: Tried,
    before: Vec<String>,
    runs: Cell<u32>,
}

#[test]
fn a_node_of_kubeadm_s_is_finished_or_taken_back_whoever_dies_in_the_middle() {
    every_death_is_survived(KUBEADM, "kubeadmcrashes");
}

#[test]
fn a_node_set_up_by_hand_is_finished_or_taken_back_whoever_dies_in_the_middle() {
    every_death_is_survived(BY_HAND, "byhandcrashes");
}

#[test]
fn a_server_of_k3s_is_finished_or_taken_back_whoever_dies_in_the_middle() {
    every_death_is_survived(K3S, "k3scrashes");
}

#[test]
fn a_server_of_rke2_is_finished_or_taken_back_whoever_dies_in_the_middle() {
    every_death_is_survived(RKE2, "rke2crashes");
}

fn every_death_is_survived(tried: Tried, name: &str) {
    if !has_strace("stopping the binary on a real node") {
        return;
    }
    let Some(lab) = Lab::of(tried.distribution, name) else { return };
    let (before, running) = (look(&lab, &tried), processes(&lab));
    let scene = Scene { lab, tried, before, runs: Cell::new(0) };

    let records = scene.undisturbed();
    assert!(records.len() > 5, "{records:#?}");
    (1..=records.len()).for_each(|record| scene.killed(record));
    scene.lost(record_of_the_edit(&records));

    assert_eq!(processes(&scene.lab), running);
}

impl Scene {
    /// A laptop that knows of no run yet, and a name that no run has added.
    fn next(&self) -> (Laptop<'_>, String) {
        self.runs.set(self.runs.get() + 1);
        (Laptop::new(&self.lab, self.runs.get()), format!("cp{}.example.internal", self.runs.get()))
    }

    /// The journal of a run that nobody disturbs.
    fn undisturbed(&self) -> Vec<String> {
        let (laptop, name) = self.next();
        laptop.cpctl(&adding(&name)).exits(0);
        let records = laptop.journal();
        self.serves(&name, "undisturbed");
        self.is_taken_back(&laptop, "undisturbed");
        records
    }

    /// Every second run is finished before it is taken back: real machines take their time.
    fn killed(&self, record: usize) {
        let ((laptop, name), when) = (self.next(), format!("killed at record {record}"));
        laptop.kill_at(record, &adding(&name));
        if record.is_multiple_of(2) {
            laptop.cpctl(&["resume"]).exits(0);
            self.serves(&name, &when);
        }
        self.is_taken_back(&laptop, &when);
    }

    /// Nobody gets in after the edit, until somebody does.
    fn lost(&self, record: usize) {
        let (laptop, name) = self.next();
        let frozen = laptop.freeze_at(record, &adding(&name));
        self.lab.fault("no-ssh", "n2", "on");

        let stopped = frozen.thaw().exits(3);

        assert!(stopped.stderr.contains("cpctl resume"), "{}", stopped.shown());
        self.lab.fault("no-ssh", "n2", "off");
        laptop.cpctl(&["resume"]).exits(0);
        self.serves(&name, "lost and back");
        self.is_taken_back(&laptop, "lost and back");
    }

    fn serves(&self, name: &str, when: &str) {
        let names = self.lab.on("n2", NAMES).exits(0).stdout;

        assert!(names.contains(name), "{when}: {names}");
    }

    fn is_taken_back(&self, laptop: &Laptop<'_>, when: &str) {
        laptop.cpctl(&["undo", "--yes"]).exits(0);

        assert_eq!(look(&self.lab, &self.tried), self.before, "{when}");
    }
}

fn adding(name: &str) -> [&str; 6] {
    ["certs", "add-san", name, "--limit", "n2", "--yes"]
}

/// What n2 holds, and the locks of all.
fn look(lab: &Lab, tried: &Tried) -> Vec<String> {
    let of_others = ["n1", "n3"].map(|node| lab.on(node, LOCKS).exits(0).stdout);
    let own = lab.on("n2", &format!("{} && {}; {LOCKS}", tried.holds, files_below(".", "."))).exits(0).stdout;
    own.lines().map(str::to_owned).chain(of_others).collect()
}

/// What must not end on n2: of a server that is restarted, its pods.
fn processes(lab: &Lab) -> Vec<(String, u32)> {
    let mut all = lab.processes("n2");
    if all.contains_key("pod-a") {
        all.retain(|name, _| name.starts_with("pod-"));
    }
    all.into_iter().collect()
}
