//! What the pages tell to type to undo a run by hand, typed on machines as it stands there.

use std::fs;

use super::{
    docs::{blocks, text},
    harness::Ran,
    lab::Lab,
    wait::until,
};

const MICROK8S: &str = "docs/distributions/microk8s.md";
const KUBEADM: &str = "docs/distributions/kubeadm.md";
const K3S: &str = "docs/distributions/k3s.md";
const RKE2: &str = "docs/distributions/rke2.md";
const BY_HAND: &str = "docs/distributions/by-hand.md";
const HAPROXY: &str = "docs/balancers/haproxy.md";
const KEEPALIVED: &str = "docs/balancers/keepalived.md";
const NGINX: &str = "docs/balancers/nginx.md";

/// What a run changes on a node of kubeadm's, and in the API.
const OF_KUBEADM: &str = "cat /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/kubeadm-config.yaml 2>/dev/null; ls -A /etc/kubernetes/pki; \
    kubectl --kubeconfig /etc/kubernetes/admin.conf -n kube-system get configmap kubeadm-config -o 'jsonpath={.data}'";
/// What it changes on a server of K3s or RKE2.
const OF_RANCHER: &str = "find /etc/rancher | sort";

const NODES: [&str; 3] = ["n1", "n2", "n3"];

/// The first run of a story, by the journals that it keeps apart from all others.
pub fn run_of_a_story(lab: &Lab, story: &str) -> String {
    let journals = lab.path(&format!("home/{story}/state/cpctl/runs"));
    let names =
        fs::read_dir(journals).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let first = names.filter(|name| name.ends_with(".jsonl")).min().expect("it made a run");
    first.trim_end_matches(".jsonl").to_owned()
}

/// `undo` finds that all is as it was, and ends the run.
pub fn nothing_is_left_to_undo(lab: &Lab, story: &str) {
    let run = run_of_a_story(lab, story);
    let state = lab.path(&format!("home/{story}/state"));

    Ran::of(lab.cpctl_command(&["undo", &run, "--yes"]).env("XDG_STATE_HOME", state)).exits(0);
}

/// Waits until each node shows the certificate of before.
pub fn serves_again(lab: &Lab, serials: &[String]) {
    until("the certificates of before are served", || {
        NODES.iter().zip(serials).all(|(node, serial)| lab.serial(node) == *serial)
    });
}

/// A node has no kick and no killed pod afterwards where it had none before: the kicker is asked until it sleeps.
pub fn on_microk8s(lab: &Lab, run: &str) {
    let page = Page::of(MICROK8S, "Undo by hand");
    let [hold, back, joined, first, look, go_on, worker] = &page.blocks[..] else { panic!("{page:?}") };
    let (asked, stop) = hold.trim().split_once('\n').unwrap();
    let hold = format!("until {asked} | grep ' sleep '; do :; done; {stop}");
    for node in NODES {
        let own = if node == "n1" { first } else { joined };
        typed(lab, node, run, &[&hold, back, own, look, go_on]);
    }
    typed(lab, "w1", run, &[worker]);
}

pub fn on_nodes_set_up_by_hand(lab: &Lab, run: &str) {
    let page = Page::of(BY_HAND, "Undo by hand");
    let [back, look] = &page.blocks[..] else { panic!("{page:?}") };
    for node in NODES {
        typed(lab, node, run, &[back, look]);
    }
}

/// A name is added and goes again, out of the certificates, a file beside one of them, and the ConfigMap.
pub fn takes_back_on_kubeadm(lab: &Lab) {
    let page = Page::of(KUBEADM, "Undo by hand");
    let [back, look, configuration, once] = &page.blocks[..] else { panic!("{page:?}") };
    let before = seen(lab, &NODES, OF_KUBEADM);
    let serials = NODES.map(|node| lab.serial(node));
    let run = adds(lab, &[]);
    assert_ne!(seen(lab, &NODES, OF_KUBEADM), before);

    for node in NODES {
        typed(lab, node, &run, &[back, look]);
    }
    typed(lab, "n1", &run, &[configuration]);
    Ran::of(&mut lab.inside(&["sh", "-c", once])).exits(0);

    serves_again(lab, &serials);
    assert_eq!(seen(lab, &NODES, OF_KUBEADM), before);
    lab.cpctl(&["undo", &run, "--yes"]).exits(0);
}

/// A server whose certificate has the name already gets it written down, and loses that again.
pub fn takes_back_on_k3s(lab: &Lab) {
    let page = Page::of(K3S, "Undo by hand");
    let [_, drop_in, restart, look] = &page.blocks[..] else { panic!("{page:?}") };
    a_drop_in_goes(lab, &[drop_in, restart, look]);
}

/// The same with RKE2.
pub fn takes_back_on_rke2(lab: &Lab) {
    let page = Page::of(RKE2, "Undo by hand");
    let [drop_in, restart, look] = &page.blocks[..] else { panic!("{page:?}") };
    a_drop_in_goes(lab, &[drop_in, restart, look]);
}

fn a_drop_in_goes(lab: &Lab, blocks: &[&str]) {
    let before = seen(lab, &["n1"], OF_RANCHER);
    let run = adds(lab, &["--limit", "n1"]);
    assert_ne!(seen(lab, &["n1"], OF_RANCHER), before);

    typed(lab, "n1", &run, blocks);

    assert_eq!(seen(lab, &["n1"], OF_RANCHER), before);
}

/// The id of a run that added the address.
fn adds(lab: &Lab, flags: &[&str]) -> String {
    lab.cpctl(&[&["certs", "add-san", "172.22.22.3", "--yes"], flags].concat()).exits(0);
    lab.runs().pop().unwrap()
}

fn seen(lab: &Lab, nodes: &[&str], script: &str) -> Vec<String> {
    nodes.iter().map(|node| lab.on(node, script).exits(0).stdout).collect()
}

/// A server before 1.28.1 whose file somebody else has edited.
pub fn on_a_server_of_old_k3s(lab: &Lab, node: &str, run: &str) {
    let page = Page::of(K3S, "Undo by hand");
    let [certificate, _, restart, look] = &page.blocks[..] else { panic!("{page:?}") };
    typed(lab, node, run, &[certificate, restart, look]);
}

/// What `lb apply haproxy keepalived` gave one machine in front.
pub fn on_haproxy_and_keepalived(lab: &Lab, machine: &str, run: &str) {
    for page in [HAPROXY, KEEPALIVED] {
        let page = Page::of(page, "By hand, without cpctl");
        let [all] = &page.blocks[..] else { panic!("{page:?}") };
        typed(lab, machine, run, &[all]);
    }
}

/// A machine that had no configuration of keepalived before.
pub fn on_nginx(lab: &Lab, machine: &str, run: &str) {
    let page = Page::of(NGINX, "By hand, without cpctl");
    let [all] = &page.blocks[..] else { panic!("{page:?}") };
    typed(lab, machine, run, &[all]);
}

/// A section of a page, and what it tells to type in root's shell.
#[derive(Debug)]
struct Page {
    blocks: Vec<String>,
}

impl Page {
    fn of(page: &str, title: &str) -> Self {
        let text = text(page);
        let section = text.split("\n## ").find(|section| section.starts_with(title)).expect(title);
        Self { blocks: blocks(section, "sh") }
    }
}

/// A second copy of each file, as of a change that was taken back and made again: `RUN/0.1.1.0-x` beside `RUN/0.1.0.0-x`.
const KEPT_AGAIN: &str = r#"cd /var/lib/cpctl/runs/RUN
for copy in *.*.0.*-*; do echo 'kept again' > "$(echo "$copy" | sed 's/\.0\.\([0-9]*\)-/.1.\1-/')"; done"#;

fn typed(lab: &Lab, machine: &str, run: &str, blocks: &[&str]) {
    lab.on(machine, &KEPT_AGAIN.replace("RUN", run)).exits(0);
    for block in blocks {
        let typed = block.replace("RUN", run).replace("NODE", "$(hostname -I | cut -d' ' -f1)");
        lab.on(machine, &format!("set -e\n{typed}")).exits(0);
    }
    lab.on(machine, &format!("cd /var/lib/cpctl/runs/{run}; grep -lx 'kept again' * | xargs -r rm")).exits(0);
}
