//! The step that makes a controller of k0s name and serve further names.

use std::{net::IpAddr, time::Duration};

use super::{
    config::{Config, SANS},
    facts::Facts,
};
use crate::{
    distro::Served,
    edit::{
        Edit, EditError,
        yaml::{ListEdit, Reading},
    },
    plan::{Change, Proof, Settle, Step},
    san::{San, SanSet},
};

/// What makes a file of k0s, without the names: all else stays at its default.
const HEAD: &str = "apiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\nmetadata:\n  name: k0s\n";
const MODE: u32 = 0o600;

const READY_WITHIN: Duration = Duration::from_secs(180);
const PROVEN_WITHIN: Duration = Duration::from_secs(60);

/// Fresh connections in a row.
const CONNECTIONS: u32 = 5;

/// The step to `want`, or nothing where all of it is served and configured.
pub(super) fn plan(
    facts: &Facts,
    config: &Config<'_>,
    want: &SanSet,
    served: &Served<'_>,
) -> Result<Option<Step>, EditError> {
    let leaf = &served.presented.leaf;
    let unlisted = want.missing_from(&config.names());
    let unserved = want.missing_from(&leaf.sans);
    if unlisted.is_empty() && unserved.is_empty() {
        return Ok(None);
    }
    let lost = if unserved.is_empty() { SanSet::default() } else { lost(facts, config, &leaf.sans) };
    let listed = unlisted.union(&lost);
    let endpoint = served.endpoint.clone();
    let settle = vec![
        Settle::Restart { unit: facts.found.unit.clone() },
        Settle::AwaitReady { endpoint: endpoint.clone(), within: READY_WITHIN },
    ];
    Ok(Some(Step {
        node: facts.node.clone(),
        why: why(&unserved, &unlisted),
        holds: vec![],
        changes: if listed.is_empty() { vec![] } else { vec![change(facts, &listed)?] },
        settle: if unserved.is_empty() { vec![] } else { settle },
        proof: Some(Proof {
            endpoint,
            covers: leaf.sans.union(want),
            not_serial: (!unserved.is_empty()).then(|| leaf.serial.clone()),
            issuer: Some(leaf.issuer.clone()),
            connections: CONNECTIONS,
            within: PROVEN_WITHIN,
        }),
        notes: notes(facts, &unserved, &lost),
    }))
}

/// Names that are served now, and that k0s would not bring into the next certificate by itself.
fn lost(facts: &Facts, config: &Config<'_>, served: &SanSet) -> SanSet {
    let (names, service) = (config.names(), config.service());
    let is_own = |san: &San| match san {
        San::Dns(name) => {
            ["kubernetes", "localhost"].contains(&name.as_str().split('.').next().unwrap_or(""))
        }
        San::Ip(address) => {
            address.is_loopback()
                || service.as_ref() == Some(san)
                || facts.addresses.iter().any(|own| own.parse::<IpAddr>() == Ok(*address))
        }
    };
    served.iter().filter(|san| !names.covers(san) && !is_own(san)).cloned().collect()
}

fn change(facts: &Facts, names: &SanSet) -> Result<Change, EditError> {
    let entries: Vec<_> = names.iter().map(ToString::to_string).collect();
    let path = facts.places.config.clone();
    let edit = |text| ListEdit::adding(text, &SANS, &entries, Reading::List).map(Edit::AddToList);
    match facts.text() {
        Some(text) => Ok(Change::Edit { path, edit: edit(text)? }),
        None => Ok(Change::Create { path, text: edit(HEAD)?.make(HEAD)?, mode: MODE }),
    }
}

fn why(unserved: &SanSet, unlisted: &SanSet) -> String {
    match (unserved.is_empty(), unlisted.is_empty()) {
        (true, _) => format!("{unlisted} is served, but its configuration does not name it"),
        (_, true) => format!("{unserved} stands in its configuration, but its certificate does not name it"),
        _ => format!("the certificate does not name {unserved}"),
    }
}

fn notes(facts: &Facts, unserved: &SanSet, lost: &SanSet) -> Vec<String> {
    if unserved.is_empty() {
        return vec!["nothing is restarted: k0s reads the file when it starts next".into()];
    }
    let mut notes = vec![
        format!(
            "restarting {} stops this controller's API server and its store for 10 to 60 s; pods keep running, and \
             nothing is drained",
            facts.found.unit
        ),
        "k0s signs all its certificates anew whenever it starts, each with a new key and by the same CA"
            .into(),
    ];
    if !lost.is_empty() {
        notes.push(format!(
            "what is served and not configured is written down too, or the restart would lose it: {lost}"
        ));
    }
    notes
}
