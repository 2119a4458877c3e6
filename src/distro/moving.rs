//! From the places that lead to a control plane to the steps that lead them elsewhere, whatever distribution found them.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use super::reference::{Move, Place, Reference, Takes};
use crate::{
    edit::EditError,
    plan::{Change, Settle, Step},
    report::{Code, Finding},
};

/// A kubelet renews its lease every ten seconds, and the API learns of its state within as many.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// One pod after the other, on every node of the cluster.
const ROLLED_OUT_WITHIN: Duration = Duration::from_secs(1800);
const SIGNED_WITHIN: Duration = Duration::from_secs(60);

/// What was found on one machine, or in one text of the API.
pub struct Found {
    /// The machine whose turn it is.
    pub node: String,
    /// What the cluster calls it, where it is a node of it.
    pub known_as: Option<String>,
    pub references: Vec<Reference>,
}

/// What a move takes. It has no `Debug`: it holds whole texts.
#[derive(Default)]
pub struct Moved {
    /// One for each machine or text where something leads elsewhere; none where all lead there already.
    pub steps: Vec<Step>,
    pub texts: Vec<Text>,
    /// What stays as it is.
    pub findings: Vec<Finding>,
}

/// A text before and after the edits of a step.
pub struct Text {
    pub node: String,
    pub place: Place,
    pub before: String,
    pub after: String,
}

/// Plans the move of all references, in the order in which they were found, or says what cannot be moved.
pub fn plan_move(found: &[Found], wanted: &Move) -> Result<Moved, Vec<Finding>> {
    let (mut moved, mut refusals) = (Moved::default(), vec![]);
    for found in found {
        let mut work = Work::default();
        for reference in &found.references {
            match reference.course(wanted) {
                Course::There => {}
                Course::Elsewhere => moved.findings.push(elsewhere(found, reference, wanted)),
                Course::Moves => {
                    if let Err(error) = work.take(reference, wanted) {
                        refusals.push(uneditable(found, reference, wanted, &error));
                    }
                }
            }
        }
        if !work.changes.is_empty() {
            let (step, texts) = work.finish(found, wanted);
            moved.steps.push(step);
            moved.texts.extend(texts);
        }
    }
    if refusals.is_empty() { Ok(moved) } else { Err(refusals) }
}

enum Course {
    There,
    Moves,
    Elsewhere,
}

impl Reference {
    /// Whether it is led elsewhere.
    pub fn moves(&self, wanted: &Move) -> bool {
        matches!(self.course(wanted), Course::Moves)
    }

    fn course(&self, wanted: &Move) -> Course {
        match &self.names {
            Some(names) if *names == self.target(&wanted.to) => Course::There,
            Some(names) if !wanted.leaves(names) => Course::Elsewhere,
            _ => Course::Moves,
        }
    }
}

/// The step of one machine as it grows.
#[derive(Default)]
struct Work<'f> {
    changes: Vec<Change>,
    beside: Vec<Change>,
    takes: Vec<&'f Takes>,
    notes: Vec<String>,
    left: Vec<String>,
    /// Each text before, and after the edits so far.
    texts: BTreeMap<Place, (String, String)>,
}

impl<'f> Work<'f> {
    fn take(&mut self, reference: &'f Reference, wanted: &Move) -> Result<(), EditError> {
        let Reference { place, text, form, .. } = reference;
        let (_, so_far) = self.texts.entry(place.clone()).or_insert_with(|| (text.clone(), text.clone()));
        let edit = form.edit(so_far, &reference.target(&wanted.to))?;
        *so_far = edit.make(so_far)?;
        self.changes.push(match place.clone() {
            Place::File(path) => Change::Edit { path, edit },
            Place::Object(object) => Change::EditObject { object, edit },
        });
        let old = reference.names.as_ref().map_or_else(|| "no address".to_owned(), ToString::to_string);
        let new = (&reference.takes, &reference.beside, &reference.notes);
        extend(&mut self.takes, new.0.iter());
        extend(&mut self.beside, new.1.iter().cloned());
        extend(&mut self.notes, new.2.iter().cloned());
        extend(&mut self.left, [old]);
        Ok(())
    }

    fn finish(mut self, found: &Found, wanted: &Move) -> (Step, Vec<Text>) {
        let places: Vec<_> = self.texts.keys().map(ToString::to_string).collect();
        let lead = if places.len() == 1 { "leads" } else { "lead" };
        let why = format!("{} {lead} to {}, not to {}", places.join(", "), self.left.join(", "), wanted.to);
        self.changes.append(&mut self.beside);
        let step = Step {
            node: found.node.clone(),
            why,
            holds: vec![],
            changes: self.changes,
            settle: settles(&self.takes, found),
            proofs: vec![],
            notes: self.notes,
        };
        let text = |(place, (before, after))| Text { node: found.node.clone(), place, before, after };
        (step, self.texts.into_iter().map(text).collect())
    }
}

/// Adds what is not there yet.
fn extend<T: PartialEq>(all: &mut Vec<T>, further: impl IntoIterator<Item = T>) {
    for one in further {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Units first, each once; then what waits for what they do.
fn settles(takes: &[&Takes], found: &Found) -> Vec<Settle> {
    let (mut units, mut rest) = (vec![], vec![]);
    for takes in takes {
        match takes {
            Takes::Unit { unit, node } => {
                extend(&mut units, [Settle::Restart { unit: unit.clone() }]);
                let known_as = node.clone().or_else(|| found.known_as.clone());
                extend(&mut rest, known_as.map(|name| Settle::AwaitNode { name, within: READY_WITHIN }));
            }
            Takes::Pods(set) => {
                extend(&mut rest, [Settle::RollOut { daemon_set: set.clone(), within: ROLLED_OUT_WITHIN }]);
            }
            Takes::Signature(was) => rest.extend(found.references.iter().find_map(|reference| {
                let Place::Object(object) = &reference.place else { return None };
                let (object, was) = (object.clone(), was.clone());
                Some(Settle::Resigned { object, was, within: SIGNED_WITHIN })
            })),
        }
    }
    units.append(&mut rest);
    units
}

fn elsewhere(found: &Found, reference: &Reference, wanted: &Move) -> Finding {
    let names = reference.names.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "{} leads to {names}, which is none of the addresses that are left, and stays as it is",
        called(reference)
    );
    let further = wanted.from.iter().map(ToString::to_string);
    let mut all = vec![];
    extend(&mut all, [names].into_iter().chain(further).map(|from| format!("--from {from}")));
    Finding::new(Code::ReferenceLeft, subject(found, reference), message)
        .remedy(format!("`{}` moves it too, and what else leads there", all.join(" ")))
}

fn uneditable(found: &Found, reference: &Reference, wanted: &Move, error: &EditError) -> Finding {
    let message = format!("{} cannot be edited: {error}", called(reference));
    Finding::new(Code::ReferenceUneditable, subject(found, reference), message).remedy(format!(
        "write {} there by hand, then run this again",
        reference.form.written(&reference.target(&wanted.to))
    ))
}

fn called(reference: &Reference) -> String {
    match &reference.place {
        Place::File(path) => path.display().to_string(),
        Place::Object(_) => "it".into(),
    }
}

/// An object is called by its own name: it is on no machine.
fn subject(found: &Found, reference: &Reference) -> String {
    match &reference.place {
        Place::File(_) => found.node.clone(),
        Place::Object(object) => object.to_string(),
    }
}

impl Text {
    /// The path by which a plan's edits call it.
    pub fn path(&self) -> PathBuf {
        self.place.to_string().into()
    }
}
