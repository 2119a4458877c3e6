//! Nodes set up by hand as the guide has them: their API servers reload, unless they are kept from it, and the lab goes.

use std::{fs, net::IpAddr, path::Path, process::Command};

use super::{
    harness::Ran,
    lab::{Distribution, Lab},
    wait::until,
};

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const HOSTS: [&str; 3] = ["172.22.22.11", "172.22.22.12", "172.22.22.13"];
const ADDRESS: &str = "172.22.22.3";

/// Where an edition of the guide keeps what signs and what is signed.
struct Edition {
    certificate: &'static str,
    key: &'static str,
    ca: &'static str,
    ca_key: &'static str,
}

const THREE_CONTROLLERS: Edition = Edition {
    certificate: "/var/lib/kubernetes/kubernetes.pem",
    key: "/var/lib/kubernetes/kubernetes-key.pem",
    ca: "/var/lib/kubernetes/ca.pem",
    ca_key: "/var/lib/kubernetes/ca-key.pem",
};
const NEWEST: Edition = Edition {
    certificate: "/var/lib/kubernetes/kube-api-server.crt",
    key: "/var/lib/kubernetes/kube-api-server.key",
    ca: "/var/lib/kubernetes/ca.crt",
    ca_key: "/var/lib/kubernetes/ca.key",
};

/// Asks the nodes themselves and for a name of its own, so that it does not matter what stands in front of them and what they
/// hold by then.
pub fn three_controllers_serve_what_is_renamed_over_their_certificate(lab: Lab) {
    a_signed_certificate_is_served_without_a_restart(&lab, &THREE_CONTROLLERS, "signed.example.internal");
    without_hot_reload_it_waits_for_one(&lab, &THREE_CONTROLLERS);
    nothing_is_left_of(lab);
}

#[test]
fn the_newest_edition_serves_what_is_renamed_over_its_certificate() {
    let Some(lab) = Lab::of(Distribution::ByHandNew, "byhandnew") else { return };

    kubectl_refuses_the_address_before(&lab);
    a_signed_certificate_is_served_without_a_restart(&lab, &NEWEST, ADDRESS);
    assert_eq!(kubectl_asks(&lab, ADDRESS, ADDRESS).exits(0).stdout, "ok");
    nothing_is_left_of(lab);
}

pub fn etcd_has_the_api_servers_certificate(lab: &Lab) {
    for node in NODES {
        let ran = lab.on(node, "cmp /etc/etcd/kubernetes.pem /var/lib/kubernetes/kubernetes.pem");

        ran.exits(0);
    }
}

/// Asks there whether all is ready, and demands that the certificate holds the name.
fn kubectl_asks(lab: &Lab, host: &str, name: &str) -> Ran {
    let server = format!("https://{host}:6443");
    let words = ["kubectl", "--server", &server, "--tls-server-name", name, "get", "--raw", "/readyz"];
    Ran::of(&mut lab.inside(&words))
}

fn kubectl_refuses_the_address_before(lab: &Lab) {
    let ran = kubectl_asks(lab, ADDRESS, ADDRESS);

    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.stderr.contains("x509: certificate is valid for 1"), "{}", ran.shown());
    assert!(ran.stderr.contains("not 172.22.22.3"), "{}", ran.shown());
}

fn a_signed_certificate_is_served_without_a_restart(lab: &Lab, edition: &Edition, name: &str) {
    for (node, host) in NODES.into_iter().zip(HOSTS) {
        let (serial, processes) = (lab.serial(node), lab.processes(node));
        let ran = kubectl_asks(lab, host, name).exits(1);
        assert!(ran.stderr.contains(&format!("not {name}")), "{}", ran.shown());

        sign(lab, node, edition, name);

        until(&format!("{node} serves another certificate"), || lab.serial(node) != serial);
        assert_eq!(lab.processes(node), processes, "{node}");
        let ran = kubectl_asks(lab, host, name).exits(0);
        assert_eq!(ran.stdout, "ok", "{}", ran.shown());
    }
}

/// n3 is kept from it and n1 is not: what n1 serves by then shows how long n3 had.
fn without_hot_reload_it_waits_for_one(lab: &Lab, edition: &Edition) {
    lab.fault("no-hot-reload", "n3", "on");
    let (free, kept) = (lab.serial("n1"), lab.serial("n3"));

    sign(lab, "n3", edition, ADDRESS);
    sign(lab, "n1", edition, ADDRESS);
    until("n1 serves another certificate", || lab.serial("n1") != free);

    assert_eq!(lab.serial("n3"), kept);
    lab.on("n3", "systemctl restart kube-apiserver").exits(0);
    lab.until_ready("n3");
    assert_ne!(lab.serial("n3"), kept);
    lab.fault("no-hot-reload", "n3", "off");
}

pub fn a_node_comes_back_with_its_power(lab: &Lab) {
    let serial = lab.serial("n2");

    lab.fault("power-off", "n2", "on");
    assert_eq!(lab.on("n2", "true").code, 255);
    lab.fault("power-on", "n2", "on");

    assert_eq!(lab.serial("n2"), serial);
    lab.until_balanced();
}

/// The certificate once more, with one name more: same key and subject, signed where the CA's key lies.
fn sign(lab: &Lab, node: &str, edition: &Edition, name: &str) {
    let Edition { certificate, key, ca, ca_key } = edition;
    let kind = if name.parse::<IpAddr>().is_ok() { "IP" } else { "DNS" };
    let script = format!(
        "set -eu; cd /root
        names=$(openssl x509 -in {certificate} -noout -ext subjectAltName | sed 1d | sed 's/IP Address:/IP:/g')
        openssl x509 -x509toreq -in {certificate} -signkey {key} -out request
        printf 'extendedKeyUsage=serverAuth,clientAuth\\nsubjectAltName=%s,{kind}:{name}\\n' \"$names\" > extensions
        openssl x509 -req -in request -CA {ca} -CAkey {ca_key} -days 365 -extfile extensions -out {certificate}.new
        mv {certificate}.new {certificate}"
    );
    lab.on(node, &script).exits(0);
}

/// No file, no mount, no process, and no control group, which could not go while a process of a machine lived.
fn nothing_is_left_of(lab: Lab) {
    let run = lab.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let groups = format!("find /sys/fs/cgroup -name 'cpctl-lab{}' -type d", run.replace('/', "-"));
    let look = |script: &str| Ran::of(Command::new("sh").args(["-c", script])).stdout;
    let processes = || commands().iter().filter(|words| words.contains(&run)).count();
    assert!(processes() > 0 && !look(&groups).is_empty(), "what is looked for is there while the lab is up");

    drop(lab);

    assert!(!Path::new(&run).exists());
    assert_eq!((processes(), look(&groups)), (0, String::new()));
    assert!(!fs::read_to_string("/proc/mounts").unwrap().contains(&run));
}

/// The command line of every process on this machine.
fn commands() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap();
    let lines = processes.filter_map(|process| fs::read(process.unwrap().path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).into_owned()).collect()
}
