//! The address that leads to a real cluster of kubeadm's, moved: in its ConfigMaps, on a worker, and in a kubeconfig.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::{harness::Ran, kubeadm_lab::unnoticed, lab::Lab, wait::until};

pub const OLD: &str = "172.22.22.11:6443";
const NEW: &str = "172.22.22.3:6443";
const MOVE: [&str; 5] = ["endpoint", "move", "--to", NEW, "--yes"];

const MAPS: [(&str, &str); 3] =
    [("kube-system", "kubeadm-config"), ("kube-public", "cluster-info"), ("kube-system", "kube-proxy")];
const SIGNATURE: &str = "jws-kubeconfig-lab000";

/// All files of Kubernetes on the worker, with modes and owners.
const FILES: &str = "cd /etc/kubernetes && find . -type f | sort | while read file; do stat -c '%n %A %U:%G' $file; cat $file; done";
/// Those of a control plane: none of them changes.
const OWN: &str = "find /etc/kubernetes -type f -printf '%p %M %T@ %i\\n' -exec sha256sum {} + | sort";
/// Where the worker's kubelet is connected to.
const CONNECTED: &str = "ss -Htn state established dport = :6443 | awk '{print $4}' | sort -u";

/// The names are served by every API server; nobody is led to them yet.
pub fn everything_is_led_to_the_address(lab: &Lab) {
    let before = Snapshot::of(lab);

    unnoticed(lab, &MOVE);

    what_named_the_old_address_names_the_new_one_and_nothing_else_changed(&before, &Snapshot::of(lab));
    the_worker_s_kubelet_is_led_there(lab, NEW);
    a_node_can_join_by_the_address(lab);
    a_second_run_changes_nothing(lab);
    the_name_is_kept_while_the_cluster_relies_on_it(lab);
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Snapshot {
    pub maps: Vec<Value>,
    pub worker: String,
    pub kubeconfig: String,
    pub own: Vec<String>,
    pub daemon_set: Value,
    /// The pods of kube-proxy.
    pub replaced: BTreeSet<String>,
    /// All others.
    pub pods: BTreeSet<String>,
}

impl Snapshot {
    pub fn of(lab: &Lab) -> Self {
        let maps = MAPS.map(|(namespace, name)| object(lab, namespace, "configmap", name));
        let mut daemon_set = object(lab, "kube-system", "daemonset", "kube-proxy")["spec"].take();
        daemon_set["template"]["metadata"]["annotations"].take();
        let proxies = ["-n", "kube-system", "-l", "k8s-app=kube-proxy"];
        let replaced = uids(lab, &proxies);
        let all = uids(lab, &["-A"]);
        Self {
            maps: maps.to_vec(),
            worker: lab.on("w1", FILES).exits(0).stdout,
            kubeconfig: fs::read_to_string(lab.path("home/.kube/config")).unwrap(),
            own: ["n1", "n2", "n3"].map(|node| lab.on(node, OWN).exits(0).stdout).to_vec(),
            daemon_set,
            pods: all.difference(&replaced).cloned().collect(),
            replaced,
        }
    }
}

fn kubectl(lab: &Lab, words: &[&str]) -> String {
    Ran::of(&mut lab.inside(&[&["kubectl"], words].concat())).exits(0).stdout
}

/// An object without what the API server notes of each change.
fn object(lab: &Lab, namespace: &str, kind: &str, name: &str) -> Value {
    let text = kubectl(lab, &["-n", namespace, "get", kind, name, "-o", "json"]);
    let mut object: Value = serde_json::from_str(&text).unwrap();
    object["metadata"]["resourceVersion"].take();
    object
}

fn uids(lab: &Lab, which: &[&str]) -> BTreeSet<String> {
    let words = [&["get", "pods"], which, &["-o", "jsonpath={.items[*].metadata.uid}"]].concat();
    kubectl(lab, &words).split(' ').map(str::to_owned).collect()
}

pub fn a_pod_runs_on_the_worker(lab: &Lab) {
    let overrides = r#"{"spec": {"nodeName": "w1"}}"#;
    kubectl(lab, &["run", "web", "--image=web", "--overrides", overrides]);
    kubectl(lab, &["wait", "pod", "web", "--for=condition=Ready", "--timeout=60s"]);
}

fn what_named_the_old_address_names_the_new_one_and_nothing_else_changed(
    before: &Snapshot,
    after: &Snapshot,
) {
    let url = |text: &str| text.replace(&format!("https://{OLD}"), &format!("https://{NEW}"));
    let text = |map: &Value, key: &str| map["data"][key].as_str().unwrap().to_owned();
    let mut maps = before.maps.clone();
    let endpoint = |address: &str| format!("controlPlaneEndpoint: {address}\n");
    let configuration = text(&maps[0], "ClusterConfiguration");
    maps[0]["data"]["ClusterConfiguration"] =
        configuration.replace(&endpoint(OLD), &endpoint(&format!("\"{NEW}\""))).into();
    maps[1]["data"]["kubeconfig"] = url(&text(&maps[1], "kubeconfig")).into();
    maps[2]["data"]["kubeconfig.conf"] = url(&text(&maps[2], "kubeconfig.conf")).into();
    assert_ne!(after.maps[1]["data"][SIGNATURE], before.maps[1]["data"][SIGNATURE]);
    maps[1]["data"][SIGNATURE] = after.maps[1]["data"][SIGNATURE].clone();
    assert_eq!(after.maps, maps);
    for (map, old) in after.maps.iter().zip(&before.maps) {
        assert_ne!(map["data"], old["data"]);
        assert!(!map["data"].to_string().contains(OLD), "{map}");
    }

    assert!(before.worker.contains(OLD) && before.kubeconfig.contains(OLD));
    assert_eq!((&after.worker, &after.kubeconfig), (&url(&before.worker), &url(&before.kubeconfig)));
    assert_eq!((&after.own, &after.daemon_set, &after.pods), (&before.own, &before.daemon_set, &before.pods));
    assert_eq!((after.replaced.len(), before.replaced.intersection(&after.replaced).count()), (4, 0));
}

pub fn the_worker_s_kubelet_is_led_there(lab: &Lab, address: &str) {
    until(&format!("w1 is connected to {address} alone"), || {
        lab.on("w1", CONNECTED).stdout.trim() == address
    });
}

/// As far as nothing is changed by it.
fn a_node_can_join_by_the_address(lab: &Lab) {
    let join = format!(
        "hash=$(openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -pubkey | openssl pkey -pubin -outform der | \
         sha256sum | cut -d' ' -f1); timeout 60 kubeadm join phase preflight {NEW} --token lab000.0123456789abcdef \
         --discovery-token-ca-cert-hash sha256:$hash --ignore-preflight-errors=all -v 1"
    );

    let ran = lab.on("w1", &join).exits(0);

    assert!(ran.stderr.contains(NEW), "{}", ran.shown());
}

fn a_second_run_changes_nothing(lab: &Lab) {
    let look = || {
        let versions = [
            "get",
            "configmaps,daemonsets,pods",
            "-A",
            "-o",
            "jsonpath={.items[*].metadata.resourceVersion}",
        ];
        let times = "find /etc/kubernetes /var/lib/cpctl -printf '%p %T@ %i\\n' | sort; pgrep -x kubelet";
        (kubectl(lab, &versions), lab.on("w1", times).stdout)
    };
    let before = look();

    let ran = lab.cpctl(&MOVE).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_eq!(look(), before);
}

fn the_name_is_kept_while_the_cluster_relies_on_it(lab: &Lab) {
    let runs = lab.runs();
    let [.., names, led] = &runs[..] else { panic!("{runs:?}") };

    let undone = lab.cpctl(&["undo", names, "--yes"]).exits(2);
    let removed = lab.cpctl(&["certs", "remove-san", "172.22.22.3", "--yes"]).exits(2);

    assert!(undone.stderr.contains(led), "{}", undone.shown());
    assert!(removed.stderr.contains("[name-in-use]"), "{}", removed.shown());
}
