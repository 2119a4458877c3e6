//! What stands in the way of a change on a server of K3s or RKE2, each with the next thing to do.

use jiff::Timestamp;

use super::{apart, config::Unreadable, facts::Facts, flavour::Flavour, names::Names, old};
use crate::{
    distro::{Role, Want},
    edit::EditError,
    report::{Code, Finding},
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

pub(super) fn worker(facts: &Facts) -> Finding {
    finding(
        facts,
        Code::NodeIsWorker,
        "it is an agent: it runs no API server and has no certificate of one",
        "leave it out of the inventory or of `--node`; it reaches the servers through a proxy on 127.0.0.1 and \
         needs no new name; `cpctl endpoint move` leads it elsewhere",
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
    .about(unreadable.file.to_string())
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

pub(super) fn finding(
    facts: &Facts,
    code: Code,
    message: impl Into<String>,
    remedy: impl Into<String>,
) -> Finding {
    Finding::new(code, &facts.node, message).remedy(remedy)
}
