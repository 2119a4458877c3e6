//! Findings about the files of a balancer, on files that are wrong in these ways.

use cpctl::balancer::{
    lint::{ControlPlane, Facts, Kind, Source, lint},
    render::Server,
};
use jiff::civil::date;

use super::{super::docs::text, assert_told, rendered};

fn source(name: &str, text: String) -> Source {
    Source { name: name.into(), text, mode: None, kind: None }
}

fn told(sources: &[Source], plane: Option<&ControlPlane>) -> String {
    rendered(lint(sources, &Facts { plane, today: date(2026, 11, 21) }).findings)
}

fn plane() -> ControlPlane {
    let node = |number| Server {
        name: format!("cp{number}"),
        host: format!("10.0.0.{number}"),
        api: None,
        distribution: Some("rke2".into()),
    };
    ControlPlane {
        endpoint: Some("10.43.0.9:16443".parse().unwrap()),
        nodes: vec![node(1), node(2), node(4)],
        balancers: vec!["10.0.0.1".into()],
    }
}

#[test]
fn what_is_wrong_with_a_haproxy_is_told_with_its_line() {
    let clients = text("fixtures/lint/haproxy/kubeadm.cfg")
        .replace("option srvtcpka", "option forwardfor")
        .replace("nbsrv(kube_api_nodes)", "be_conn(kube_api_nodes)");
    let files = [
        source("haproxy.cfg", text("fixtures/lint/haproxy/faulty.cfg")),
        source("clients.cfg", clients),
        source("notes.txt", "the balancer is in the basement\n".into()),
    ];

    assert_told!("lint-haproxy", told(&files, None));
}

#[test]
fn what_is_wrong_with_the_haproxy_of_a_firewall_is_told_with_its_line() {
    let exports = [
        source("pfsense.cfg", text("fixtures/lint/pfsense/offloading.cfg")),
        source("opnsense.cfg", text("fixtures/lint/opnsense/one-server.cfg")),
        source("exporter.cfg", text("fixtures/lint/opnsense/with-exporter.cfg")),
    ];

    assert_told!("lint-firewalls", told(&exports, None));
}

#[test]
fn a_file_with_nothing_to_judge_is_told() {
    let other = source("haproxy.cfg", "backend web\n    server one 192.0.2.1:8080\n".into());
    let empty = Source { kind: Some(Kind::Nginx), ..source("nginx.conf", "\n".into()) };

    let told = [told(&[other], Some(&plane())), told(&[empty], None)].join("\n");

    assert_told!("lint-nothing-seen", told);
}

#[test]
fn what_does_not_fit_the_control_plane_is_told_with_its_line() {
    let good = text("fixtures/lint/haproxy/kubeadm.cfg").replace("10.0.0.9", "10.43.0.9");
    let short = good
        .replace("tunnel 4h", "tunnel 31s")
        .replace("required ca-file /etc/haproxy/kube-ca.crt", "required");
    let peer = "vrrp_instance a {\n  virtual_ipaddress {\n    10.43.0.9/24\n  }\n}\n".to_owned();
    let files = [
        source("haproxy.cfg", short),
        Source { kind: Some(Kind::Keepalived), ..source("keepalived.conf", peer) },
    ];

    assert_told!("lint-inventory", told(&files, Some(&plane())));
}

#[test]
fn what_lies_beside_a_balancer_is_told_with_its_line() {
    let of = |name: &str| source(name, text(&format!("fixtures/lint/{name}")));
    let files = [
        of("keepalived/segment/keepalived.conf"),
        of("keepalived/segment/rc.conf.local"),
        of("nginx/pair/nginx.conf"),
        of("nginx/pair/keepalived.conf"),
        of("sysctl/loopback.conf"),
        of("pem/ca.pem"),
        of("pem/api-server.pem"),
        of("pem/admin.pem"),
    ];

    assert_told!("lint-beside", told(&files, None));
}
