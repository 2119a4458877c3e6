//! What an operator should know of a plan's steps: what several have in common is told once.

use std::io::{self, Write};

use crate::plan::{Plan, Step};

/// Each note with the nodes that it is of, in the order of the plan.
pub(super) struct Notes<'a>(Vec<(&'a str, Vec<&'a str>)>);

impl<'a> Notes<'a> {
    pub fn of(plan: &'a Plan) -> Self {
        let mut notes: Vec<(&str, Vec<&str>)> = vec![];
        for step in &plan.steps {
            for note in &step.notes {
                match notes.iter_mut().find(|(known, _)| known == note) {
                    Some((_, nodes)) => nodes.push(&step.node),
                    None => notes.push((note, vec![&step.node])),
                }
            }
        }
        Self(notes)
    }

    /// Those of this step alone.
    pub fn write_own(&self, step: &Step, out: &mut dyn Write) -> io::Result<()> {
        let is_shared = |note: &str| self.0.iter().any(|(known, nodes)| *known == note && nodes.len() > 1);
        let mut own = step.notes.iter().filter(|note| !is_shared(note));
        own.try_for_each(|note| writeln!(out, "  note: {note}"))
    }

    /// Those of several steps.
    pub fn write_shared(&self, out: &mut dyn Write) -> io::Result<()> {
        let shared: Vec<_> = self.0.iter().filter(|(_, nodes)| nodes.len() > 1).collect();
        if !shared.is_empty() {
            writeln!(out)?;
        }
        shared.into_iter().try_for_each(|(note, nodes)| writeln!(out, "note on {}: {note}", nodes.join(", ")))
    }
}
