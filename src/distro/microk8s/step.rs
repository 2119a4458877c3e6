//! The step that makes a MicroK8s node serve further names: no restart, no lost request, no killed pod.

use std::{path::PathBuf, time::Duration};

use super::{
    facts::{CERTS, FUNCTIONS, Facts, KICKER, KUBELITE},
    template::{Template, unreadable},
};
use crate::{
    cert::ServingCert,
    distro::{
        Want,
        serving::{self, Signing},
    },
    edit::{Edit, EditError, openssl::Names},
    endpoint::Endpoint,
    node::{Command, UnitSeen},
    plan::{Change, Hold, Step},
    report::Finding,
    san::SanSet,
};

/// The kicker sleeps for 5 s of each of its rounds.
const IDLE_WITHIN: Duration = Duration::from_secs(60);

/// The step to `want`, or nothing where all of it is served and written down.
pub(super) fn plan(
    facts: &Facts,
    template: &Template<'_>,
    want: &Want,
    leaf: &ServingCert,
    endpoint: Endpoint,
) -> Result<Option<Step>, Finding> {
    let adds = want.adds();
    let unlisted = adds.missing_from(&template.listed);
    let unserved = adds.missing_from(&leaf.sans);
    if unlisted.is_empty() && unserved.is_empty() {
        return Ok(None);
    }
    let on_disk = facts.certificate.as_ref().is_some_and(|cert| cert.sans.is_superset(adds));
    let signing = if unserved.is_empty() && on_disk { Signing::NotNeeded } else { Signing::Anew };
    let wrong = |error: EditError| unreadable(facts, &error.to_string());
    let (edit, kept) = edit(template, adds, leaf, signing).map_err(wrong)?;
    let changes = changes(facts, edit, signing);
    Ok(Some(Step {
        node: facts.node.clone(),
        why: why(&unserved, &unlisted),
        holds: hold(facts).into_iter().collect(),
        changes,
        settle: serving::settle(&endpoint, file("server.crt"), Some(KUBELITE)),
        proof: Some(serving::proof(endpoint, leaf, want, signing)),
        notes: notes(&kept, signing),
    }))
}

/// The entries that the template needs, and which of them are served names that a new certificate would have lost.
fn edit(
    template: &Template<'_>,
    want: &SanSet,
    leaf: &ServingCert,
    signing: Signing,
) -> Result<(Names, SanSet), EditError> {
    let unlisted = want.missing_from(&template.listed);
    let first = Names::keyed(&unlisted, template.text)?;
    if signing == Signing::NotNeeded {
        return Ok((first, SanSet::default()));
    }
    let lost = leaf.sans.missing_from(&template.names_after(&Edit::AddNames(first))?);
    let names = Names::keyed(&unlisted.union(&lost), template.text)?;
    let after = template.names_after(&Edit::AddNames(names.clone()))?;
    let hidden = leaf.sans.union(want).missing_from(&after);
    if hidden.is_empty() {
        Ok((names, lost))
    } else {
        Err(EditError::Unsupported(format!("it hides {hidden}")))
    }
}

fn changes(facts: &Facts, names: Names, signing: Signing) -> Vec<Change> {
    let mut changes = vec![];
    if !names.is_empty() {
        changes.push(Change::Edit { path: file("csr.conf.template"), edit: Edit::AddNames(names) });
    }
    // What the hold makes anew when it is left is not put back from a copy: on a watched node the kicker compares
    // csr.conf with a rendering of that moment, and a copy may hold the addresses of another one.
    let is_reconciled = hold(facts).is_some_and(|hold| matches!(hold, Hold::Unit { same: Some(_), .. }));
    let mut rewrites = vec![];
    let mut commands = vec![function("refresh_csr_conf")];
    if signing == Signing::Anew {
        commands.push(function("gen_server_cert"));
        rewrites.push(file("server.crt"));
        rewrites.extend(facts.has_request.then(|| file("server.csr")));
    }
    if !is_reconciled {
        rewrites.extend(facts.applied.is_some().then(|| file("csr.conf")));
        rewrites.extend(facts.has_rendered.then(|| file("csr.conf.rendered")));
    }
    if signing == Signing::Anew || !is_reconciled {
        changes.push(Change::Run { commands, rewrites });
    }
    changes
}

/// The kicker, held even where it does not run now, since it may by then: in the middle of a signature it would find a broken certificate and kill every pod.
fn hold(facts: &Facts) -> Option<Hold> {
    let is_there = facts.kicker != UnitSeen::Missing;
    let is_watched = facts.is_watched();
    let reconcile = ["refresh_csr_conf", "render_csr_conf"].map(function).to_vec();
    is_there.then(|| Hold::Unit {
        unit: KICKER.into(),
        idle: "sleep".into(),
        within: IDLE_WITHIN,
        reconcile: if is_watched { reconcile } else { vec![] },
        same: is_watched.then(|| (file("csr.conf"), file("csr.conf.rendered"))),
    })
}

/// A function of MicroK8s, called in the environment that its snap gives it.
fn function(name: &str) -> Command {
    Command::new("/usr/bin/snap").arg("run").arg("--shell").arg("microk8s").arg(FUNCTIONS).arg(name)
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(CERTS).join(name)
}

fn why(unserved: &SanSet, unlisted: &SanSet) -> String {
    if unserved.is_empty() {
        return format!(
            "{unlisted} is served, but the template does not list it: the next certificate would lose it"
        );
    }
    format!("the certificate does not name {unserved}")
}

fn notes(kept: &SanSet, signing: Signing) -> Vec<String> {
    if signing == Signing::NotNeeded {
        return vec!["the certificate stays as it is".into()];
    }
    let mut notes = vec![];
    if !kept.is_empty() {
        notes.push(format!(
            "{kept} is served today and would be lost with a new certificate: it is listed as well"
        ));
    }
    notes.push(
        "the cluster agent on port 25000 serves the old certificate until \
         `sudo systemctl restart snap.microk8s.daemon-cluster-agent`, which touches neither the API nor a pod"
            .into(),
    );
    notes.push("`microk8s add-node` commands that are still open for workers stop working after that restart; make new ones".into());
    notes
}
