//! A controller of k0s: every start signs its certificate anew, with a new key and the names of its configuration.

use std::{fs, io, path::Path};

use super::{
    by_hand::{own_address, put},
    csr::{Name, Request},
    disk,
    layout::K0S,
    machine::Machine,
    pki,
    sign::{self, Material},
    tree::{SIGNED_BEFORE, Seat},
};

const UNIT_FILE: &str = "/etc/systemd/system/k0scontroller.service";
const UNIT: &str =
    "[Service]\nExecStart=/usr/local/bin/k0s controller --config=/etc/k0s/k0s.yaml\nKillMode=process\n";
const CONFIG: &str = "/etc/k0s/k0s.yaml";
const CONFIGURATION: &str = include_str!("../../templates/rehearsal/k0s.yaml");

/// What k0s puts into every serving certificate (`cmd/controller/certificates.go` in k0sproject/k0s); the last is the
/// first address of its default range of services.
const OWN: [&str; 8] = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster",
    "kubernetes.svc.cluster.local",
    "localhost",
    "127.0.0.1",
    "10.96.0.1",
];

/// Makes the machine in a directory, its certificate signed as its first start signs it.
pub(super) fn make(root: &Path, seat: &Seat<'_>) -> io::Result<Machine> {
    let machine = Machine::create(root)?;
    machine.set_addresses(&[&own_address(seat)])?;
    machine.add_default_route()?;
    machine.set_clock_offset(seat.clock_offset)?;
    for (path, text, mode) in [
        (K0S.authority, seat.authority.certificate.as_str(), 0o644),
        (K0S.authority_key, &seat.authority.key, 0o600),
        (UNIT_FILE, UNIT, 0o644),
        (CONFIG, CONFIGURATION, 0o600),
    ] {
        let above = Path::new(path).parent().unwrap_or(Path::new("/"));
        disk::make_directory(&machine.path(above)?)?;
        put(&machine, path, text.as_bytes(), mode)?;
    }
    sign_anew(&machine, machine.clock() - SIGNED_BEFORE)?;
    machine.set_arguments(K0S.unit, &server(&own_address(seat)))?;
    machine.run_unit(K0S.unit)?;
    machine.run_pods(["coredns", "konnectivity-agent", "web"])?;
    Ok(machine)
}

/// Tells each of the controllers that all of them keep their store together.
pub(super) fn join<'a>(controllers: impl Iterator<Item = (&'a str, &'a Machine)>) -> io::Result<()> {
    let all: Vec<_> =
        controllers.map(|(name, machine)| (name, machine, machine.addresses().join(" "))).collect();
    all.iter().try_for_each(|(_, machine, _)| {
        machine.set_members(all.iter().map(|(name, _, at)| (*name, at.as_str())))
    })
}

/// Starts it anew; its unit counts as started at once, long before its API server is.
pub(super) fn start(machine: &Machine) -> io::Result<()> {
    machine.stop_unit(K0S.unit)?;
    machine.await_silence()?;
    sign_anew(machine, machine.clock())?;
    machine.run_unit(K0S.unit)
}

/// The API server as a process of its own within the unit.
fn server(own: &str) -> String {
    format!(
        "/var/lib/k0s/bin/kube-apiserver --advertise-address={own} --client-ca-file={} \
         --service-cluster-ip-range=10.96.0.0/12 --tls-cert-file={} --tls-private-key-file={}",
        K0S.authority, K0S.certificate, K0S.key
    )
}

/// Without the CA's key all stays as it is.
fn sign_anew(machine: &Machine, at: i64) -> io::Result<()> {
    let Some(ca_key) = disk::read(&machine.path(Path::new(K0S.authority_key))?)? else { return Ok(()) };
    let ca = fs::read(machine.path(Path::new(K0S.authority))?)?;
    let key = pki::server_key().map_err(io::Error::other)?;
    let material = Material { key: key.as_bytes(), ca: &ca, ca_key: &ca_key, last_serial: None };
    let asked = asked_for(machine)?.into_iter().chain(machine.addresses());
    let request = Request {
        subject: vec![("O".into(), "kubernetes".into()), ("CN".into(), "kubernetes".into())],
        names: OWN
            .map(str::to_owned)
            .into_iter()
            .chain(asked)
            .map(|text| Name::from(text.as_str()))
            .collect(),
    };
    let signed = sign::sign(&request, &material, at)?;
    put(machine, K0S.key, key.as_bytes(), 0o600)?;
    put(machine, K0S.certificate, &signed.certificate, 0o644)
}

/// The names below `sans:`, one on each line.
fn asked_for(machine: &Machine) -> io::Result<Vec<String>> {
    let text = disk::read(&machine.path(Path::new(CONFIG))?)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let listed = text.lines().map(str::trim).skip_while(|line| *line != "sans:").skip(1);
    let names = listed.map_while(|line| line.strip_prefix("- "));
    Ok(names.map(|name| name.trim_matches('"').to_owned()).collect())
}
