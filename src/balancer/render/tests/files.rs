//! The values that differ from cluster to cluster.

use super::*;

const DISTRIBUTIONS: [&str; 6] = ["kubeadm", "by-hand", "microk8s", "k3s", "rke2", "k0s"];

#[test]
fn each_distribution_is_asked_at_its_port_and_for_the_answer_that_it_gives() {
    for (distribution, port, expects) in [
        ("kubeadm", 6443, &["status 200"][..]),
        ("by-hand", 6443, &["status 200"]),
        ("microk8s", 16443, &["rstatus ^(200|401)$"]),
        ("k3s", 6443, &["status 401"]),
        ("rke2", 6443, &["status 401", "string pong"]),
        ("k0s", 6443, &["status 200"]),
    ] {
        let text = text(Kind::Haproxy, &wanted(distribution));

        let expected: Vec<_> = expects.iter().map(|expect| format!("http-check expect {expect}")).collect();
        assert_eq!(lines(&text, "http-check expect"), expected, "{distribution}");
        assert_eq!(
            lines(&text, "server cp1 ")[0],
            format!("server cp1 10.0.0.11:{port} check"),
            "{distribution}"
        );
        assert_eq!(lines(&text, "GET /readyz"), ["option httpchk GET /readyz"], "{distribution}");
    }
}

#[test]
fn what_else_a_distribution_needs_is_led_through_too() {
    for (distribution, ports) in
        [("kubeadm", &[6443][..]), ("rke2", &[6443, 9345]), ("k0s", &[6443, 8132, 9443])]
    {
        let wanted = wanted(distribution);
        let (haproxy, nginx) = (text(Kind::Haproxy, &wanted), text(Kind::Nginx, &wanted));

        let binds: Vec<_> = ports.iter().map(|port| format!("bind 10.0.0.3:{port}")).collect();
        assert_eq!(lines(&haproxy, "bind 10."), binds, "{distribution}");
        let listens: Vec<_> =
            ports.iter().map(|port| format!("listen 10.0.0.3:{port} so_keepalive=60s:10s:3;")).collect();
        assert_eq!(lines(&nginx, "listen 10."), listens, "{distribution}");
        for port in ports {
            assert_eq!(lines(&haproxy, &format!(":{port} check")).len(), 3, "{distribution} {port}");
            assert_eq!(lines(&nginx, &format!(":{port} max_fails")).len(), 3, "{distribution} {port}");
        }
    }
}

#[test]
fn an_answer_that_the_operator_knows_counts_more_than_the_distributions_own() {
    for (anonymous, expect) in [
        (Anonymous::Allowed, "status 200"),
        (Anonymous::Refused, "status 401"),
        (Anonymous::Changing, "rstatus ^(200|401)$"),
    ] {
        for distribution in DISTRIBUTIONS {
            let wanted = Wanted { anonymous: Some(anonymous), ..wanted(distribution) };

            let text = text(Kind::Haproxy, &wanted);

            assert_eq!(lines(&text, "expect")[0], format!("http-check expect {expect}"), "{distribution}");
        }
    }
}

#[test]
fn a_check_that_logs_in_expects_readiness() {
    let wanted = Wanted { check_cert: Some("/etc/haproxy/check.pem".into()), ..wanted("k3s") };

    let text = text(Kind::Haproxy, &wanted);

    assert_eq!(lines(&text, "expect"), ["http-check expect status 200"]);
    assert!(lines(&text, "check-ssl")[0].ends_with(" crt /etc/haproxy/check.pem"), "{text}");
}

#[test]
fn a_gate_holds_the_apis_servers_alone_to_the_endpoints_name() {
    let endpoint = Some("api.example.com:6443".parse().unwrap());
    let wanted = Wanted { gate: Gate::Name, endpoint, ..wanted("rke2") };

    let text = text(Kind::Haproxy, &wanted);

    let gated: Vec<_> =
        lines(&text, "check-ssl").iter().map(|line| line.contains("verifyhost api.example.com")).collect();
    assert_eq!(gated, [true, false]);
}

#[test]
fn where_the_inventory_says_where_an_api_server_answers_it_is_led_there() {
    let mut wanted = wanted("kubeadm");
    wanted.servers[0].host = "cp1.example.com".into();
    wanted.servers[0].api = Some("10.9.0.1:7443".parse().unwrap());

    let text = text(Kind::Haproxy, &wanted);

    assert_eq!(
        lines(&text, "server cp")[..2],
        ["server cp1 10.9.0.1:7443 check", "server cp2 10.0.0.12:6443 check"]
    );
}

#[test]
fn drains_find_the_socket_and_the_backend_that_the_inventory_names() {
    let mut wanted = wanted("kubeadm");
    for machine in &mut wanted.machines {
        machine.socket = "/var/lib/haproxy/stats".into();
        machine.backend = Some("masters".into());
    }

    let text = text(Kind::Haproxy, &wanted);

    assert_eq!(lines(&text, "stats socket"), ["stats socket /var/lib/haproxy/stats mode 660 level admin"]);
    assert_eq!(
        lines(&text, "masters"),
        ["default_backend masters", "backend masters", "monitor fail if { nbsrv(masters) lt 1 }"]
    );
}

#[test]
fn an_address_with_colons_stands_in_brackets_where_a_port_follows() {
    let mut wanted = wanted("kubeadm");
    wanted.endpoint = Some("[fd00::3]:6443".parse().unwrap());
    wanted.vip = None;
    wanted.servers[0].host = "fd00::11".into();
    wanted.machines[0].host = "fd00::1".into();

    let (haproxy, nginx) = (text(Kind::Haproxy, &wanted), text(Kind::Nginx, &wanted));
    let pair = render(Kind::Keepalived, &wanted).unwrap();

    assert_eq!(lines(&haproxy, "bind [")[0], "bind [fd00::3]:6443");
    assert_eq!(lines(&haproxy, "server cp1")[0], "server cp1 [fd00::11]:6443 check");
    assert!(lines(&nginx, "listen [")[0].starts_with("listen [fd00::3]:6443 "), "{nginx}");
    assert_eq!(lines(&pair[0].text, "fd00::3"), ["fd00::3/128 dev eth0"]);
    assert_eq!(lines(&pair.last().unwrap().text, "bind"), ["net.ipv6.ip_nonlocal_bind = 1"]);
}

#[test]
fn no_kind_leaves_a_value_open_for_any_distribution() {
    use Kind::{Dns, FreebsdCarp, Haproxy, Keepalived, KubeVip, Nginx, Opnsense, Pfsense, Relayd};
    for distribution in DISTRIBUTIONS {
        for kind in [Haproxy, Nginx, Keepalived, Pfsense, Opnsense, Relayd, FreebsdCarp, KubeVip, Dns] {
            let port = if distribution == "microk8s" { 16443 } else { 6443 };
            let endpoint = Some(format!("api.example.com:{port}").parse().unwrap());
            let anonymous = (kind == Relayd).then_some(Anonymous::Allowed);
            let has_no_pods = kind == KubeVip && ["by-hand", "k0s"].contains(&distribution);

            let files = render(kind, &Wanted { endpoint, anonymous, ..wanted(distribution) });

            assert_eq!(files.is_err(), has_no_pods, "{kind:?} {distribution}");
            for file in files.unwrap_or_default() {
                let whole =
                    !file.text.contains("{{") && !file.text.contains("{%") && file.text.ends_with('\n');
                assert!(whole && !file.text.contains("\n\n\n"), "{kind:?} {distribution}: {}", file.text);
                assert!(
                    !file.text.lines().any(|line| line.ends_with([' ', '\t'])),
                    "{kind:?}: {}",
                    file.text
                );
            }
        }
    }
}

#[test]
fn a_zone_leads_to_the_servers_until_somebody_holds_an_address() {
    let endpoint = Some("api.example.com:6443".parse().unwrap());
    let held = Wanted { endpoint, ..wanted("kubeadm") };
    let spread = Wanted { vip: None, ..held.clone() };

    let [held, spread] = [held, spread].map(|wanted| text(Kind::Dns, &wanted));

    assert_eq!(lines(&held, " A "), ["api.example.com. 30 IN A 10.0.0.3"]);
    assert_eq!(lines(&spread, " A ").len(), 3, "{spread}");
}
