//! The step that makes a node of kubeadm's serve what is wanted: its certificate signed anew, its files edited.

use std::time::Duration;

use super::{configuration, facts::Facts};
use crate::{
    distro::{Given, Served, Want, byhand},
    edit::Edit,
    node::Command,
    plan::{Change, Restart, Settle, Step},
    report::Finding,
    san::SanSet,
};

/// How long the kubelet may take to start a container again that ended: longer each time.
const RESTARTS_WITHIN: Duration = Duration::from_secs(180);

/// The edits of the configuration files that lack a name; what cannot be edited is told as a caution.
pub(super) fn edits(facts: &Facts, want: &SanSet) -> Vec<Change> {
    let files = facts.configurations.iter().filter(|(_, text)| configuration::is_one(text));
    let edit = |text: &str| configuration::edit(text, want).ok().flatten();
    files.filter_map(|(path, text)| Some(Change::Edit { path: path.clone(), edit: edit(text)? })).collect()
}

/// The step for a certificate that is to be another one.
pub(super) fn plan(
    facts: &Facts,
    want: &Want,
    served: &Served<'_>,
    given: &Given<'_>,
    edits: Vec<Change>,
) -> Result<Step, Finding> {
    let mut step = byhand::step::plan(&facts.server, want, served, given)?;
    step.changes.extend(edits);
    let restart = restart(facts);
    if restart.is_some() {
        step.notes.push(
            "if the API server does not follow its file, its process is ended and the kubelet starts it again: some \
             seconds without this node's API; no other pod is touched"
                .into(),
        );
    }
    for settle in &mut step.settle {
        if let Settle::ServesFile { otherwise, .. } = settle {
            otherwise.clone_from(&restart);
        }
    }
    Ok(step)
}

/// The step for names that are served and not written down.
pub(super) fn written_down(facts: &Facts, want: &SanSet, edits: Vec<Change>) -> Step {
    let lacking = edits.iter().filter_map(Change::edit).filter_map(|(_, edit)| match edit {
        Edit::AddToList(list) => Some(list.to_string()),
        _ => None,
    });
    let lacking = lacking.max_by_key(String::len).unwrap_or_else(|| want.to_string());
    Step {
        node: facts.node.clone(),
        why: format!("its configuration does not list {lacking}"),
        holds: vec![],
        changes: edits,
        settle: vec![],
        proofs: vec![],
        notes: vec![],
    }
}

/// The end of the one process that the manifest is of: a pod of another cluster's API server has another address.
///
/// Nothing can be left half-done by it, where a manifest moved away would leave the node without an API server if
/// nobody moved it back.
fn restart(facts: &Facts) -> Option<Restart> {
    let address = facts.server.server.as_ref()?.arguments.value("advertise-address")?;
    let own =
        format!("^([^ ]*/)?{} .*--advertise-address[= ]{}( |$)", byhand::SERVER, address.replace('.', "\\."));
    let end = Command::new("pkill").arg("-TERM").arg("-f").arg(own);
    Some(Restart { unit: byhand::SERVER.into(), within: RESTARTS_WITHIN, command: Some(end) })
}
