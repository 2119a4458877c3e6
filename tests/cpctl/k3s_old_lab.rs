//! Servers of K3s before 1.22.5: no restart takes a name in, and the way by hand that a refusal names does.

use super::{
    harness::Ran,
    lab::{Distribution, Lab},
    wait::until,
};

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const VIP: &str = "172.22.22.3";

#[test]
fn an_old_k3s_is_refused_with_the_way_by_hand_and_that_way_leads_there() {
    let Some(lab) = Lab::of(Distribution::K3sOld, "k3sold") else { return };
    for node in NODES {
        let edit = "/etc/rancher/k3s/config.yaml.d/zzz-edit.yaml";
        lab.on(node, &format!("mkdir -p $(dirname {edit}) && echo 'tls-san+: {VIP}' > {edit}")).exits(0);
        restart(&lab, node, "systemctl restart k3s");
    }

    kubectl_refuses_the_address(&lab);
    let refused = lab.cpctl(&["certs", "add-san", VIP, "--yes"]).exits(2);
    for node in NODES {
        restart(&lab, node, &by_hand(&refused.stderr, node));
    }

    let ready = ["kubectl", "--server", "https://172.22.22.3:6443", "get", "--raw", "/readyz"];
    until("the address is named", || Ran::of(&mut lab.inside(&ready)).code == 0);
    let again = lab.cpctl(&["certs", "add-san", VIP, "--yes"]).exits(0);
    assert!(again.stdout.contains("nothing to do"), "{}", again.shown());
}

/// No probe may ask for the address meanwhile: it would bring it into the certificate, for ever.
fn restart(lab: &Lab, node: &str, script: &str) {
    lab.on(node, script).exits(0);
    for node in NODES {
        lab.until_ready(node);
    }
}

/// A restart with the name in the configuration changed nothing.
fn kubectl_refuses_the_address(lab: &Lab) {
    let ran = Ran::of(&mut lab.inside(&["kubectl", "--server", "https://172.22.22.3:6443", "get", "nodes"]));

    assert!(ran.stderr.contains("x509: certificate is valid for 1"), "{}", ran.shown());
    assert!(ran.stderr.contains("not 172.22.22.3"), "{}", ran.shown());
}

/// The commands that a refusal names for a node, without sudo, which root does not need.
fn by_hand(told: &str, node: &str) -> String {
    let (_, told) = told.split_once(&format!("fail {node}: ")).expect(told);
    let (_, remedy) = told.split_once('\n').unwrap();
    let commands = remedy.lines().next().unwrap().split('`').skip(1).step_by(2);
    let commands: Vec<_> = commands.filter_map(|command| command.strip_prefix("sudo ")).collect();
    assert_eq!(commands.len(), 3, "{remedy}");
    commands.join(" && ")
}
