//! The step that makes a MicroK8s node serve what is wanted: no restart, no lost request, no killed pod.

use std::{path::PathBuf, time::Duration};

use jiff::Timestamp;

use super::{
    facts::{CERTS, FUNCTIONS, Facts, KICKER, KUBELITE},
    template::{Template, uneditable},
};
use crate::{
    distro::{
        Served, Want,
        serving::{self, Signing},
    },
    edit::{
        Edit, EditError,
        openssl::{Cut, Names},
    },
    node::{Command, UnitSeen},
    plan::{Change, Hold, Step},
    report::Finding,
    san::SanSet,
};

/// The kicker sleeps for 5 s of each of its rounds.
const IDLE_WITHIN: Duration = Duration::from_secs(60);

/// What becomes of the template.
struct Edits {
    cut: Cut,
    names: Names,
    /// Served names that a new certificate would have lost.
    kept: SanSet,
}

/// What is wanted of the certificate that is served.
pub(super) struct Wish<'a> {
    pub want: &'a Want,
    pub served: &'a Served<'a>,
    pub now: Timestamp,
}

/// The step to what is wanted, or nothing where all of it is served and written down.
pub(super) fn plan(facts: &Facts, template: &Template<'_>, wish: &Wish<'_>) -> Result<Option<Step>, Finding> {
    let Wish { want, served, .. } = *wish;
    let leaf = &served.presented.leaf;
    let uneditable = |error: EditError| uneditable(facts, &error.to_string());
    let cut = Cut::of(want.removes(), template.text).map_err(uneditable)?;
    let unlisted = want.adds().missing_from(&template.listed);
    if want.is_met_by(&leaf.sans) && unlisted.is_empty() && cut.is_empty() {
        return Ok(None);
    }
    let is_on_disk = facts.certificate.as_ref().is_some_and(|cert| want.is_met_by(&cert.sans));
    let signing = if want.is_met_by(&leaf.sans) && is_on_disk { Signing::NotNeeded } else { Signing::Anew };
    let edits = edits(template, wish, cut, signing).map_err(uneditable)?;
    let endpoint = served.endpoint.clone();
    Ok(Some(Step {
        node: facts.node.clone(),
        why: why(wish, &unlisted),
        holds: hold(facts).into_iter().collect(),
        notes: notes(&edits.kept, want, signing),
        changes: changes(facts, edits, signing),
        settle: serving::settle(&endpoint, file("server.crt"), Some(KUBELITE)),
        proofs: vec![serving::proof(endpoint, leaf, want, signing)],
    }))
}

/// The lines that the template loses, and the entries that it needs.
fn edits(template: &Template<'_>, wish: &Wish<'_>, cut: Cut, signing: Signing) -> Result<Edits, EditError> {
    let (want, leaf) = (wish.want, &wish.served.presented.leaf);
    let text = Edit::Cut(cut.clone()).make(template.text)?;
    let after = |names: &Names| template.names_of(&Edit::AddNames(names.clone()).make(&text)?);
    let unlisted = want.adds().missing_from(&template.listed);
    let first = Names::keyed(&unlisted, &text)?;
    let by_itself = want.removes().shared_with(&after(&first)?);
    if !by_itself.is_empty() {
        return Err(EditError::Unsupported(format!("{by_itself} comes in by itself")));
    }
    if signing == Signing::NotNeeded {
        return Ok(Edits { cut, names: first, kept: SanSet::default() });
    }
    let kept = leaf.sans.missing_from(want.removes()).missing_from(&after(&first)?);
    let names = Names::keyed(&unlisted.union(&kept), &text)?;
    let hidden = want.names_after(&leaf.sans).missing_from(&after(&names)?);
    if hidden.is_empty() {
        Ok(Edits { cut, names, kept })
    } else {
        Err(EditError::Unsupported(format!("it hides {hidden}")))
    }
}

fn changes(facts: &Facts, edits: Edits, signing: Signing) -> Vec<Change> {
    let Edits { cut, names, kept: _ } = edits;
    let edit = |edit| Change::Edit { path: file("csr.conf.template"), edit };
    let mut changes = vec![];
    if !cut.is_empty() {
        changes.push(edit(Edit::Cut(cut)));
    }
    if !names.is_empty() {
        changes.push(edit(Edit::AddNames(names)));
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
        changes.push(Change::Run { commands, rewrites, undo: vec![] });
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

fn why(wish: &Wish<'_>, unlisted: &SanSet) -> String {
    let (want, leaf) = (wish.want, &wish.served.presented.leaf);
    let unserved = want.adds().missing_from(&leaf.sans);
    let served = want.removes().shared_with(&leaf.sans);
    match want {
        Want::Add(_) if unserved.is_empty() => {
            format!(
                "{unlisted} is served, but the template does not list it: the next certificate would lose it"
            )
        }
        Want::Add(_) => format!("the certificate does not name {unserved}"),
        Want::Remove(names) if served.is_empty() => {
            format!("the template lists names to be removed ({names}): the next certificate would carry them")
        }
        Want::Remove(_) => format!("the certificate names {served}"),
        Want::Renew => serving::term(leaf, wish.now),
    }
}

fn notes(kept: &SanSet, want: &Want, signing: Signing) -> Vec<String> {
    if signing == Signing::NotNeeded {
        return vec!["the certificate stays as it is".into()];
    }
    let mut notes = vec![];
    if *want == Want::Renew {
        notes.push(
            "the new certificate has the old key and is valid for the 365 days that MicroK8s signs for"
                .into(),
        );
    }
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
