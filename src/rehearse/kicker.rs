//! MicroK8s' kicker: it signs anew whenever the rendered template differs from what was signed, and kills every pod.

use std::{io, path::Path, time::Duration};

use super::{
    disk,
    fault::Fault,
    machine::Machine,
    microk8s::{self, CERTS, Complaint},
};
use crate::node::UnitSeen;

/// How long the kicker sleeps between rounds.
const PAUSE: Duration = Duration::from_secs(5);

/// What a round came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Round {
    /// The kicker or the API server is stopped, the machine is off, or a change is being made this moment.
    Skipped,
    Quiet,
    /// A new certificate was signed and every pod killed.
    Kicked,
}

/// Goes round the machines for ever.
pub(super) async fn run(machines: Vec<Machine>) {
    let mut pauses = tokio::time::interval(PAUSE);
    pauses.tick().await;
    loop {
        pauses.tick().await;
        for machine in &machines {
            // A round that complains is over, and the next one tries again: so does the real one.
            let _ = own_round(machine);
        }
    }
}

/// A round that nobody asked for.
pub(super) fn own_round(machine: &Machine) -> io::Result<Round> {
    if machine.has(Fault::SleepyKicker) { Ok(Round::Skipped) } else { round(machine) }
}

/// One round, unless somebody holds the machine's lock for changes.
pub fn round(machine: &Machine) -> io::Result<Round> {
    match machine.try_hold()? {
        None => Ok(Round::Skipped),
        Some(_held) => round_while_held(machine),
    }
}

pub(super) fn round_while_held(machine: &Machine) -> io::Result<Round> {
    let is_active = |unit| matches!(machine.unit(unit), UnitSeen::Active { .. });
    if machine.has(Fault::Dead) || !is_active(microk8s::KICKER) || !is_active(microk8s::KUBELITE) {
        return Ok(Round::Skipped);
    }
    let is_changed = if may_reissue(machine)? { is_rendered_anew(machine) } else { is_foreign(machine) };
    match is_changed.and_then(|changed| if changed { sign_and_kill(machine) } else { Ok(Round::Quiet) }) {
        Ok(round) => Ok(round),
        Err(Complaint(complaint)) => Err(io::Error::other(complaint)),
    }
}

fn may_reissue(machine: &Machine) -> io::Result<bool> {
    let current = Path::new("/var/snap/microk8s/current");
    let lock = machine.path(&current.join("var/lock/no-cert-reissue"))?;
    let args = disk::read(&machine.path(&current.join("args/kube-apiserver"))?)?.unwrap_or_default();
    let args = String::from_utf8_lossy(&args).into_owned();
    let is_pinned = args.contains("--advertise-address") || args.contains("--bind-address");
    Ok(!lock.exists() && !is_pinned && machine.has_default_route())
}

fn is_rendered_anew(machine: &Machine) -> Result<bool, Complaint> {
    microk8s::render(machine)?;
    let file = |name: &str| disk::read(&machine.path(&Path::new(CERTS).join(name))?);
    if file("csr.conf.rendered")? == file("csr.conf")? {
        return is_foreign(machine);
    }
    microk8s::refresh(machine)?;
    Ok(true)
}

/// Whether the server's certificate is missing or of another CA.
fn is_foreign(machine: &Machine) -> Result<bool, Complaint> {
    let file = |name: &str| disk::read(&machine.path(&Path::new(CERTS).join(name))?);
    let cert = |bytes: Option<Vec<u8>>| openssl::x509::X509::from_pem(&bytes.unwrap_or_default()).ok();
    let (Some(server), Some(ca)) = (cert(file("server.crt")?), cert(file("ca.crt")?)) else {
        return Ok(true);
    };
    let is_signed = ca.public_key().and_then(|key| server.verify(&key)).unwrap_or(false);
    Ok(!is_signed)
}

fn sign_and_kill(machine: &Machine) -> Result<Round, Complaint> {
    microk8s::sign_server(machine, machine.clock())?;
    for unit in [microk8s::CLUSTER_AGENT, microk8s::CONTAINERD, microk8s::KUBELITE] {
        machine.run_unit(unit)?;
    }
    let pods = machine.pods();
    machine.run_pods(pods.keys().map(String::as_str))?;
    machine.count_kick()?;
    Ok(Round::Kicked)
}
