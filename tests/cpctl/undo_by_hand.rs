//! What the pages tell to type to undo a run by hand, typed on machines as it stands there.

use super::{
    docs::{blocks, text},
    harness::Ran,
    lab::Lab,
};

const MICROK8S: &str = "docs/distributions/microk8s.md";
const KUBEADM: &str = "docs/distributions/kubeadm.md";
const K3S: &str = "docs/distributions/k3s.md";
const RKE2: &str = "docs/distributions/rke2.md";
const BY_HAND: &str = "docs/distributions/by-hand.md";

const NODES: [&str; 3] = ["n1", "n2", "n3"];

/// A node has no kick and no killed pod afterwards where it had none before: the kicker is asked until it sleeps.
pub fn on_microk8s(lab: &Lab, run: &str) {
    let page = Page::of(MICROK8S, "Undo by hand");
    let [hold, back, joined, first, look, go_on, worker] = &page.blocks[..] else { panic!("{page:?}") };
    let (asked, stop) = hold.trim().split_once('\n').unwrap();
    let hold = format!("until {asked} | grep ' sleep '; do :; done; {stop}");
    for node in NODES {
        let own = if node == "n1" { first } else { joined };
        page.typed(lab, node, run, &[&hold, back, own, look, go_on]);
    }
    page.typed(lab, "w1", run, &[worker]);
}

pub fn on_nodes_set_up_by_hand(lab: &Lab, run: &str) {
    let page = Page::of(BY_HAND, "Undo by hand");
    let [back, look] = &page.blocks[..] else { panic!("{page:?}") };
    for node in NODES {
        page.typed(lab, node, run, &[back, look]);
    }
}

/// One of them has a configuration beside its certificate.
pub fn on_kubeadm(lab: &Lab, run: &str) {
    let page = Page::of(KUBEADM, "Undo by hand");
    let [back, look, configuration, once] = &page.blocks[..] else { panic!("{page:?}") };
    for node in NODES {
        page.typed(lab, node, run, &[back, look]);
    }
    page.typed(lab, "n1", run, &[configuration]);
    Ran::of(&mut lab.inside(&["sh", "-c", once])).exits(0);
}

pub fn on_a_server_of_k3s(lab: &Lab, node: &str, run: &str) {
    let page = Page::of(K3S, "Undo by hand");
    let [_, drop_in, restart, look] = &page.blocks[..] else { panic!("{page:?}") };
    page.typed(lab, node, run, &[drop_in, restart, look]);
}

/// One before 1.28.1.
pub fn on_a_server_of_old_k3s(lab: &Lab, node: &str, run: &str) {
    let page = Page::of(K3S, "Undo by hand");
    let [certificate, drop_in, restart, look] = &page.blocks[..] else { panic!("{page:?}") };
    page.typed(lab, node, run, &[certificate, drop_in, restart, look]);
}

pub fn on_a_server_of_rke2(lab: &Lab, node: &str, run: &str) {
    let page = Page::of(RKE2, "Undo by hand");
    let [drop_in, restart, look] = &page.blocks[..] else { panic!("{page:?}") };
    page.typed(lab, node, run, &[drop_in, restart, look]);
}

/// What `lb apply` gave one machine in front, of a proxy and of keepalived.
pub fn on_a_balancer(lab: &Lab, machine: &str, run: &str, proxy: &str) {
    for kind in [proxy, "keepalived"] {
        let page = Page::of(&format!("docs/balancers/{kind}.md"), "By hand, without cpctl");
        page.typed(lab, machine, run, &page.blocks.iter().map(String::as_str).collect::<Vec<_>>());
    }
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

    fn typed(&self, lab: &Lab, machine: &str, run: &str, blocks: &[&str]) {
        for block in blocks {
            let typed = block.replace("RUN", run).replace("NODE", "$(hostname -I | cut -d' ' -f1)");
            lab.on(machine, &format!("set -e\n{typed}")).exits(0);
        }
    }
}
