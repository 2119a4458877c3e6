//! Who sits at the other end: told of progress, asked for consent.

use crate::{
    apply::Watch,
    error::Error,
    outcome::{Inspected, Outcome, Preview},
    watch::{Follower, Mark, Record, Recording, Turn},
};

pub mod interrupt;

/// The person or pipeline that started the program.
pub trait Operator: Watch {
    /// Shows a plan and asks whether to carry it out.
    fn agrees(&mut self, preview: &Preview) -> Agreement;

    /// Asks a question that yes or no answers.
    fn confirms(&mut self, question: &str) -> Agreement;

    /// One server of many, as it answered.
    fn saw(&mut self, row: &Inspected);

    /// Something that is seen while failover is measured.
    fn watched(&mut self, sight: Sight<'_>, so_far: &Recording);

    /// A command of a rehearsal, before it runs.
    fn shows(&mut self, command: &str);

    /// What that command came to.
    fn showed(&mut self, outcome: &Result<Outcome, Error>);

    /// What tells, from another thread, that a first wish to stop was heard; from now on something is at work.
    fn acknowledgement(&mut self) -> Box<dyn FnOnce() + Send>;

    /// Something worth knowing before the work begins.
    fn note(&mut self, text: &str);

    /// The result of a verb that goes on after it.
    fn concluded(&mut self, outcome: &Outcome);
}

/// What is seen while failover is measured.
#[derive(Clone, Copy)]
pub enum Sight<'a> {
    Probed(&'a Record),
    /// A lane began to fail, or to answer again.
    Turned(&'a Turn),
    Marked(&'a Mark),
    /// Nothing new; how it stands.
    Standing(&'a Follower),
}

/// What became of a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Agreement {
    Yes,
    No,
    /// Standard input is no terminal.
    NobodyToAsk,
}
