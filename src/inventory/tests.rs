//! Who the nodes are, by file, by flag and by discovery.

use super::*;
use crate::api::tests::cluster::{Cluster, cluster, plain, slices, wire};

fn parse(text: &str) -> Result<Inventory, Error> {
    Inventory::parse("cpctl.yaml".into(), text)
}

fn flags(nodes: &[&str]) -> Result<Inventory, Error> {
    Inventory::from_flags(&nodes.iter().map(|node| (*node).to_owned()).collect::<Vec<_>>(), None)
}

const FULL: &str = "\
# the lab
endpoint: 172.22.22.3:16443
vip: 172.22.22.3/24
vrid: 52
nodes:
  - name: cp1
    host: 10.0.0.11
    user: root
    port: 2222
    identity: /home/me/.ssh/id
    jump: bastion
    distribution: microk8s
    api: 10.0.0.11:16443
  - host: cp2
  - name: cp3
balancers:
  - name: lb1
    host: 10.0.0.8
    user: root
    port: 2222
    jump: bastion
    socket: /var/lib/haproxy/stats
    backend: kube_api_nodes
    interface: eth0
    priority: 200
  - host: lb2
";

#[test]
fn a_file_names_nodes_and_endpoint() {
    let inventory = parse(FULL).unwrap();

    assert_eq!(inventory.endpoint.as_ref().unwrap().to_string(), "172.22.22.3:16443");
    assert_eq!(inventory.found, How::File("cpctl.yaml".into()));
    let named: Vec<_> = inventory.nodes.iter().map(|node| (node.name.as_str(), node.host.as_str())).collect();
    assert_eq!(named, [("cp1", "10.0.0.11"), ("cp2", "cp2"), ("cp3", "cp3")]);
    let cp1 = &inventory.nodes[0];
    assert_eq!(
        (cp1.user.as_deref(), cp1.port, cp1.jump.as_deref()),
        (Some("root"), Some(2222), Some("bastion"))
    );
    assert_eq!(
        (cp1.distribution.as_deref(), cp1.api.as_deref()),
        (Some("microk8s"), Some("10.0.0.11:16443"))
    );
}

#[test]
fn a_file_names_balancers_that_are_reached_as_nodes_are() {
    let balancers = parse(FULL).unwrap().balancers;

    let [lb1, lb2] = balancers.as_slice() else { panic!("{balancers:?}") };
    assert_eq!((lb1.target.name.as_str(), lb1.target.host.as_str()), ("lb1", "10.0.0.8"));
    assert_eq!((lb1.target.port, lb1.target.jump.as_deref()), (Some(2222), Some("bastion")));
    assert_eq!(
        (lb1.socket.to_str(), lb1.backend.as_deref()),
        (Some("/var/lib/haproxy/stats"), Some("kube_api_nodes"))
    );
    assert_eq!((lb1.interface.as_deref(), lb1.priority), (Some("eth0"), Some(200)));
    assert_eq!((lb2.target.name.as_str(), lb2.socket.to_str()), ("lb2", Some("/run/haproxy/admin.sock")));
    for (from, to, reason) in [
        ("name: lb1", "name: cp1", "two nodes have the name `cp1`"),
        ("host: lb2", "host: localhost", "no node can have the name `localhost`"),
        ("/var/lib/haproxy/stats", "stats", "cpctl.yaml:22:13: stats is no absolute path"),
        ("host: lb2", "api: 10.0.0.9:1", "cpctl.yaml:26:5: unknown field `api`"),
        ("vip: 172.22.22.3/24", "vip: 172.22.22.3/99", "cpctl.yaml:3:6: `172.22.22.3/99` has no prefix"),
        ("vrid: 52", "vrid: 0", "cpctl.yaml:4:7: 0 is no VRID between 1 and 255"),
        ("vrid: 52", "vrid: 256", "cpctl.yaml:4:7: 256 is no VRID"),
        ("priority: 200", "priority: 255", "cpctl.yaml:25:15: 255 is no priority between 1 and 254"),
        ("eth0", "eth0;}", "cpctl.yaml:24:16: `eth0;}` is no network interface"),
    ] {
        let error = parse(&FULL.replacen(from, to, 1)).unwrap_err();

        assert!(error.to_string().starts_with(reason), "{error}");
    }
}

#[test]
fn what_is_written_reads_back_equal() {
    for inventory in
        [parse(FULL).unwrap(), flags(&["root@[fd00::11]:2222", "10.0.0.1", "yes", "1e3"]).unwrap()]
    {
        let again = parse(&inventory.to_yaml()).unwrap();

        assert_eq!((again.endpoint, again.nodes), (inventory.endpoint, inventory.nodes));
        assert_eq!(again.balancers, inventory.balancers);
        assert_eq!((again.vip, again.vrid), (inventory.vip, inventory.vrid));
    }
}

#[test]
fn a_wrong_file_is_told_by_line_and_column() {
    for (text, place, reason) in [
        ("nodes:\n  - host: a\n    hots: b\n", "cpctl.yaml:3:", "hots"),
        ("endpoint: http://10.0.0.1:1\nnodes: [{host: a}]\n", "cpctl.yaml:1:11:", "plain HTTP"),
        ("endpoint: 10.0.0.1\nnodes: [{host: a}]\n", "cpctl.yaml:1:11:", "no port"),
        ("nodes:\n  - host: -oProxyCommand=x\n", "cpctl.yaml:2:11:", "starts with a hyphen"),
        ("nodes:\n  - host: a\n    api: nowhere\n", "cpctl.yaml:3:10:", "no port"),
        ("nodes:\n  - host: a\n    port: 0\n", "cpctl.yaml:3:11:", "0 is no port between"),
        ("nodes:\n  - host: a\n    port: 70000\n", "cpctl.yaml:3:11:", "70000 is no port between"),
        ("nodes:\n  - host: a\n  - host: [\n", "cpctl.yaml:", ""),
        ("nodes:\n  - host: a\n    distribution: foo\n", "cpctl.yaml:3:19:", "no distribution `foo`"),
        ("nodes:\n  - user: a\n", "cpctl.yaml:2:5:", "neither a host nor a name"),
        ("endpoint: a:1\nendpoint: b:1\nnodes: []\n", "cpctl.yaml:2:", "endpoint"),
    ] {
        let error = parse(text).unwrap_err();

        let told = error.to_string();
        assert!(told.starts_with(place) && told.contains(reason) && !told.contains('\n'), "{text}: {told}");
        assert!(!told.contains("rehearsed") && !error.hint().is_empty(), "{told}");
    }
}

#[test]
fn no_two_nodes_share_a_name_or_a_host() {
    for (text, reason) in [
        ("nodes: [{name: a, host: b}, {name: a, host: c}]", "two nodes have the name `a`"),
        ("nodes: [{name: a, host: c}, {name: b, host: c, port: 22}]", "two nodes have the host `c`"),
        ("nodes: []", "no node is named"),
        ("", "no node is named"),
        ("endpoint: a:1", "no node is named"),
    ] {
        assert_eq!(parse(text).unwrap_err().to_string(), reason);
    }
    assert!(parse("nodes: [{name: a, host: c, port: 2201}, {name: b, host: c, port: 2202}]").is_ok());
}

#[test]
fn a_missing_file_says_so() {
    let error = Inventory::read("/nowhere/cpctl.yaml".into()).unwrap_err();

    assert_eq!(error.to_string(), "/nowhere/cpctl.yaml: cannot read the inventory");
    assert!(error.hint().contains("--node"));
}

#[test]
fn flags_name_user_host_and_port() {
    for (text, user, host, port) in [
        ("root@10.0.0.11", Some("root"), "10.0.0.11", None),
        ("10.0.0.11:2222", None, "10.0.0.11", Some(2222)),
        ("admin@cp1:22", Some("admin"), "cp1", Some(22)),
        ("me@corp@cp1", Some("me@corp"), "cp1", None),
        ("root@[fd00::11]:2222", Some("root"), "fd00::11", Some(2222)),
        ("root@[fd00::11]", Some("root"), "fd00::11", None),
        ("fd00::11", None, "fd00::11", None),
    ] {
        let node = flags(&[text]).unwrap().nodes.remove(0);

        assert_eq!((node.user.as_deref(), node.host.as_str(), node.port), (user, host, port), "{text}");
        assert_eq!(node.name, host);
    }
}

#[test]
fn a_node_cannot_be_called_as_the_operators_own_machine() {
    let error = flags(&["root@localhost"]).unwrap_err();

    assert!(error.to_string().contains("`localhost`") && error.hint().contains("address"), "{error}");
}

#[test]
fn what_is_no_node_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "an empty part"),
        ("root@", "an empty part"),
        ("@cp1", "an empty part"),
        ("cp1:", "between 1 and 65535"),
        ("cp1:0", "between 1 and 65535"),
        ("cp1:+22", "between 1 and 65535"),
        ("cp1:ssh", "between 1 and 65535"),
        ("[fd00::1", "not closed"),
        ("[cp1]:22", "no IPv6 address in its brackets"),
        ("[fd00::1]22", "follows its bracket"),
        ("fd00::zz", "no IPv6 address"),
        ("-oProxyCommand=x", "starts with a hyphen"),
        ("root@-x", "starts with a hyphen"),
        ("cp 1", "a character that no host"),
        ("cp1;reboot", "a character that no host"),
    ] {
        let error = flags(&[text]).unwrap_err();

        assert!(error.to_string().contains(reason), "{text}: {error}");
    }
    assert_eq!(flags(&["cp1", "root@cp1"]).unwrap_err().to_string(), "two nodes have the name `cp1`");
}

fn discover(cluster: &Cluster) -> Result<Inventory, Error> {
    let (wire, access) = (wire(), cluster.access());
    Inventory::discover(&access, |verify| Api::new(&wire, &access, None, verify))
}

#[test]
fn a_cluster_tells_its_nodes() {
    let cluster = cluster(&["127.0.0.1"], plain);

    let inventory = discover(&cluster).unwrap();

    let named: Vec<_> = inventory.nodes.iter().map(|node| (node.name.as_str(), node.host.as_str())).collect();
    assert_eq!(named, [("cp1", "10.0.0.11"), ("cp2", "10.0.0.12")]);
    assert_eq!(inventory.nodes[0].api.as_deref(), Some("10.0.0.11:16443"));
    assert_eq!(inventory.endpoint, None);
    assert!(matches!(&inventory.found, How::Cluster { note: None, .. }));
    let again = Inventory::parse("again.yaml".into(), &inventory.to_yaml()).unwrap();
    assert_eq!((again.nodes, again.endpoint), (inventory.nodes, inventory.endpoint));
}

#[test]
fn a_cluster_behind_an_address_that_no_certificate_names_is_found_and_says_so() {
    let cluster = cluster(&["kubernetes", "10.0.0.11"], plain);

    let inventory = discover(&cluster).unwrap();

    let How::Cluster { note: Some(note), .. } = &inventory.found else { panic!("{:?}", inventory.found) };
    assert!(note.contains("valid for 10.0.0.11, not 127.0.0.1") && note.contains("`kubernetes`"), "{note}");
}

#[test]
fn a_control_plane_node_without_a_server_stops_the_run() {
    let cluster = cluster(&["127.0.0.1"], |line| {
        line.contains("endpointslices").then(|| (200, slices(&["10.0.0.11"])))
    });

    let error = discover(&cluster).unwrap_err();

    assert_eq!(error.to_string(), "cp2: the cluster has no API server there that answers");
    assert!(error.hint().contains("--node"));
}

#[test]
fn nodes_are_not_taken_from_a_cluster_that_is_not_recognised() {
    let mut cluster = cluster(&["kubernetes"], plain);
    cluster.forget_ca();

    let error = discover(&cluster).unwrap_err();

    assert!(matches!(error, Error::Api(api::Error::Tls { .. })), "{error:?}");
    assert!(cluster.heard.lock().unwrap().is_empty());
}

#[test]
fn what_lists_nodes_is_an_inventory_unless_it_is_of_something_else() {
    for (text, is_one) in [
        ("endpoint: a:6443\nnodes:\n- {name: a, host: a}\n", true),
        ("nodes:\n- address: 10.0.0.1\n  role: [controlplane]\nservices:\n  etcd: {}\n", false),
        ("apiVersion: v1\nnodes: []\n", false),
    ] {
        assert_eq!(Inventory::is_one(text), is_one, "{text}");
    }
}
