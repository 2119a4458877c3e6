//! What an operator should know of a server of K3s, where nothing of it stands in the way.

use super::{facts::Facts, findings::finding, launch::is_no, names::Names};
use crate::report::{Code, Finding};

/// The drop-in that Rancher writes on the servers that it provisions.
pub(super) const RANCHERS: &str = "50-rancher.yaml";

/// Everything that is told before a server is changed.
pub(super) fn cautions(facts: &Facts) -> Vec<Finding> {
    let single = [ranchers(facts), nixos(facts), flips(facts), open(facts), stopped_by_expiry(facts)];
    single.into_iter().flatten().chain(useless(facts)).collect()
}

fn ranchers(facts: &Facts) -> Option<Finding> {
    facts.names().iter().any(|name| name == RANCHERS).then(|| {
        finding(
            facts,
            Code::ConfigurationManaged,
            format!(
                "Rancher writes {}; a server that it makes anew has that file alone",
                facts.drop_ins().join(RANCHERS).display()
            ),
            "add the name in Rancher as well: `tls-san` below `rkeConfig.machineGlobalConfig` of the cluster",
        )
        .about(RANCHERS)
    })
}

fn nixos(facts: &Facts) -> Option<Finding> {
    facts.is_nixos.then(|| {
        finding(
            facts,
            Code::ConfigurationManaged,
            "NixOS writes its unit; a machine that is built anew has the flags of that alone",
            format!("add `--tls-san=NAME` to `services.{}.extraFlags` as well", facts.flavour().name),
        )
        .about("NixOS")
    })
}

fn flips(facts: &Facts) -> Option<Finding> {
    let version = facts.version.filter(|version| version.flips())?;
    Some(finding(
        facts,
        Code::CertificateFlips,
        format!(
            "servers of {} {version} may serve an old and a new certificate in turn after rolling restarts",
            facts.title()
        ),
        "carry on: the names have to show on 20 fresh connections in a row; 1.33.6 and 1.34.2 mend it \
         (https://github.com/k3s-io/k3s/issues/12821)",
    ))
}

/// K3s' API server does not wait for its kubelet, so it is RKE2 alone.
fn stopped_by_expiry(facts: &Facts) -> Option<Finding> {
    let version = facts.version.filter(|version| version.is_stopped_by_expiry())?;
    facts.apart.as_ref()?;
    Some(finding(
        facts,
        Code::ExpiryBlocksStart,
        format!(
            "{} {version} does not start again where the certificate of the port for joining has ended while it was down",
            facts.title()
        ),
        "let no server be down when its certificate ends (`cpctl certs inspect`), or upgrade: 1.30.14, 1.31.10, 1.32.6 and \
         1.33.2 mend it",
    ))
}

fn open(facts: &Facts) -> Option<Finding> {
    let version = facts.version?;
    let said = facts.option("tls-san-security");
    let is_closed = match said.as_deref() {
        Some(value) => version.can_be_closed() && !is_no(value),
        None => version.is_closed_by_default(),
    };
    let how = match version.can_be_closed() {
        true => "set `tls-san-security: true` in its configuration",
        false => "upgrade: 1.28.1 and later do so only for names that are configured",
    };
    (!is_closed).then(|| {
        finding(
            facts,
            Code::NamesOpen,
            "it takes every name that any client asks for into its certificate, for ever (CVE-2023-32187)",
            how,
        )
    })
}

fn useless(facts: &Facts) -> Vec<Finding> {
    let Ok(names) = Names::read(facts) else { return vec![] };
    let told = |value: &str| {
        let message = format!("`{value}` in its `tls-san` is neither a DNS name nor an address");
        finding(facts, Code::SanUseless, message, "take it out, or write each name as an entry of its own")
            .about(value)
    };
    names.useless().map(told).collect()
}
