//! What MicroK8s' own functions do to the certificates of a machine: render, refresh, sign.
//!
//! Followed from `actions/common/utils.sh` of canonical/microk8s: numbering, prefixes and in-place writes included.

use std::{io, net::Ipv4Addr, path::Path};

use super::{csr, disk, machine::Machine, sign};

pub const CERTS: &str = "/var/snap/microk8s/current/certs";
pub const KUBELITE: &str = "snap.microk8s.daemon-kubelite";
pub const KICKER: &str = "snap.microk8s.daemon-apiserver-kicker";
pub const CLUSTER_AGENT: &str = "snap.microk8s.daemon-cluster-agent";
pub const CONTAINERD: &str = "snap.microk8s.daemon-containerd";
pub const DQLITE: &str = "snap.microk8s.daemon-k8s-dqlite";

/// What a function complained of before it exited with 1.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Complaint(pub String);

impl From<io::Error> for Complaint {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Runs a function of `utils.sh` by its name; `None` where there is no such function.
pub(super) fn call(machine: &Machine, function: &str) -> Option<Result<(), Complaint>> {
    match function {
        "render_csr_conf" => Some(render(machine)),
        "refresh_csr_conf" => Some(refresh(machine)),
        "gen_server_cert" => Some(sign_server(machine, machine.clock())),
        _ => None,
    }
}

/// Writes `csr.conf.rendered`: the template with the machine's addresses of today.
pub(super) fn render(machine: &Machine) -> Result<(), Complaint> {
    let template = read(machine, "csr.conf.template")?;
    let rendered = rendered(&String::from_utf8_lossy(&template), &own_addresses(machine));
    overwrite(machine, "csr.conf.rendered", rendered.as_bytes())
}

/// Renders, and takes the result as the configuration to sign from.
pub(super) fn refresh(machine: &Machine) -> Result<(), Complaint> {
    render(machine)?;
    overwrite(machine, "csr.conf", &read(machine, "csr.conf.rendered")?)
}

/// Signs a certificate for the server key that is there, from `csr.conf`, valid for a year from `at`.
pub(super) fn sign_server(machine: &Machine, at: i64) -> Result<(), Complaint> {
    let request = csr::read(&String::from_utf8_lossy(&read(machine, "csr.conf")?)).map_err(Complaint)?;
    let material = sign::Material {
        key: &read(machine, "server.key")?,
        ca: &read(machine, "ca.crt")?,
        ca_key: &read(machine, "ca.key")?,
        last_serial: disk::read(&file(machine, "ca.srl")?)?,
    };
    let signed = sign::sign(&request, &material, at).map_err(|error| Complaint(error.to_string()))?;
    overwrite(machine, "server.csr", &signed.request)?;
    overwrite(machine, "ca.srl", signed.serial.as_bytes())?;
    overwrite(machine, "server.crt", &signed.certificate)
}

/// The template with every `#MOREIPS` replaced by the addresses, each under the next `IP.n` that `grep '^IP.n'` does
/// not find.
fn rendered(template: &str, addresses: &[String]) -> String {
    let mut number = 3;
    let mut entries = vec![];
    for address in addresses {
        while template.lines().any(|line| is_found(line, number)) {
            number += 1;
        }
        entries.push(format!("IP.{number} = {address}"));
        number += 1;
    }
    template.replace("#MOREIPS", &entries.join("\n"))
}

/// Whether `^IP.n` matches: the dot is any character, and more digits may follow.
fn is_found(line: &str, number: u32) -> bool {
    let mut rest = line.strip_prefix("IP").unwrap_or_default().chars();
    rest.next().is_some() && rest.as_str().starts_with(&number.to_string())
}

/// The addresses of `hostname -I` without link-local ones and without those of the pod network.
fn own_addresses(machine: &Machine) -> Vec<String> {
    let pod_network: Vec<_> = ["vxlan.calico", "flannel.1", "cni0", "ovn0"]
        .iter()
        .filter_map(|interface| machine.interface_address(interface))
        .collect();
    let is_link_local = |address: &str| address.parse().is_ok_and(|ip: Ipv4Addr| ip.is_link_local());
    let mut addresses = machine.addresses();
    addresses.retain(|address| !is_link_local(address) && !pod_network.contains(address));
    addresses
}

fn read(machine: &Machine, name: &str) -> Result<Vec<u8>, Complaint> {
    disk::read(&file(machine, name)?)?.ok_or_else(|| Complaint(format!("{name}: No such file or directory")))
}

/// Writes where the file stands: on a full disk nothing is left of it.
fn overwrite(machine: &Machine, name: &str, bytes: &[u8]) -> Result<(), Complaint> {
    let path = file(machine, name)?;
    if let Err(full) = machine.has_room() {
        disk::overwrite(&path, b"")?;
        return Err(full.into());
    }
    disk::overwrite(&path, bytes)?;
    Ok(machine.set_owner(&Path::new(CERTS).join(name), "root:microk8s")?)
}

fn file(machine: &Machine, name: &str) -> io::Result<std::path::PathBuf> {
    machine.path(&Path::new(CERTS).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the shell functions do, in a shell.
    #[cfg(target_os = "linux")]
    const ORACLE: &str = r#"
        cd "$1"; shift; number=3; entries=; between=
        for address; do
            while grep -q "^IP.$number" template; do number=$((number + 1)); done
            entries="$entries${between}IP.$number = $address"; between='\n'; number=$((number + 1))
        done
        sed "s/#MOREIPS/$entries/g" template"#;

    #[test]
    #[cfg(target_os = "linux")]
    #[expect(clippy::disallowed_methods, reason = "a real shell is the judge")]
    fn rendering_numbers_addresses_as_the_shell_does() {
        let directory = tempfile::tempdir().unwrap();
        let head = "[ alt_names ]\nIP.1 = 127.0.0.1\nIP.2 = 10.152.183.1\n";
        for lines in [
            "#MOREIPS\n",
            "IP.3 = 10.9.9.9\n#MOREIPS\n",
            "IP.30 = 10.9.9.9\n#MOREIPS\nIP.5 = 10.9.9.8\n",
            "  IP.3 = 10.9.9.9\n#MOREIPS\n",
            "#MOREIPS\n#MOREIPS # twice\n",
            "IPx4 = odd\nIP.101 = 10.9.9.9\n#MOREIPS\n",
            "no place for more\n",
        ] {
            let template = format!("{head}{lines}");
            disk::overwrite(&directory.path().join("template"), template.as_bytes()).unwrap();
            let addresses = ["192.0.2.11", "172.17.0.1", "fd00::11"];

            let judged = std::process::Command::new("sh")
                .args(["-euc", ORACLE, "sh"])
                .arg(directory.path())
                .args(addresses)
                .output()
                .unwrap();

            let ours = rendered(&template, &addresses.map(str::to_owned));
            assert_eq!(ours, String::from_utf8(judged.stdout).unwrap(), "{lines}");
        }
    }

    #[test]
    fn the_pod_network_and_link_local_addresses_are_no_names() {
        let directory = tempfile::tempdir().unwrap();
        let machine = Machine::create(directory.path()).unwrap();
        machine.set_addresses(&["192.0.2.11", "169.254.7.7", "10.1.77.0", "fd00::11"]).unwrap();
        machine.set_interfaces(&["eth0 192.0.2.11", "vxlan.calico 10.1.77.0"]).unwrap();

        assert_eq!(own_addresses(&machine), ["192.0.2.11", "fd00::11"]);
    }
}
