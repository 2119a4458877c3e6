//! What stands in the way of a change on a controller of k0s, and what an operator should know, each with the next
//! thing to do.

use jiff::Timestamp;

use super::{facts::Facts, step};
use crate::{
    cert::ServingCert,
    distro::{
        Role, Want,
        serving::{self, Key},
    },
    edit::EditError,
    report::{Code, Finding},
    san::{San, SanSet},
};

/// What k0sctl writes above a configuration that it makes.
const BY_K0SCTL: &str = "generated-by-k0sctl";

/// Everything that does not depend on the names that are wanted.
pub(super) fn of_node(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    if facts.role() == Role::Worker {
        return vec![worker(facts)];
    }
    let ground = &facts.ground;
    let single = [ground.locked(), ground.clock_off(now), service(facts), launch(facts), unreadable(facts)];
    let useless = facts.config().map(|config| useless(facts, config.useless())).unwrap_or_default();
    single.into_iter().flatten().chain(ground.narrow()).chain(useless).collect()
}

/// What depends on what is served.
pub(super) fn of_served(facts: &Facts, want: &Want, leaf: &ServingCert, now: Timestamp) -> Vec<Finding> {
    let single = [
        wildcard(facts, want.adds()),
        at_risk(facts, want, leaf),
        other_authority(facts, leaf),
        authority_key(facts),
        serving::not_yet_valid(&facts.node, leaf, now),
    ];
    single.into_iter().flatten().collect()
}

/// Written down together with others they would go again with them: undo takes out what its run put in.
fn at_risk(facts: &Facts, want: &Want, leaf: &ServingCert) -> Option<Finding> {
    let config = facts.config().ok()?;
    let is_restarted = !want.is_met_by(&leaf.sans);
    let lost = step::lost(facts, &config, &leaf.sans);
    (is_restarted && !lost.is_empty()).then(|| {
        let words: Vec<_> = lost.iter().map(ToString::to_string).collect();
        finding(
            facts,
            Code::NameAtRisk,
            format!(
                "k0s signs anew when it starts, and would leave out what is served now and stands in no configuration: \
                 {lost}"
            ),
            format!(
                "`cpctl certs add-san {} --limit {}` writes that down first, without a restart",
                words.join(" "),
                facts.node
            ),
        )
    })
}

/// What is told before a controller is changed, where nothing of it stands in the way.
pub(super) fn cautions(facts: &Facts) -> Vec<Finding> {
    let is_k0sctls = facts.text().is_some_and(|text| text.contains(BY_K0SCTL));
    let told = is_k0sctls.then(|| {
        finding(
            facts,
            Code::ConfigurationManaged,
            format!(
                "k0sctl made {}, and writes it anew with each `k0sctl apply`",
                facts.places.config.display()
            ),
            "add the name below `spec.k0s.config.spec.api.sans` of k0sctl.yaml as well",
        )
    });
    told.into_iter().collect()
}

pub(super) fn worker(facts: &Facts) -> Finding {
    finding(
        facts,
        Code::NodeIsWorker,
        "it is a worker: it runs no API server and has no certificate of one",
        "leave it out of the inventory or of `--node`",
    )
}

/// Undo could not put entries of a list back where they stood.
pub(super) fn not_removed(facts: &Facts, names: &SanSet) -> Finding {
    finding(
        facts,
        Code::ChangeUnsupported,
        "cpctl takes no name out of a configuration of k0s",
        format!(
            "take {names} out of `spec.api.sans` in {} if it stands there, then `sudo systemctl restart {}`, one controller after the other",
            facts.places.config.display(),
            facts.found.unit
        ),
    )
}

pub(super) fn uneditable(facts: &Facts, error: &EditError) -> Finding {
    let config = facts.places.config.display();
    let message = format!("no name can be added to {config}: {error}");
    finding(
        facts,
        Code::ConfigurationUnreadable,
        message,
        "write `spec.api.sans` as a list, then run this again",
    )
}

fn service(facts: &Facts) -> Option<Finding> {
    let (unit, config) = (&facts.found.unit, facts.places.config.display());
    if facts.found.is_active {
        return None;
    }
    if facts.found.has_init_script {
        return Some(finding(
            facts,
            Code::NoSystemd,
            "OpenRC starts its k0s, and cpctl knows systemd alone",
            format!(
                "add the name below `spec.api.sans` in {config}, then `sudo rc-service {unit} restart`, one controller \
                 after the other"
            ),
        ));
    }
    Some(finding(
        facts,
        Code::ServiceStopped,
        format!("{unit} is not running, so nobody serves a new certificate"),
        format!("`sudo systemctl start {unit}`"),
    ))
}

fn launch(facts: &Facts) -> Option<Finding> {
    let unit = &facts.found.unit;
    (facts.found.is_active && !facts.is_plain()).then(|| {
        finding(
            facts,
            Code::LaunchUnclear,
            format!("{unit} does not start `k0s controller` with a file, so nobody can tell what it reads"),
            format!("let its `ExecStart=` name k0s and `--config=FILE`: `sudo systemctl edit --full {unit}`"),
        )
    })
}

fn unreadable(facts: &Facts) -> Option<Finding> {
    let error = facts.config().err()?;
    Some(finding(
        facts,
        Code::ConfigurationUnreadable,
        format!("{} cannot be read: {error}", facts.places.config.display()),
        "correct the file, then run this again; as it stands, k0s may not start with it either",
    ))
}

/// k0s does not start with them, and a restart would find that out.
fn useless<'a>(facts: &Facts, values: impl Iterator<Item = &'a str>) -> Vec<Finding> {
    let told = |value: &str| {
        let message = format!(
            "`{value}` in its `spec.api.sans` is neither a DNS name nor an address: k0s does not start with it"
        );
        finding(facts, Code::ConfigurationUnreadable, message, "take it out, then run this again")
            .about(value)
    };
    values.map(told).collect()
}

fn wildcard(facts: &Facts, want: &SanSet) -> Option<Finding> {
    let wildcard =
        want.iter().find(|san| matches!(san, San::Dns(name) if name.as_str().starts_with("*.")))?;
    Some(finding(
        facts,
        Code::WildcardRefused,
        format!("k0s does not start with {wildcard} in `spec.api.sans`, as with every wildcard"),
        "add the names that clients use one by one",
    ))
}

fn other_authority(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let (all, authority) = (&facts.authorities, facts.places.authority());
    let is_signed = all.is_empty() || all.iter().any(|ca| serving::is_signed_by(leaf, ca));
    (!is_signed).then(|| {
        finding(
            facts,
            Code::CertificateElsewhere,
            format!("{} did not sign the certificate that is served", authority.display()),
            "correct `api:` in the inventory, or tell the balancer to pass TLS through",
        )
    })
}

/// Without it k0s starts with the certificates that it has.
fn authority_key(facts: &Facts) -> Option<Finding> {
    let key = facts.places.data.join("pki/ca.key");
    (facts.authority_key == Key::Missing).then(|| {
        finding(
            facts,
            Code::CaKeyMissing,
            format!("{} is not there, and without it k0s signs nothing anew", key.display()),
            "bring the key of the cluster's CA there, for root alone, or sign `pki/server.crt` where it is",
        )
    })
}

fn finding(facts: &Facts, code: Code, message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::new(code, &facts.node, message).remedy(remedy)
}
