//! What stands in the way of a change on a server of K3s, each with the next thing to do.

use jiff::Timestamp;

use super::{
    apart::{self, other_file},
    config::Unreadable,
    facts::Facts,
    flavour::Flavour,
    names::Names,
    old,
    version::READS_A_FILE,
};
use crate::{
    cert::ServingCert,
    distro::{Role, Served, Want, serving},
    edit::EditError,
    report::{Code, Finding},
    san::{San, SanSet},
};

/// Everything that does not depend on the names that are wanted.
pub(super) fn of_node(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    if facts.role() == Role::Worker {
        return vec![worker(facts)];
    }
    let ground = &facts.ground;
    let single = [
        ground.locked(),
        ground.clock_off(now),
        service(facts),
        rivals(facts),
        launch(facts),
        configuration(facts),
        version(facts),
    ];
    single.into_iter().flatten().chain(ground.narrow()).collect()
}

/// What depends on what is served.
pub(super) fn of_served(facts: &Facts, want: &SanSet, served: &Served<'_>, now: Timestamp) -> Vec<Finding> {
    let (leaf, shared) = (&served.presented.leaf, &served.shared().leaf);
    let single = [
        too_old(facts),
        other_authority(facts, shared),
        other_file(facts, leaf),
        unnamed(facts, want, served),
        wildcards(facts, want, shared),
        serving::not_yet_valid(&facts.node, leaf, now),
    ];
    single.into_iter().flatten().collect()
}

pub(super) fn worker(facts: &Facts) -> Finding {
    finding(
        facts,
        Code::NodeIsWorker,
        "it is an agent: it runs no API server and has no certificate of one",
        "leave it out of the inventory or of `--node`; it reaches the servers through a proxy on 127.0.0.1 and \
         needs no new name",
    )
}

/// What K3s does by itself or not at all.
pub(super) fn unsupported(facts: &Facts, want: &Want) -> Finding {
    let unit = &facts.found.unit;
    let &Flavour { name, title, rotation, .. } = facts.flavour();
    match want {
        Want::Renew | Want::Add(_) => finding(
            facts,
            Code::ChangeUnsupported,
            format!(
                "{title} renews its certificates by itself when it starts and fewer than 120 days are left, 90 in older versions"
            ),
            format!(
                "`sudo systemctl restart {unit}`, one server after the other; before that time `sudo {name} certificate rotate` \
                 on a stopped server ({rotation})"
            ),
        ),
        Want::Remove(names) if facts.apart.is_some() => apart::lasting(facts, names),
        Want::Remove(names) => finding(
            facts,
            Code::ChangeUnsupported,
            format!(
                "{title} takes no name out of its certificate: what is deleted comes back from any server that runs"
            ),
            format!(
                "leave it, or make the cluster anew with a configuration that does not name {names} (`tls-san` on every server)"
            ),
        ),
    }
}

pub(super) fn unreadable(facts: &Facts, unreadable: &Unreadable) -> Finding {
    finding(
        facts,
        Code::ConfigurationUnreadable,
        format!("{} cannot be read: {}", unreadable.file, unreadable.source),
        format!(
            "correct the file, then run this again; as it stands, {} may not start with it either",
            facts.title()
        ),
    )
}

pub(super) fn uneditable(facts: &Facts, error: &EditError) -> Finding {
    if old::reads_one_file(facts) {
        let message = format!("no name can be added to {}: {error}", facts.base());
        let remedy = "let its `tls-san` be a list with an entry for each name, then run this again";
        return finding(facts, Code::ConfigurationUnreadable, message, remedy);
    }
    let message = format!("no name can be added to {}: {error}", facts.drop_ins().display());
    let remedy = "give its files shorter names, then run this again";
    finding(facts, Code::ConfigurationUnreadable, message, remedy)
}

fn service(facts: &Facts) -> Option<Finding> {
    let unit = &facts.found.unit;
    let &Flavour { name, title, stopped, .. } = facts.flavour();
    if facts.found.is_active() {
        return None;
    }
    if facts.found.has_init_script {
        return Some(finding(
            facts,
            Code::NoSystemd,
            format!("OpenRC starts its {title}, and cpctl knows systemd alone"),
            format!(
                "add the name below `tls-san:` in {}, then `sudo rc-service {name} restart`, one server after the other",
                facts.base()
            ),
        ));
    }
    Some(finding(
        facts,
        Code::ServiceStopped,
        format!("{unit} is not running, so nobody serves a new certificate"),
        format!("`sudo systemctl start {unit}`{stopped}"),
    ))
}

fn rivals(facts: &Facts) -> Option<Finding> {
    let rivals = &facts.found.rivals;
    (!rivals.is_empty()).then(|| {
        finding(
            facts,
            Code::LaunchUnclear,
            format!(
                "several servers of {} run here: {}, {}",
                facts.title(),
                facts.found.unit,
                rivals.join(", ")
            ),
            "stop those that are none of the cluster's, then run this again",
        )
    })
}

fn launch(facts: &Facts) -> Option<Finding> {
    let unit = &facts.found.unit;
    let &Flavour { name, title, .. } = facts.flavour();
    (facts.found.is_active() && !facts.is_plain()).then(|| {
        finding(
            facts,
            Code::LaunchUnclear,
            format!(
                "{unit} does not start `{name} server` itself, so nobody can tell with which flags it runs"
            ),
            format!("let its `ExecStart=` name {title} and its flags: `sudo systemctl edit --full {unit}`"),
        )
    })
}

fn configuration(facts: &Facts) -> Option<Finding> {
    let base = facts.base();
    if facts.is_remote() {
        // What stands before the host may be a password.
        let base = base.rsplit_once('@').map_or(base, |(_, host)| host);
        return Some(finding(
            facts,
            Code::ConfigurationElsewhere,
            format!("its configuration comes from {base}, which cannot be changed from here"),
            format!("add the name to `tls-san` there, then `sudo systemctl restart {}`", facts.found.unit),
        ));
    }
    if base.starts_with("/nix/store/") {
        return Some(finding(
            facts,
            Code::ConfigurationElsewhere,
            format!("its configuration is {base}, which NixOS builds and nobody can write"),
            format!(
                "add `--tls-san=NAME` to `services.{}.extraFlags`, then `sudo nixos-rebuild switch`",
                facts.flavour().name
            ),
        ));
    }
    Names::read(facts).err().map(|error| unreadable(facts, &error))
}

fn version(facts: &Facts) -> Option<Finding> {
    let &Flavour { name, title, version, .. } = facts.flavour();
    (facts.found.is_active() && facts.version.is_none()).then(|| {
        finding(
            facts,
            Code::VersionUnknown,
            format!("its {title} does not tell its version, and without it nobody knows what a restart does"),
            format!("`{name} --version` on the node has to tell one, such as `{version}`"),
        )
    })
}

fn too_old(facts: &Facts) -> Option<Finding> {
    if facts.apart.is_some() {
        return apart::too_old(facts);
    }
    let version = facts.version.filter(|version| *version < READS_A_FILE)?;
    let (data, unit) = (facts.data().display(), &facts.found.unit);
    Some(finding(
        facts,
        Code::K3sTooOld,
        format!(
            "K3s {version} reads no configuration: its names stand in the flags of {unit}, which cpctl leaves alone"
        ),
        format!(
            "upgrade to {READS_A_FILE} or later, or by hand: add `--tls-san=NAME` with `sudo systemctl edit --full {unit}`, \
             then `sudo k3s kubectl -n kube-system delete secret k3s-serving`, \
             `sudo mv {data}/server/tls/dynamic-cert.json /root/`, `sudo systemctl restart {unit}`"
        ),
    ))
}

/// A certificate of the operator's own, which K3s never changes (`listener.cattle.io/static`), or another server's.
fn other_authority(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let &Flavour { title, kubectl, secret, .. } = facts.flavour();
    (!facts.signed(leaf)).then(|| {
        finding(
            facts,
            Code::CertificateElsewhere,
            format!(
                "{}/server/tls/server-ca.crt did not sign the certificate that is served, so {title} does not change it",
                facts.data().display()
            ),
            format!(
                "`sudo {kubectl} -n kube-system get secret {secret} -o yaml` tells whether it is static \
                 (`listener.cattle.io/static`): then add the name where that certificate comes from; otherwise correct \
                 `api:` in the inventory"
            ),
        )
    })
}

/// While it starts, K3s takes every name that it is asked for into its certificate, for ever.
fn unnamed(facts: &Facts, want: &SanSet, served: &Served<'_>) -> Option<Finding> {
    let host = &served.endpoint.host;
    let is_named = served.shared().leaf.sans.covers(host) || want.covers(host);
    (!is_named).then(|| {
        finding(
            facts,
            Code::EndpointUnnamed,
            format!(
                "it would be dialled as {host}, which its certificate does not name: while it restarts, {} takes \
                 every name that it is asked for into the certificate, for ever",
                facts.title()
            ),
            format!("let `api:` in the inventory be one of its own addresses, or add {host} as well"),
        )
    })
}

fn wildcards(facts: &Facts, want: &SanSet, leaf: &ServingCert) -> Option<Finding> {
    let version = facts.version.filter(|version| version.drops_wildcards())?;
    let unserved = want.missing_from(&leaf.sans);
    let wildcard =
        unserved.iter().find(|san| matches!(san, San::Dns(name) if name.as_str().starts_with("*.")))?;
    Some(finding(
        facts,
        Code::WildcardDropped,
        format!(
            "{} {version} silently leaves {wildcard} out of its certificate, as it does with every wildcard",
            facts.title()
        ),
        "add the names that clients use one by one, or upgrade to 1.36.3 or later",
    ))
}

pub(super) fn finding(
    facts: &Facts,
    code: Code,
    message: impl Into<String>,
    remedy: impl Into<String>,
) -> Finding {
    Finding::new(code, &facts.node, message).remedy(remedy)
}
