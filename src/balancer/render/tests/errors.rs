//! What is missing or does not fit, each with the line to write or the flag to type.

use super::*;

/// What a kind says of a wish that lacks something.
fn refusal(kind: Kind, change: impl FnOnce(&mut Wanted)) -> (String, String) {
    let mut wanted = wanted("kubeadm");
    change(&mut wanted);
    let error = render(kind, &wanted).unwrap_err();
    (error.to_string(), error.hint())
}

#[track_caller]
fn tells((message, hint): (String, String), expected_message: &str, expected_hint: &str) {
    assert!(message.contains(expected_message), "{message}");
    assert!(hint.contains(expected_hint), "{hint}");
}

#[test]
fn what_is_missing_is_told_with_its_key_and_its_flag() {
    let name = || Some("api.example.com:6443".parse().unwrap());
    tells(
        refusal(Kind::Haproxy, |wanted| wanted.endpoint = None),
        "cpctl.yaml: no endpoint",
        "write `endpoint: HOST:PORT` into cpctl.yaml, or give `--endpoint HOST:PORT`",
    );
    tells(
        refusal(Kind::Haproxy, |wanted| (wanted.endpoint, wanted.vip) = (name(), None)),
        "cpctl.yaml: no vip",
        "write `vip: ADDRESS/PREFIX` into cpctl.yaml, or give `--vip ADDRESS/PREFIX`",
    );
    tells(
        refusal(Kind::Relayd, |wanted| wanted.vip = None),
        "no prefix of the vip",
        "write `vip: 10.0.0.3/PREFIX` into cpctl.yaml",
    );
    tells(
        refusal(Kind::Keepalived, |wanted| wanted.vrid = None),
        "cpctl.yaml: no vrid",
        "write `vrid: 1..255` into cpctl.yaml, or give `--vrid NUMBER`",
    );
    tells(
        refusal(Kind::Keepalived, |wanted| wanted.machines[1].interface = None),
        "lb2: no interface",
        "write `interface: eth0` into cpctl.yaml, or give `--interface NAME`",
    );
    tells(
        refusal(Kind::Keepalived, |wanted| wanted.machines.truncate(1)),
        "no balancers: two machines",
        "write `balancers: [{name: lb1,",
    );
    tells(
        refusal(Kind::Keepalived, |wanted| wanted.machines[0].host = "lb1.example.com".into()),
        "lb1: no address",
        "write `host: ADDRESS` into cpctl.yaml",
    );
    tells(
        refusal(Kind::Nginx, |wanted| wanted.servers[2].host = "cp3.example.com".into()),
        "cp3: no address",
        "write `api: ADDRESS:6443` into cpctl.yaml",
    );
}

#[test]
fn one_pool_is_of_one_distribution_that_is_known() {
    tells(
        refusal(Kind::Haproxy, |wanted| {
            wanted.servers.iter_mut().for_each(|server| server.distribution = None);
        }),
        "no distribution is named",
        "--distribution kubeadm|by-hand|microk8s|k3s|rke2|k0s",
    );
    tells(
        refusal(Kind::Haproxy, |wanted| wanted.servers[1].distribution = Some("k3s".into())),
        "the nodes are k3s and kubeadm",
        "--distribution NAME",
    );
    tells(
        refusal(Kind::Haproxy, |wanted| wanted.distribution = Some("talos".into())),
        "no ports and answers of `talos`",
        "--distribution kubeadm|",
    );
}

#[test]
fn a_node_that_does_not_say_what_it_is_is_like_the_others() {
    let mut wanted = wanted("rke2");
    wanted.servers[1].distribution = None;

    assert_eq!(lines(&text(Kind::Haproxy, &wanted), ":9345 check").len(), 3);
}

#[test]
fn what_would_not_work_is_refused() {
    tells(
        refusal(Kind::Haproxy, |wanted| wanted.gate = Gate::Name),
        "with the address 10.0.0.3 no server would be up",
        "leave `--gate` out",
    );
    tells(
        refusal(Kind::Nginx, |wanted| wanted.check_cert = Some("/x".into())),
        "NGINX checks no server",
        "haproxy",
    );
    tells(
        refusal(Kind::Relayd, |wanted| wanted.anonymous = Some(Anonymous::Changing)),
        "one answer",
        "--anonymous",
    );
    tells(
        refusal(Kind::KubeVip, |wanted| wanted.endpoint = Some("10.0.0.3:443".parse().unwrap())),
        "cp1 answers at 6443, not at 443",
        "endpoint: HOST:6443",
    );
    tells(
        refusal(Kind::KubeVip, |wanted| wanted.distribution = Some("k0s".into())),
        "k0s runs none",
        "keepalived",
    );
    tells(refusal(Kind::Dns, |_| ()), "is an address", "endpoint: NAME:6443");
    tells(
        refusal(Kind::Haproxy, |wanted| wanted.machines[1].socket = "/run/other.sock".into()),
        "lb1 and lb2 differ in `socket:`",
        "same `socket:`",
    );
    tells(
        refusal(Kind::Keepalived, |wanted| {
            wanted.machines.iter_mut().for_each(|machine| machine.priority = Some(100));
        }),
        "same priority, 100",
        "another `priority:`",
    );
    tells(
        refusal(Kind::Haproxy, |wanted| wanted.servers[1].host = "10.0.0.11".into()),
        "cp1 and cp2 are both at 10.0.0.11:6443",
        "each API server once",
    );
    tells(refusal(Kind::Haproxy, |wanted| wanted.servers[0].name = "cp 1".into()), "no such name", "`name:`");
}

#[test]
fn what_looks_at_no_server_is_refused_with_what_does() {
    for (kind, name) in [
        (Kind::Ipfw, "ipfw"),
        (Kind::Ipvs, "ipvs"),
        (Kind::Iptables, "iptables"),
        (Kind::Nftables, "nftables"),
    ] {
        tells(refusal(kind, |_| ()), &format!("no `{name}`"), "cpctl lb render haproxy");
    }
}
