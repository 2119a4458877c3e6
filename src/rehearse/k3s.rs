//! A server of K3s, or of RKE2: its configuration asks for names, and only a start takes them into its certificates.
//!
//! Each server keeps the certificate that it would share for itself, and in PEM: those of K3s share one, in a secret.

use std::{fs, io, net::IpAddr, path::Path};

use openssl::x509::X509;

use super::{
    by_hand::own_address,
    csr::{Name, Request},
    disk,
    layout::{self, Layout},
    machine::Machine,
    pki,
    sign::{self, Material},
    tree::{Part, SIGNED_BEFORE, Seat},
};

/// A distribution that K3s is the heart of.
pub(super) struct Made {
    name: &'static str,
    version: &'static str,
    layout: &'static Layout,
    /// What the first server has in its configuration, and the others.
    parts: [&'static str; 2],
}

pub(super) static K3S: Made = Made {
    name: "k3s",
    version: "k3s version v1.34.2+k3s1 (0a1b2c3d)\n",
    layout: &layout::K3S,
    parts: ["cluster-init: true", "server: https://192.0.2.11:6443"],
};

pub(super) static RKE2: Made = Made {
    name: "rke2",
    version: "rke2 version v1.34.2+rke2r1 (0a1b2c3d)\n",
    layout: &layout::RKE2,
    parts: ["cni: canal", "server: https://192.0.2.11:9345"],
};

impl Made {
    fn configuration(&self) -> String {
        format!("/etc/rancher/{}/config.yaml", self.name)
    }

    /// The pair that keeps every name it ever had.
    fn lasting(&self) -> (&'static str, &'static str) {
        self.layout.joining.unwrap_or((self.layout.certificate, self.layout.key))
    }
}

/// Makes the machine in a directory, with the names that every server has and one that it asks for.
pub(super) fn make(made: &Made, root: &Path, seat: &Seat<'_>) -> io::Result<Machine> {
    let machine = Machine::create(root)?;
    let (own, loopback) = (own_address(seat), seat.address.to_string());
    // Where a machine has an address of its own on loopback, it is dialled there at two ports.
    let count = 1 + usize::from(made.layout.joining.is_some());
    machine.set_addresses(&[own.as_str(), &loopback][..count])?;
    machine.add_default_route()?;
    machine.set_clock_offset(seat.clock_offset)?;
    let key = pki::server_key().map_err(io::Error::other)?;
    let part = made.parts[usize::from(seat.part != Part::First)];
    let config = format!("token: rehearsed\n{part}\ntls-san:\n  - k3s.example.internal\n");
    let (unit, name) = (made.layout.unit, made.name);
    let start = format!(
        "[Service]\nType=notify\nKillMode=process\nExecStart=/usr/local/bin/{name} \\\n    server \\\n\n"
    );
    for (path, text, mode) in [
        (made.layout.authority, seat.authority.certificate.as_str(), 0o644),
        (made.layout.authority_key, &seat.authority.key, 0o600),
        (made.lasting().1, &key, 0o600),
        (&format!("/usr/local/bin/{name}"), made.version, 0o755),
        (&format!("/etc/systemd/system/{unit}.service"), &start, 0o644),
        (&made.configuration(), &config, 0o600),
        ("/etc/hostname", &format!("cp{}\n", seat.number), 0o644),
    ] {
        let path = machine.path(Path::new(path))?;
        disk::make_directory(path.parent().unwrap_or(&path))?;
        disk::replace(&path, text.as_bytes(), mode)?;
    }
    let at = machine.clock() - SIGNED_BEFORE;
    sign(made, &machine, made.lasting(), every_name(made, &machine)?, at)?;
    if made.layout.joining.is_some() {
        sign_api_anew(made, &machine, at)?;
    }
    machine.run_unit(unit)?;
    machine.run_pods(["coredns", "traefik", "web"])?;
    Ok(machine)
}

/// Starts it anew, and comes back when it is ready.
pub(super) fn start(made: &Made, machine: &Machine) -> io::Result<()> {
    take_names_in(made, machine)?;
    if made.layout.joining.is_some()
        && !lacking(machine, made.layout.certificate, asked_for(made, machine)?)?.is_empty()
    {
        sign_api_anew(made, machine, machine.clock())?;
    }
    machine.run_unit(made.layout.unit)?;
    machine.await_ready(made.layout.unit)
}

/// The certificate that lasts gets all names that the configuration asks for, and keeps those that it has.
fn take_names_in(made: &Made, machine: &Machine) -> io::Result<()> {
    let (certificate, key) = made.lasting();
    let further = lacking(machine, certificate, asked_for(made, machine)?)?;
    if further.is_empty() {
        return Ok(());
    }
    let names = names_of(machine, certificate)?.into_iter().chain(further).collect();
    sign(made, machine, (certificate, key), names, machine.clock())
}

/// That of the API server gets another key, and no name that nothing asks for.
fn sign_api_anew(made: &Made, machine: &Machine, at: i64) -> io::Result<()> {
    let Layout { certificate, key, .. } = made.layout;
    let text = pki::server_key().map_err(io::Error::other)?;
    disk::replace(&machine.path(Path::new(key))?, text.as_bytes(), 0o600)?;
    sign(made, machine, (certificate, key), every_name(made, machine)?, at)
}

/// The names that each server has, and those that are asked for.
fn every_name(made: &Made, machine: &Machine) -> io::Result<Vec<Name>> {
    let own = ["kubernetes", "kubernetes.default", "localhost", "127.0.0.1", "10.43.0.1"].map(str::to_owned);
    let all = own.into_iter().chain(machine.addresses()).chain(asked_for(made, machine)?);
    Ok(all.map(|text| Name::from(text.as_str())).collect())
}

fn lacking(machine: &Machine, certificate: &str, asked: Vec<String>) -> io::Result<Vec<Name>> {
    let held = names_of(machine, certificate)?;
    let asked = asked.iter().map(|text| Name::from(text.as_str()));
    Ok(asked.filter(|name| !held.contains(name)).collect())
}

fn sign(
    made: &Made,
    machine: &Machine,
    (certificate, key): (&str, &str),
    names: Vec<Name>,
    at: i64,
) -> io::Result<()> {
    let read = |path: &str| fs::read(machine.path(Path::new(path))?);
    let (key, ca, ca_key) = (read(key)?, read(made.layout.authority)?, read(made.layout.authority_key)?);
    let material = Material { key: &key, ca: &ca, ca_key: &ca_key, last_serial: None };
    let subject = vec![("O".into(), made.name.into()), ("CN".into(), made.name.into())];
    let signed = sign::sign(&Request { subject, names }, &material, at)?;
    disk::replace(&machine.path(Path::new(certificate))?, &signed.certificate, 0o600)
}

fn names_of(machine: &Machine, certificate: &str) -> io::Result<Vec<Name>> {
    let certificate = X509::from_pem(&fs::read(machine.path(Path::new(certificate))?)?)?;
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
fn asked_for(made: &Made, machine: &Machine) -> io::Result<Vec<String>> {
    let config = made.configuration();
    let mut files = vec![machine.path(Path::new(&config))?];
    let drop_ins = fs::read_dir(machine.path(Path::new(&format!("{config}.d")))?);
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
