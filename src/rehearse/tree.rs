//! What a machine of a rehearsed cluster starts with: MicroK8s' files, units, pods and addresses.

use std::{
    fs::{self, Permissions},
    io,
    net::IpAddr,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use super::{
    disk,
    machine::Machine,
    microk8s::{self, CERTS, Complaint},
    pki,
};

const DATA: &str = "/var/snap/microk8s";
const SNAP: &str = "/snap/microk8s";
const REVISION: &str = "7731";
/// A certificate of a rehearsal has been in use for a while.
pub(super) const SIGNED_BEFORE: i64 = 90 * 24 * 60 * 60;

/// One machine of the cluster before it is made.
pub(super) struct Seat<'a> {
    pub part: Part,
    /// Its number among the nodes, from 1.
    pub number: u8,
    /// How many nodes there are.
    pub of: u8,
    pub authority: &'a pki::Authority,
    /// The administrator's kubeconfig as it lies on this machine.
    pub kubeconfig: &'a str,
    pub clock_offset: i64,
    /// Where its API server answers, which most machines share.
    pub address: IpAddr,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Part {
    First,
    Joined,
}

/// Makes the machine in a directory, its server certificate signed as MicroK8s signs it.
pub(super) fn make(root: &Path, seat: &Seat<'_>) -> io::Result<Machine> {
    let machine = Machine::create(root)?;
    surroundings(&machine, seat)?;
    for directory in ["certs", "args", "credentials", "var/lock"] {
        make_directory(&machine, &format!("{DATA}/{REVISION}/{directory}"))?;
    }
    for directory in [
        format!("{DATA}/common"),
        format!("{SNAP}/{REVISION}/actions/common"),
        "/snap/bin".into(),
        "/var/lib".into(),
    ] {
        disk::make_directory(&machine.path(Path::new(&directory))?)?;
    }
    for home in [DATA, SNAP] {
        symlink(REVISION, machine.path(&Path::new(home).join("current"))?)?;
    }
    files(&machine, seat)?;
    let signed = microk8s::refresh(&machine)
        .and_then(|()| microk8s::sign_server(&machine, machine.clock() - SIGNED_BEFORE));
    signed.map_err(|Complaint(complaint)| io::Error::other(complaint))?;
    open_to_group(&machine)?;
    Ok(machine)
}

/// MicroK8s gives its group every file that its functions made, whatever the umask said.
fn open_to_group(machine: &Machine) -> io::Result<()> {
    for file in fs::read_dir(machine.path(Path::new(CERTS))?)? {
        fs::set_permissions(file?.path(), Permissions::from_mode(0o660))?;
    }
    Ok(())
}

/// Addresses of the range that documents use, so that they belong to nobody.
fn surroundings(machine: &Machine, seat: &Seat<'_>) -> io::Result<()> {
    let own = format!("192.0.2.{}", 10 + seat.number);
    let pod_network = format!("10.1.{}.0", 76 + seat.number);
    machine.set_addresses(&[&own, &pod_network])?;
    machine.set_interfaces(&[&format!("eth0 {own}"), &format!("vxlan.calico {pod_network}")])?;
    machine.add_default_route()?;
    machine.set_clock_offset(seat.clock_offset)?;
    for unit in [
        microk8s::KUBELITE,
        microk8s::KICKER,
        microk8s::CLUSTER_AGENT,
        microk8s::CONTAINERD,
        microk8s::DQLITE,
    ] {
        machine.run_unit(unit)?;
    }
    machine.run_pods(["calico-node", "coredns", "web"])
}

fn files(machine: &Machine, seat: &Seat<'_>) -> io::Result<()> {
    let key = pki::server_key().map_err(io::Error::other)?;
    let template = include_str!("../../templates/rehearsal/csr.conf.template");
    let args = include_str!("../../templates/rehearsal/kube-apiserver");
    let functions = include_str!("../../templates/rehearsal/utils.sh");
    let data = format!("{DATA}/current");
    put(machine, &format!("{CERTS}/ca.crt"), &seat.authority.certificate)?;
    put(machine, &format!("{CERTS}/ca.key"), &seat.authority.key)?;
    put(machine, &format!("{CERTS}/server.key"), &key)?;
    put(machine, &format!("{CERTS}/csr.conf.template"), template)?;
    put(machine, &format!("{data}/args/kube-apiserver"), args)?;
    put(machine, &format!("{data}/credentials/client.config"), seat.kubeconfig)?;
    put(machine, &format!("{data}/var/lock/ha-cluster"), "")?;
    if seat.part == Part::Joined {
        put(machine, &format!("{data}/var/lock/no-cert-reissue"), "")?;
    }
    put_program(machine, &format!("{SNAP}/current/actions/common/utils.sh"), functions)?;
    put_program(machine, "/snap/bin/microk8s", functions)
}

fn make_directory(machine: &Machine, path: &str) -> io::Result<()> {
    let found = machine.path(Path::new(path))?;
    disk::make_directory(&found)?;
    fs::set_permissions(found, Permissions::from_mode(0o770))?;
    machine.set_owner(Path::new(path), "root:microk8s")
}

fn put(machine: &Machine, path: &str, text: &str) -> io::Result<()> {
    disk::replace(&machine.path(Path::new(path))?, text.as_bytes(), 0o660)?;
    machine.set_owner(Path::new(path), "root:microk8s")
}

fn put_program(machine: &Machine, path: &str, text: &str) -> io::Result<()> {
    disk::replace(&machine.path(Path::new(path))?, text.as_bytes(), 0o755)
}
