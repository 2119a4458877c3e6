//! What a machine of kubeadm's starts with, and the configuration that the cluster's API keeps for it.

use std::{io, path::Path};

use super::{
    by_hand::{self, own_address},
    disk,
    layout::{KUBEADM, MANIFEST},
    machine::Machine,
    tree::Seat,
};

const KUBELET_CONF: &str = "/etc/kubernetes/kubelet.conf";

/// The first address of kubeadm's default range of services.
const SERVICE: [u8; 4] = [10, 96, 0, 1];

/// What `kubeadm init` uploads.
pub(super) const CONFIGURATION: &str = include_str!("../../templates/rehearsal/kubeadm-config.yaml");

/// Makes the machine in a directory, its certificate signed as kubeadm signs it.
pub(super) fn make(root: &Path, seat: &Seat<'_>) -> io::Result<Machine> {
    let machine = Machine::create(root)?;
    for directory in ["/etc/kubernetes/pki", "/etc/kubernetes/manifests", "/var/lib"] {
        disk::make_directory(&machine.path(Path::new(directory))?)?;
    }
    by_hand::fill(&machine, seat, &KUBEADM, SERVICE)?;
    let command = command(&own_address(seat));
    by_hand::put(&machine, MANIFEST, manifest(&command).as_bytes(), 0o600)?;
    by_hand::put(&machine, KUBELET_CONF, b"apiVersion: v1\nkind: Config\n", 0o600)?;
    machine.set_arguments(KUBEADM.unit, &command.join(" "))?;
    machine.run_unit("kubelet")?;
    Ok(machine)
}

fn command(own: &str) -> Vec<String> {
    vec![
        "kube-apiserver".into(),
        format!("--advertise-address={own}"),
        format!("--client-ca-file={}", KUBEADM.authority),
        "--service-cluster-ip-range=10.96.0.0/12".into(),
        format!("--tls-cert-file={}", KUBEADM.certificate),
        format!("--tls-private-key-file={}", KUBEADM.key),
    ]
}

fn manifest(command: &[String]) -> String {
    let words: String = command.iter().map(|word| format!("    - {word}\n")).collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\n  namespace: kube-system\nspec:\n  containers:\n  \
         - name: kube-apiserver\n    command:\n{words}"
    )
}
