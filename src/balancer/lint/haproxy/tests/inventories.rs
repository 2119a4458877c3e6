//! A file held against the control plane, and against the files beside it.

use super::*;

fn good() -> String {
    fixture("haproxy/kubeadm.cfg")
}

fn told_with(text: &str, plane: &ControlPlane) -> Vec<String> {
    told(&[source("haproxy.cfg", text)], Some(plane))
}

#[test]
fn a_node_that_is_left_out_and_one_that_is_none_are_told() {
    let text = good().replace("cp3 10.0.0.3", "w1 10.0.0.4");

    assert_eq!(told_with(&text, &plane("kubeadm")), ["node-not-in-pool 32", "server-not-in-cluster 32"]);
}

#[test]
fn a_pool_of_the_inventorys_nodes_is_one_of_api_servers_whatever_kind_of_file_tells() {
    let haproxy = "backend web\n    server one 10.0.0.1:8444\n    server two 10.0.0.2:8444\n";
    let nginx = "stream {\n upstream web { server 10.0.0.1:8444; server 10.0.0.2:8444; }\n \
                 server { listen 8444; proxy_pass web; }\n}\n";
    let relayd = "table <web> { 10.0.0.1 10.0.0.2 }\nrelay web {\n listen on 10.0.0.9 port 8444\n \
                  forward to <web> port 8444\n}\n";
    let pf = "pass in proto tcp to port 8444 rdr-to { 10.0.0.1, 10.0.0.2 } port 8444 round-robin\n";
    let plane = plane("kubeadm");

    for (name, text) in [("haproxy", haproxy), ("nginx", nginx), ("relayd", relayd), ("pf", pf)] {
        let files = [source(name, text)];
        let facts = Facts { plane: Some(&plane), today: date(2026, 11, 21) };
        let judged = lint(&files, &facts);
        assert_eq!(judged.files[0].pools.len(), 1, "{name}: {:?}", judged.findings);
    }
}

#[test]
fn what_else_the_nodes_serve_is_nobodys_business() {
    let text = good() + "backend web\n    server one 10.0.0.1:443\n    server two 10.0.0.2:30443\n";

    assert_eq!(told_with(&text, &plane("kubeadm")), Vec::<String>::new());
}

#[test]
fn a_file_that_leads_to_no_api_servers_is_told_where_there_should_be_one() {
    let other = "backend web\n    server one 192.0.2.1:8080\n";

    assert_eq!(told_with(other, &plane("kubeadm")), ["nothing-seen -"]);
    assert_eq!(told_of(other), Vec::<String>::new());
    let empty = Source { kind: Some(Kind::Haproxy), ..source("haproxy.cfg", "\n") };
    assert_eq!(told(&[empty], None), ["nothing-seen -"]);
}

#[test]
fn servers_that_only_haproxy_knows_are_not_compared() {
    let variable = good().replace("cp3 10.0.0.3", "cp3 \"$CP3\"");
    let template = good().replace("server cp3 10.0.0.3:6443", "server-template cp 1-2 api.example:6443");

    assert_eq!(told_with(&variable, &plane("kubeadm")), ["not-judged 32"]);
    assert_eq!(told_with(&template, &plane("kubeadm")), Vec::<String>::new());
}

#[test]
fn an_answer_that_the_distribution_does_not_give_is_told() {
    assert_eq!(told_with(&good(), &plane("rke2")), ["join-port-missing 22", "check-status 28"]);
    assert_eq!(
        told_with(&fixture("haproxy/k3s.cfg"), &plane("kubeadm")),
        ["check-status 22", "check-unauthorized 22"]
    );
}

#[test]
fn an_answer_that_the_distribution_may_give_is_left_alone() {
    for (distribution, codes) in [
        ("microk8s", "200"),
        ("microk8s", "401"),
        ("microk8s", "200,401"),
        ("k0s", "200"),
        ("by-hand", "200"),
    ] {
        let text = good().replace("status 200", &format!("status {codes}"));

        assert_eq!(
            told_with(&text, &plane(distribution))
                .into_iter()
                .filter(|told| !told.starts_with("join-port-missing"))
                .collect::<Vec<_>>(),
            Vec::<String>::new(),
            "{distribution} {codes}"
        );
    }
}

#[test]
fn an_api_on_another_port_than_the_inventory_says_is_told() {
    let mut plane = plane("kubeadm");
    plane.nodes[1].api = Some("10.0.0.2:7443".parse().unwrap());

    assert_eq!(told_with(&good(), &plane), ["pool-ports 31"]);
}

#[test]
fn ports_for_joining_that_nobody_listens_on_are_told() {
    let text = good().replace("status 200", "status 401");
    let joined = format!(
        "{text}listen join\n    bind 10.0.0.9:9345\n    option httpchk GET /ping\n    http-check expect string pong\n    \
         server cp1 10.0.0.1:9345 check check-ssl verify none\n"
    );

    assert_eq!(told_with(&text, &plane("rke2")), ["join-port-missing 22"]);
    assert!(!told_with(&joined, &plane("rke2")).iter().any(|told| told.starts_with("join-port-missing")));
}

#[test]
fn an_endpoint_that_nobody_listens_at_is_told_with_the_port_that_is_meant() {
    let kubeconfig = "clusters:\n- cluster:\n    server: https://10.0.0.9:6434\n    certificate-authority: ca.crt\n  name: \
                      a\ncontexts: []\n";
    let slip = kubeconfig.replace("6434", "6445");
    let mut plane = plane("kubeadm");
    plane.endpoint = Some("10.0.0.9:8443".parse().unwrap());

    let judged = lint(
        &[source("haproxy.cfg", &good()), source("config", &slip)],
        &Facts { plane: None, today: date(2026, 11, 21) },
    );

    assert_eq!(judged.findings[0].message, "nothing listens on port 6445 of 10.0.0.9; did you mean 6443?");
    assert_eq!(
        told(&[source("haproxy.cfg", &good()), source("config", kubeconfig)], None),
        ["endpoint-unlistened 3"]
    );
    assert_eq!(told_with(&good(), &plane), ["endpoint-unlistened 18"]);
}

#[test]
fn a_balancer_on_a_node_with_the_port_of_its_api_server_is_told() {
    let mut plane = plane("kubeadm");
    plane.balancers = vec!["10.0.0.1".into(), "10.0.0.2".into()];

    assert_eq!(told_with(&good(), &plane), ["port-taken 18"]);
    assert_eq!(told_with(&good().replace("9:6443", "9:8443"), &plane), ["endpoint-unlistened 18"]);
}

#[test]
fn an_address_of_the_clusters_own_and_a_balancer_without_a_peer_are_told() {
    let mut plane = plane("kubeadm");
    plane.balancers.truncate(1);
    plane.endpoint = None;

    assert_eq!(
        told_with(&good().replace("10.0.0.9", "10.96.0.1"), &plane),
        ["address-in-cluster 18", "balancer-alone 22"]
    );
}

#[test]
fn an_address_that_moves_between_two_machines_is_told() {
    let keepalived = "vrrp_instance a {\n  virtual_ipaddress {\n    10.0.0.9/24 dev eth0\n  }\n}\n";
    let told_with = |text: &str| {
        let files = [source("haproxy.cfg", text), source("keepalived.conf", keepalived)];
        let told = told(&files, None);
        told.into_iter().filter(|told| told.starts_with("bind-away")).collect::<Vec<_>>()
    };

    assert_eq!(told_with(&good()), ["bind-away 18"]);
    assert_eq!(told_with(&good().replace("9:6443", "9:6443 transparent")), Vec::<String>::new());
    assert_eq!(told_with(&good().replace("10.0.0.9:6443", "*:6443")), Vec::<String>::new());
}

#[test]
fn a_balancer_without_clients_is_no_fault_of_its_where_its_clients_stay() {
    let text = good().replace("nbsrv(kube_api_nodes)", "be_conn(kube_api_nodes)");

    assert_eq!(told_with(&text, &plane("kubeadm")), Vec::<String>::new());
}
