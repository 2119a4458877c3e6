//! What a machine starts with whose API server was set up by hand: certificates, a unit and what it was started with.

use std::{io, path::Path};

use super::{
    csr::{Name, Request},
    disk,
    layout::BY_HAND,
    machine::Machine,
    pki,
    sign::{self, Material},
    tree::{SIGNED_BEFORE, Seat},
};

/// The CA's key, which the guide leaves beside the CA's certificate.
const AUTHORITY_KEY: &str = "/var/lib/kubernetes/ca-key.pem";

/// Makes the machine in a directory, its certificate signed as the guide signs it.
pub(super) fn make(root: &Path, seat: &Seat<'_>) -> io::Result<Machine> {
    let machine = Machine::create(root)?;
    let own = format!("192.0.2.{}", 10 + seat.number);
    machine.set_addresses(&[&own])?;
    machine.add_default_route()?;
    machine.set_clock_offset(seat.clock_offset)?;
    disk::make_directory(&machine.path(Path::new("/var/lib/kubernetes"))?)?;
    let key = pki::server_key().map_err(io::Error::other)?;
    let material = Material {
        key: key.as_bytes(),
        ca: seat.authority.certificate.as_bytes(),
        ca_key: seat.authority.key.as_bytes(),
        last_serial: None,
    };
    let signed = sign::sign(&request(seat), &material, machine.clock() - SIGNED_BEFORE)?;
    put(&machine, BY_HAND.authority, seat.authority.certificate.as_bytes(), 0o644)?;
    put(&machine, AUTHORITY_KEY, seat.authority.key.as_bytes(), 0o600)?;
    put(&machine, BY_HAND.certificate, &signed.certificate, 0o644)?;
    put(&machine, BY_HAND.key, key.as_bytes(), 0o600)?;
    machine.set_arguments(BY_HAND.unit, &command(&own))?;
    machine.run_unit(BY_HAND.unit)?;
    machine.run_pods(["coredns", "web"])?;
    Ok(machine)
}

fn command(own: &str) -> String {
    format!(
        "/usr/local/bin/kube-apiserver --advertise-address={own} --client-ca-file={} \
         --service-cluster-ip-range=10.32.0.0/24 --tls-cert-file={} --tls-private-key-file {}",
        BY_HAND.authority, BY_HAND.certificate, BY_HAND.key
    )
}

/// One certificate for all nodes, as the guide has it.
fn request(seat: &Seat<'_>) -> Request {
    let names =
        ["kubernetes", "kubernetes.default", "kubernetes.default.svc"].map(|name| Name::Dns(name.into()));
    let mut addresses = vec![[127, 0, 0, 1], [10, 32, 0, 1]];
    addresses.extend((1..=seat.of).map(|number| [192, 0, 2, 10 + number]));
    let addresses = addresses.into_iter().map(|address| Name::Ip(address.into()));
    Request {
        subject: vec![("O".into(), "Kubernetes".into()), ("CN".into(), "kubernetes".into())],
        names: names.into_iter().chain(addresses).collect(),
    }
}

fn put(machine: &Machine, path: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
    disk::replace(&machine.path(Path::new(path))?, bytes, mode)
}
