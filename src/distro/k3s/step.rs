//! The step that makes a server of K3s name and serve further names.

use std::{path::PathBuf, time::Duration};

use super::{
    config::{DROP_IN, Source, drop_in_after, in_order},
    facts::Facts,
    names::Names,
    old,
};
use crate::{
    cert::ServingCert,
    distro::Served,
    edit::{
        Edit, EditError,
        yaml::{ListEdit, Reading},
    },
    endpoint::Endpoint,
    plan::{Change, Listener, Proof, Settle, Step},
    san::SanSet,
};

/// A plain key would wipe what other files list, this one adds to it.
const KEY: &str = "tls-san+";
const HEAD: &str = "# Names that cpctl added to those of the other files.\n";
const MODE: u32 = 0o600;

/// After a restart the old certificate is served for 3 to 7 s.
const PROVEN_WITHIN: Duration = Duration::from_secs(90);

/// Fresh connections in a row: servers that merge one certificate were known to alternate.
const CONNECTIONS: u32 = 20;

/// The step to `want`, or nothing where all of it is served and configured.
pub(super) fn plan(
    facts: &Facts,
    names: &Names<'_>,
    want: &SanSet,
    served: &Served<'_>,
) -> Result<Option<Step>, EditError> {
    let leaf = &served.presented.leaf;
    let configured = names.configured();
    let unserved = want.missing_from(&leaf.sans).union(&want.missing_from(&served.shared().leaf.sans));
    let unnamed = want.missing_from(&configured);
    if unnamed.is_empty() && unserved.is_empty() {
        return Ok(None);
    }
    // A start signs anew for a name of the configuration too that this run does not ask for, and when the end is near.
    let kept = facts.lost(&configured, leaf);
    let unlisted = unnamed.union(&kept);
    let is_signed_anew = !unserved.is_empty() && !want.union(&configured).missing_from(&leaf.sans).is_empty();
    let replaced = is_signed_anew.then(|| leaf.serial.clone());
    let change = if unlisted.is_empty() { None } else { Some(change(facts, names, &unlisted)?) };
    let is_forgotten = !unserved.is_empty() && old::keeps_names(facts);
    let endpoint = served.endpoint.clone();
    let settle = vec![
        Settle::Restart { unit: facts.found.unit.clone() },
        Settle::AwaitReady { endpoint: endpoint.clone(), within: facts.flavour().ready_within },
    ];
    Ok(Some(Step {
        node: facts.node.clone(),
        why: why(&unserved, &unnamed),
        holds: vec![],
        notes: notes(facts, &unserved, &unnamed, &kept),
        changes: change.into_iter().chain(is_forgotten.then(|| old::forgetting(facts, leaf))).collect(),
        settle: if unserved.is_empty() { vec![] } else { settle },
        proofs: proofs(facts, want, served, replaced),
    }))
}

/// One proof for each port. Of a certificate that servers share no serial number is asked to be gone: another server may
/// have made the one that is served by then.
fn proofs(facts: &Facts, want: &SanSet, served: &Served<'_>, replaced: Option<String>) -> Vec<Proof> {
    let leaf = &served.presented.leaf;
    let of_api = proof(served.endpoint.clone(), leaf, want);
    let Some(port) = facts.flavour().supervisor else { return vec![of_api] };
    let of_api = Proof { not_serial: replaced, ..of_api };
    let joining = Endpoint::new(served.endpoint.host.clone(), port);
    let shared = proof(joining, &served.shared().leaf, want);
    vec![of_api, Proof { listener: Listener::Supervisor, ..shared }]
}

fn proof(endpoint: Endpoint, leaf: &ServingCert, want: &SanSet) -> Proof {
    Proof {
        covers: leaf.sans.union(want),
        issuer: Some(leaf.issuer.clone()),
        connections: CONNECTIONS,
        within: PROVEN_WITHIN,
        ..Proof::at(endpoint)
    }
}

/// The names in our own drop-in, where they count there; else in a new one that is read last.
fn change(facts: &Facts, names: &Names<'_>, unlisted: &SanSet) -> Result<Change, EditError> {
    if old::reads_one_file(facts) {
        return old::in_the_file(facts, names, unlisted);
    }
    let entries: Vec<_> = unlisted.iter().map(ToString::to_string).collect();
    if let Some(change) = in_ours(facts, names, unlisted, &entries) {
        return Ok(change);
    }
    let text = made(HEAD, &entries)?.1;
    let name = drop_in_after(facts.names().iter().map(String::as_str)).ok_or_else(|| {
        EditError::Unsupported("no name for a drop-in sorts after those that are there".into())
    })?;
    let path = facts.drop_ins().join(name);
    let last = Source { file: "", text: &text };
    let sources = [names.sources.as_slice(), &[last]].concat();
    match names.over(sources).is_some_and(|names| names.is_superset(unlisted)) {
        true => Ok(Change::Create { path, text, mode: MODE, judge: None }),
        false => Err(EditError::Unsupported(format!("{} would not count", path.display()))),
    }
}

/// An entry in a drop-in of ours; `None` where there is none or where a later file wipes it.
fn in_ours(facts: &Facts, names: &Names<'_>, unlisted: &SanSet, entries: &[String]) -> Option<Change> {
    let order = in_order(facts.names().iter().map(String::as_str));
    let path = order.into_iter().rev().find(|name| is_ours(name)).map(|name| facts.drop_ins().join(name))?;
    let at = names.sources.iter().position(|source| path.as_os_str() == source.file)?;
    let (edit, text) = made(names.sources[at].text, entries).ok()?;
    let mut sources = names.sources.clone();
    sources[at].text = &text;
    names.over(sources)?.is_superset(unlisted).then_some(Change::Edit { path, edit })
}

pub(super) fn is_ours(name: &str) -> bool {
    name == DROP_IN || name.ends_with("_cpctl.yaml")
}

fn made(text: &str, entries: &[String]) -> Result<(Edit, String), EditError> {
    let edit = Edit::AddToList(ListEdit::adding(text, &[KEY], entries, Reading::Flag)?);
    let after = edit.make(text)?;
    Ok((edit, after))
}

/// Our own drop-ins: no other file's text may come into a diff, because it may hold a token.
pub(super) fn seen(facts: &Facts) -> Vec<(PathBuf, String)> {
    let is_ours = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(is_ours);
    let ours = facts.files.iter().filter(|(path, _)| is_ours(path));
    ours.filter_map(|(path, text)| Some((path.clone(), text.clone()?))).collect()
}

fn why(unserved: &SanSet, unlisted: &SanSet) -> String {
    match (unserved.is_empty(), unlisted.is_empty()) {
        (true, _) => format!(
            "{unlisted} is served, but this server's configuration does not name it: it lasts while another server's does"
        ),
        (_, true) => format!("{unserved} stands in its configuration, but its certificate does not name it"),
        _ => format!("the certificate does not name {unserved}"),
    }
}

fn notes(facts: &Facts, unserved: &SanSet, unlisted: &SanSet, kept: &SanSet) -> Vec<String> {
    let (title, unit, flavour) = (facts.title(), &facts.found.unit, facts.flavour());
    let listed = (!kept.is_empty()).then(|| {
        format!(
            "{kept} is served and stands in no file: it is listed too, because a certificate that {title} signs anew \
             names nothing else"
        )
    });
    if unserved.is_empty() {
        let later = format!("nothing is restarted: {title} reads the file when it starts next");
        return [later].into_iter().chain(listed).collect();
    }
    let mut notes = vec![flavour.cost.replace("{unit}", unit), flavour.delay.to_owned()];
    notes.extend(listed);
    if old::keeps_names(facts) {
        notes.push(old::note(facts));
    } else if !unlisted.is_empty() {
        notes.push(format!(
            "undo takes the names out of the configuration and restarts again; the certificate keeps {unserved}, \
             because {title} removes no name"
        ));
    }
    notes
}
