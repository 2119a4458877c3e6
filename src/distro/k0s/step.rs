//! The step that makes a controller of k0s name and serve what is wanted.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    config::{Config, SANS},
    facts::Facts,
};
use crate::{
    cert::ServingCert,
    distro::{Served, Want, serving},
    edit::{
        Edit, EditError,
        yaml::{ListEdit, Reading},
    },
    plan::{Change, Proof, Settle, Step},
    san::SanSet,
};

/// What makes a file of k0s, without the names: all else stays at its default.
const HEAD: &str = "apiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\nmetadata:\n  name: k0s\n";
const MODE: u32 = 0o600;

const READY_WITHIN: Duration = Duration::from_secs(180);
const PROVEN_WITHIN: Duration = Duration::from_secs(60);

/// Fresh connections in a row.
const CONNECTIONS: u32 = 5;

/// The step to what is wanted, or nothing where it is so already.
pub(super) fn plan(
    facts: &Facts,
    config: &Config<'_>,
    want: &Want,
    served: &Served<'_>,
    now: Timestamp,
) -> Result<Option<Step>, EditError> {
    let leaf = &served.presented.leaf;
    let unlisted = want.adds().missing_from(&config.names());
    let is_met = want.is_met_by(&leaf.sans);
    if unlisted.is_empty() && is_met {
        return Ok(None);
    }
    let endpoint = served.endpoint.clone();
    let settle = vec![
        Settle::Restart { unit: facts.found.unit.clone() },
        Settle::AwaitReady { endpoint: endpoint.clone(), within: READY_WITHIN },
    ];
    Ok(Some(Step {
        node: facts.node.clone(),
        why: why(want, leaf, &unlisted, now),
        holds: vec![],
        changes: if unlisted.is_empty() { vec![] } else { vec![change(facts, &unlisted)?] },
        settle: if is_met { vec![] } else { settle },
        proofs: vec![Proof {
            covers: want.names_after(&leaf.sans),
            outlasts: (*want == Want::Renew).then_some(leaf.not_after),
            not_serial: (!is_met).then(|| leaf.serial.clone()),
            issuer: Some(leaf.issuer.clone()),
            connections: CONNECTIONS,
            within: PROVEN_WITHIN,
            ..Proof::at(endpoint)
        }],
        notes: notes(is_met),
    }))
}

/// Names that are served and that the next certificate would lack, because nothing asks for them.
pub(super) fn lost(facts: &Facts, config: &Config<'_>, served: &SanSet) -> SanSet {
    let names = config.names();
    served.iter().filter(|san| !names.covers(san) && !facts.is_own(san, config)).cloned().collect()
}

fn change(facts: &Facts, names: &SanSet) -> Result<Change, EditError> {
    let entries: Vec<_> = names.iter().map(ToString::to_string).collect();
    let path = facts.places.config.clone();
    let edit = |text| ListEdit::adding(text, &SANS, &entries, Reading::List).map(Edit::AddToList);
    match facts.text() {
        Some(text) => Ok(Change::Edit { path, edit: edit(text)? }),
        None => Ok(Change::Create { path, text: edit(HEAD)?.make(HEAD)?, mode: MODE, judge: None }),
    }
}

fn why(want: &Want, leaf: &ServingCert, unlisted: &SanSet, now: Timestamp) -> String {
    let unserved = want.adds().missing_from(&leaf.sans);
    match (want, unserved.is_empty(), unlisted.is_empty()) {
        (Want::Renew, ..) => serving::term(leaf, now),
        (_, true, _) => format!("{unlisted} is served, but its configuration does not name it"),
        (_, _, true) => {
            format!("{unserved} stands in its configuration, but its certificate does not name it")
        }
        _ => format!("the certificate does not name {unserved}"),
    }
}

/// What a restart costs clients is told where it is known whether a balancer keeps them away meanwhile.
fn notes(is_met: bool) -> Vec<String> {
    if is_met {
        return vec!["nothing is restarted: k0s reads the file when it starts next".into()];
    }
    vec![
        "restarting k0s stops this controller's API server and its store for 10 to 60 s; pods keep running".into(),
        "k0s signs all its certificates anew whenever it starts, each with a new key and by the same CA; undo restarts it \
         once more"
            .into(),
    ]
}
