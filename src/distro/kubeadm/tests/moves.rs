//! What leads to a control plane of kubeadm's, and where it is led.

use std::collections::BTreeMap;

use super::{Cluster, GROUP, now, read, started, told};
use crate::{
    distro::{Found, Move, Moved, ObjectSeen, plan_move},
    plan::{HERE, Listener, Object},
    report::Finding,
};

const KUBELET_CONF: &str = "/etc/kubernetes/kubelet.conf";
const CONFIGURATION: &str = "clusterName: lab\r\ncontrolPlaneEndpoint: 172.22.22.11:6443 # the first\r\nkind: ClusterConfiguration\r\n";
const CLUSTER_INFO: &str =
    "apiVersion: v1\nclusters:\n- cluster:\n    server: https://172.22.22.11:6443\n  name: \"\"\n";

fn kubeconfig(server: &str) -> String {
    format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority: /ca.crt\n    server: {server}\n  name: default\n\
         users:\n- name: default\n  user: {{token: s3cret}}\n"
    )
}

fn wanted() -> Move {
    let from = ["172.22.22.11:6443", "172.22.22.12:6443"].map(|text| text.parse().unwrap());
    Move { from: from.to_vec(), to: "172.22.22.3:6443".parse().unwrap() }
}

fn worker(server: &str) -> Cluster {
    Cluster::worker().on(|machine| machine.with_file(KUBELET_CONF, &kubeconfig(server)))
}

fn of_worker(server: &str) -> Result<Moved, Vec<Finding>> {
    let references = worker(server).observe().references();
    plan_move(&[Found { node: "w1".into(), known_as: Some("worker-1".into()), references }], &wanted())
}

fn objects() -> Vec<Object> {
    Cluster::new().observe().shared()
}

fn of_object(object: &Object, text: &str, beside: &[(&str, &str)]) -> Result<Moved, Vec<Finding>> {
    let beside: BTreeMap<_, _> =
        beside.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let seen = ObjectSeen { text: text.to_owned(), beside };
    let references =
        Cluster::new().observe().references_in(object, &seen).map_err(|finding| vec![finding])?;
    plan_move(&[Found { node: HERE.into(), known_as: None, references }], &wanted())
}

fn plan(moved: Result<Moved, Vec<Finding>>) -> String {
    moved.unwrap_or_else(|found| panic!("{}", read(&found))).steps.iter().map(told).collect()
}

#[test]
fn a_worker_s_kubelet_is_led_elsewhere_restarted_once_and_awaited() {
    let moved = of_worker("https://172.22.22.11:6443").unwrap();

    assert_eq!(
        moved.steps.iter().map(told).collect::<String>(),
        "w1: /etc/kubernetes/kubelet.conf leads to 172.22.22.11:6443, not to 172.22.22.3:6443\n  \
         edit /etc/kubernetes/kubelet.conf: https://172.22.22.11:6443 becomes https://172.22.22.3:6443\n  \
         restart kubelet, which takes its files in only when it starts\n  \
         wait until node worker-1 is ready again\n  \
         note: kubelet is restarted on cp1; its pods go on running"
    );
    let [text] = &moved.texts[..] else { panic!("{}", moved.texts.len()) };
    assert_eq!(text.after, kubeconfig("https://172.22.22.3:6443"));
    assert!(!format!("{:?}", moved.steps).contains("s3cret"));
}

#[test]
fn what_a_kubelet_starts_with_is_led_along_and_restarts_it_no_second_time() {
    let both = worker("https://172.22.22.11:6443").on(|machine| {
        machine.with_file("/etc/kubernetes/bootstrap-kubelet.conf", &kubeconfig("https://172.22.22.12:6443"))
    });
    let references = both.observe().references();

    let moved = plan_move(&[Found { node: "w1".into(), known_as: None, references }], &wanted()).unwrap();

    let [step] = &moved.steps[..] else { panic!("{}", moved.steps.len()) };
    assert_eq!((step.changes.len(), step.settle.len()), (2, 1));
}

#[test]
fn what_leads_there_already_is_no_change() {
    assert_eq!(plan(of_worker("https://172.22.22.3:6443")), "");
    for object in objects() {
        let text = match object.key.as_str() {
            "ClusterConfiguration" => CONFIGURATION.replace("22.11", "22.3"),
            _ => CLUSTER_INFO.replace("22.11", "22.3"),
        };
        assert_eq!(plan(of_object(&object, &text, &[])), "");
    }
}

#[test]
fn what_leads_to_an_unknown_address_is_left_and_told() {
    let moved = of_worker("https://old-vip.example:6443").unwrap();

    assert!(moved.steps.is_empty());
    assert_eq!(
        read(&moved.findings),
        "reference-left: w1: /etc/kubernetes/kubelet.conf leads to old-vip.example:6443, which is none of the addresses \
         that are left, and stays as it is\n  `--from old-vip.example:6443 --from 172.22.22.11:6443 --from \
         172.22.22.12:6443` moves it too, and what else leads there"
    );
}

#[test]
fn a_place_that_cannot_be_edited_refuses_the_whole_move() {
    let shared = kubeconfig("&server https://172.22.22.11:6443") + "x: *server\n";
    let references =
        Cluster::worker().on(|machine| machine.with_file(KUBELET_CONF, &shared)).observe().references();

    let refused =
        plan_move(&[Found { node: "w1".into(), known_as: None, references }], &wanted()).err().unwrap();

    assert_eq!(
        read(&refused),
        "reference-uneditable: w1: /etc/kubernetes/kubelet.conf cannot be edited: line 5: \
         `clusters[default].cluster.server` is an anchor that is used elsewhere\n  write https://172.22.22.3:6443 there by hand, \
         then run this again"
    );
}

#[test]
fn the_texts_of_the_cluster_are_led_elsewhere_each_with_what_takes_it_in() {
    let [configuration, cluster_info, proxy] = &objects()[..] else { panic!() };
    let signed = [("jws-kubeconfig-abc", "e30..x"), ("other", "")];

    assert_eq!(
        plan(of_object(configuration, CONFIGURATION, &[])),
        "localhost: ConfigMap kube-system/kubeadm-config (ClusterConfiguration) leads to 172.22.22.11:6443, not to \
         172.22.22.3:6443\n  edit ConfigMap kube-system/kubeadm-config (ClusterConfiguration): 172.22.22.11:6443 becomes \
         172.22.22.3:6443"
    );
    assert_eq!(
        plan(of_object(cluster_info, CLUSTER_INFO, &signed)),
        "localhost: ConfigMap kube-public/cluster-info (kubeconfig) leads to 172.22.22.11:6443, not to 172.22.22.3:6443\n  \
         edit ConfigMap kube-public/cluster-info (kubeconfig): https://172.22.22.11:6443 becomes https://172.22.22.3:6443\n  \
         wait until ConfigMap kube-public/cluster-info (kubeconfig) is signed anew"
    );
    assert_eq!(
        plan(of_object(proxy, &kubeconfig("https://172.22.22.11:6443"), &[])),
        "localhost: ConfigMap kube-system/kube-proxy (kubeconfig.conf) leads to 172.22.22.11:6443, not to \
         172.22.22.3:6443\n  edit ConfigMap kube-system/kube-proxy (kubeconfig.conf): https://172.22.22.11:6443 becomes \
         https://172.22.22.3:6443\n  roll DaemonSet kube-system/kube-proxy out, and wait until it is\n  note: the pods of \
         kube-proxy are replaced, one node after the other; what they have set up on a node stays meanwhile"
    );
    assert!(plan(of_object(cluster_info, CLUSTER_INFO, &[])).ends_with("https://172.22.22.3:6443"));
}

#[test]
fn a_cluster_without_an_address_in_front_gets_one() {
    let [configuration, ..] = &objects()[..] else { panic!() };
    for text in [
        "clusterName: lab\nkind: ClusterConfiguration\n",
        "controlPlaneEndpoint: \"\"\nkind: ClusterConfiguration\n",
    ] {
        let moved = of_object(configuration, text, &[]);
        let [text] = &moved.as_ref().unwrap_or_else(|found| panic!("{}", read(found))).texts[..] else {
            panic!()
        };

        assert!(text.after.contains("controlPlaneEndpoint: \"172.22.22.3:6443\"\n"), "{}", text.after);
    }
}

#[test]
fn a_text_that_makes_no_sense_is_refused_with_where_it_lies() {
    let [configuration, cluster_info, _] = &objects()[..] else { panic!() };
    for (object, text) in [(configuration, "controlPlaneEndpoint: a/b\n"), (cluster_info, "clusters: [")] {
        let found = of_object(object, text, &[]).err().unwrap();

        assert!(read(&found).starts_with("reference-uneditable: ConfigMap"), "{}", read(&found));
        assert!(read(&found).contains(&format!("edit configmap {}`", object.name)));
    }
}

#[test]
fn an_issuer_at_an_address_that_is_left_stays_and_is_told() {
    let line =
        started().replace("https://kubernetes.default.svc.cluster.local", "https://172.22.22.11:6443/oidc");
    let issuing = Cluster::new().on(|mut machine| {
        machine.processes.clear();
        machine.with_process(GROUP, &line)
    });

    let found = issuing.observe().findings_of_move(&wanted(), now());

    assert_eq!(
        read(&found),
        "reference-left: cp1: --service-account-issuer names 172.22.22.11, and stays as it is: every token that a pod holds \
         says so, and one that says otherwise is not believed\n  keep 172.22.22.11 reachable and among the names; a new \
         issuer is added before the old one, and takes its place later"
    );
}

#[test]
fn kube_proxy_is_tried_through_control_planes_and_workers_with_the_ca_of_the_cluster() {
    let [_, _, proxy] = &objects()[..] else { panic!() };
    let seen = ObjectSeen { text: CLUSTER_INFO.into(), beside: BTreeMap::new() };

    let references = Cluster::new().observe().references_in(proxy, &seen).unwrap();
    let worker = Cluster::worker();
    let ca = String::from_utf8(worker.authority.cert.to_pem().unwrap()).unwrap();
    let worker = worker.on(|machine| machine.with_file("/etc/kubernetes/pki/ca.crt", &ca));
    let trials = [Cluster::new(), worker].map(|cluster| cluster.observe().trial().unwrap());

    assert!(references.iter().all(|reference| reference.is_everywhere));
    for trial in trials {
        assert_eq!((trial.authorities.len(), trial.listener), (1, Listener::ApiServer));
        assert_eq!(trial.pem, Some("/etc/kubernetes/pki/ca.crt".into()));
    }
}

#[test]
fn who_may_write_the_old_address_again_is_told_of_control_planes_and_workers() {
    for cluster in [Cluster::new(), worker("https://172.22.22.11:6443")] {
        let owned = cluster.on(|machine| machine.with_file("/run/cluster-api/x", ""));
        let owned = owned.on(|machine| machine.with_file("/run/cluster-api", ""));

        let found = owned.observe().findings_of_move(&wanted(), now());

        assert_eq!(
            read(&found),
            "configuration-managed: cp1: Cluster API set it up, and may write the old address again\n  its Cluster names the \
             address that new machines get, `spec.controlPlaneEndpoint`: change it there as well, or keep the old one reachable"
        );
    }
}

#[test]
fn a_control_plane_s_kubelet_that_goes_to_an_address_that_is_left_is_told() {
    let led = |server: &str| {
        let conf = kubeconfig(&format!("https://{server}"));
        let node = Cluster::new().on(|machine| machine.with_file(KUBELET_CONF, &conf)).observe();
        (node.references().len(), read(&node.findings_of_move(&wanted(), now())))
    };

    let told = led("172.22.22.12:6443");

    assert_eq!(
        told,
        (
            0,
            "reference-left: cp1: /etc/kubernetes/kubelet.conf leads its kubelet to 172.22.22.12:6443, and stays as it is: \
             without that address the node is not ready. controller-manager.conf and scheduler.conf may lead there too; \
             they hold keys, so they are not read\n  `sudo sed -i 's|server: .*|server: https://172.22.22.3:6443|' \
             /etc/kubernetes/kubelet.conf && sudo systemctl restart kubelet`, one node after the other; `sudo grep server: \
             /etc/kubernetes/*.conf` shows the others"
                .into()
        )
    );
    for harmless in ["172.22.22.11:6443", "172.22.22.3:6443", "elsewhere.example:6443"] {
        assert_eq!(led(harmless), (0, String::new()));
    }
}

#[test]
fn a_worker_that_has_not_joined_or_is_at_a_standstill_is_refused() {
    let worker = Cluster::worker().on(|mut machine| {
        machine = machine.without_unit("kubelet");
        machine.files.remove(std::path::Path::new(KUBELET_CONF));
        machine
    });

    let found = worker.observe().findings_of_move(&wanted(), now());

    assert_eq!(
        found.iter().map(|finding| finding.code.id()).collect::<Vec<_>>(),
        ["service-stopped", "reference-uneditable"]
    );
}
