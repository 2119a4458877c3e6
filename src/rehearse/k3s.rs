//! A server of K3s: its configuration asks for names, and only a start takes them into its certificate, for ever.
//!
//! Each server keeps its certificate for itself, and in PEM: those of K3s share one, in a secret.

use std::{fs, io, net::IpAddr, path::Path};

use openssl::x509::X509;

use super::{
    csr::{Name, Request},
    disk,
    layout::K3S,
    machine::Machine,
    pki,
    sign::{self, Material},
    tree::{Part, SIGNED_BEFORE, Seat},
};

const AUTHORITY_KEY: &str = "/var/lib/rancher/k3s/server/tls/server-ca.key";
const PROGRAM: &str = "/usr/local/bin/k3s";
const VERSION: &str = "k3s version v1.34.2+k3s1 (0a1b2c3d)\n";
const UNIT_FILE: &str = "/etc/systemd/system/k3s.service";
const UNIT: &str =
    "[Service]\nType=notify\nKillMode=process\nExecStart=/usr/local/bin/k3s \\\n    server \\\n\n";
const CONFIG: &str = "/etc/rancher/k3s/config.yaml";

/// Makes the machine in a directory, with the names that every server has and one that it asks for.
pub(super) fn make(root: &Path, seat: &Seat<'_>) -> io::Result<Machine> {
    let machine = Machine::create(root)?;
    let own = format!("192.0.2.{}", 10 + seat.number);
    machine.set_addresses(&[&own])?;
    machine.add_default_route()?;
    machine.set_clock_offset(seat.clock_offset)?;
    let key = pki::server_key().map_err(io::Error::other)?;
    let part =
        if seat.part == Part::First { "cluster-init: true" } else { "server: https://192.0.2.11:6443" };
    let config = format!("token: rehearsed\n{part}\ntls-san:\n  - k3s.example.internal\n");
    for (path, text, mode) in [
        (K3S.authority, seat.authority.certificate.as_str(), 0o644),
        (AUTHORITY_KEY, &seat.authority.key, 0o600),
        (K3S.key, &key, 0o600),
        (PROGRAM, VERSION, 0o755),
        (UNIT_FILE, UNIT, 0o644),
        (CONFIG, &config, 0o600),
    ] {
        let path = machine.path(Path::new(path))?;
        disk::make_directory(path.parent().unwrap_or(&path))?;
        disk::replace(&path, text.as_bytes(), mode)?;
    }
    let names = ["kubernetes", "kubernetes.default", "localhost", "127.0.0.1", "10.43.0.1", &own];
    let names = names.into_iter().map(str::to_owned).chain(asked_for(&machine)?);
    sign(&machine, names.map(|text| Name::from(text.as_str())).collect(), machine.clock() - SIGNED_BEFORE)?;
    machine.run_unit(K3S.unit)?;
    machine.run_pods(["coredns", "traefik", "web"])?;
    Ok(machine)
}

/// Starts it anew, and comes back when it is ready.
pub(super) fn start(machine: &Machine) -> io::Result<()> {
    take_names_in(machine)?;
    machine.run_unit(K3S.unit)?;
    machine.await_ready(K3S.unit)
}

/// The certificate gets all names that the configuration asks for, and keeps those that it has.
fn take_names_in(machine: &Machine) -> io::Result<()> {
    let mut names = served(machine)?;
    let held = names.len();
    for asked in asked_for(machine)?.iter().map(|text| Name::from(text.as_str())) {
        if !names.contains(&asked) {
            names.push(asked);
        }
    }
    if names.len() == held { Ok(()) } else { sign(machine, names, machine.clock()) }
}

fn sign(machine: &Machine, names: Vec<Name>, at: i64) -> io::Result<()> {
    let read = |path: &str| fs::read(machine.path(Path::new(path))?);
    let (key, ca, ca_key) = (read(K3S.key)?, read(K3S.authority)?, read(AUTHORITY_KEY)?);
    let material = Material { key: &key, ca: &ca, ca_key: &ca_key, last_serial: None };
    let request = Request { subject: vec![("O".into(), "k3s".into()), ("CN".into(), "k3s".into())], names };
    let signed = sign::sign(&request, &material, at)?;
    disk::replace(&machine.path(Path::new(K3S.certificate))?, &signed.certificate, 0o600)
}

fn served(machine: &Machine) -> io::Result<Vec<Name>> {
    let certificate = X509::from_pem(&fs::read(machine.path(Path::new(K3S.certificate))?)?)?;
    let names = certificate.subject_alt_names().into_iter().flatten();
    let read = names.filter_map(|name| match (name.dnsname(), name.ipaddress()) {
        (Some(dns), _) => Some(Name::Dns(dns.to_owned())),
        (_, Some(ip)) => <[u8; 4]>::try_from(ip)
            .map(IpAddr::from)
            .or_else(|_| <[u8; 16]>::try_from(ip).map(IpAddr::from))
            .map(Name::Ip)
            .ok(),
        _ => None,
    });
    Ok(read.collect())
}

/// The names in the configuration and its drop-ins, as lists of a line each are read.
fn asked_for(machine: &Machine) -> io::Result<Vec<String>> {
    let mut files = vec![machine.path(Path::new(CONFIG))?];
    let drop_ins = fs::read_dir(machine.path(Path::new(&format!("{CONFIG}.d")))?);
    let mut further = drop_ins
        .into_iter()
        .flatten()
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    further.sort();
    files.append(&mut further);
    let mut names = vec![];
    for file in files {
        let text = fs::read_to_string(file)?;
        let mut is_inside = false;
        for line in text.lines() {
            match line.trim().strip_prefix("- ") {
                Some(entry) if is_inside => names.push(entry.trim_matches('"').to_owned()),
                _ => is_inside = matches!(line, "tls-san:" | "tls-san+:"),
            }
            if line == "tls-san:" {
                names.clear();
            }
        }
    }
    Ok(names)
}
