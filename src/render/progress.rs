//! What happens while a run is at work, in a line each.

use std::{error::Error, time::Duration};

use console::Style;

use crate::{
    apply::{Event, Occasion},
    node::{Errand, Trip},
};

/// A line on standard error, and who wants it.
pub(super) enum Line {
    /// It stays on a terminal and in a log.
    Stays(String),
    /// What is going on just now.
    Moves(String),
    /// For those who want to know more.
    Detail(String),
}

pub(super) fn line(event: Event<'_>) -> Line {
    use Line::{Detail, Moves, Stays};

    match event {
        Event::Begun { run } => Stays(format!("run {run} begins")),
        Event::Opening { node } => Moves(format!("{node}: take the lock")),
        Event::Unlocked { node, error } => {
            Stays(format!("{node} has nothing to be taken back and goes without a lock: {}", caused(error)))
        }
        Event::Step { step, number, of } => Stays(format!("{} ({number}/{of}): {}", step.node, step.why)),
        Event::Awaiting { step, refused } => Stays(format!("{} waits: {}", step.node, caused(refused))),
        Event::Awaited { step, took } => {
            Detail(format!("{}: the others are ready after {}", step.node, spent(took)))
        }
        Event::Changing { step, change } => Moves(format!("{}: {change}", step.node)),
        Event::AlreadyMade { step, change } => Moves(format!("{}: already there: {change}", step.node)),
        Event::Settling { step, settle } => Moves(format!("{}: {settle}", step.node)),
        Event::Settled { step, took } => Detail(format!("{}: seen after {}", step.node, spent(took))),
        Event::Draining { step, drained } => {
            Stays(format!("{}: {} is drained on {}", step.node, drained.server, drained.balancer))
        }
        Event::KeptOut { step, drained } => Stays(format!(
            "{}: somebody else keeps {} out on {}, and it stays so",
            step.node, drained.server, drained.balancer
        )),
        Event::Undrained { step, drained } => {
            Stays(format!("{}: {} is back on {}", step.node, drained.server, drained.balancer))
        }
        Event::Restarting { step, unit, occasion: Occasion::Planned } => {
            Stays(format!("{}: {unit} is restarted", step.node))
        }
        Event::Restarting { step, unit, occasion: Occasion::NotFollowed } => {
            Stays(format!("{}: the server did not follow, so {unit} is restarted", step.node))
        }
        Event::Proving { node: Some(node), proof } => Moves(format!("{node}: {proof}")),
        Event::Proving { node: None, proof } => Moves(proof.to_string()),
        Event::Proven { proof, took } => Detail(format!("{} proven after {}", proof.endpoint, spent(took))),
        Event::NotSeen { node, proof } => {
            Stays(format!("{} was not seen from {node}: its sshd passes no connections on", proof.endpoint))
        }
        Event::Completed { step } => {
            let done = Style::new().for_stderr().green().apply_to("done");
            Stays(format!("{}: {done}", step.node))
        }
        Event::Failed { step, cause } => {
            let failed = Style::new().for_stderr().red().apply_to("failed");
            Stays(format!("{}: {failed}\n  {cause}", step.node))
        }
        Event::TakingBack { step } => Stays(format!("{}: take back what this run changed", step.node)),
        Event::TakenBack { step } => Stays(format!("{}: taken back", step.node)),
    }
}

/// The node that has its turn from here on; `None` where the event does not tell.
pub(super) fn node_at_work<'a>(event: Event<'a>) -> Option<&'a str> {
    match event {
        Event::Opening { node } => Some(node),
        Event::Step { step, .. } | Event::TakingBack { step } => Some(&step.node),
        _ => None,
    }
}

/// A round trip and how long it took.
pub(super) fn trip(trip: Trip<'_>) -> String {
    let Trip { node, errand, took, is_answered } = trip;
    let (what, done) = match errand {
        Errand::Login { host } => (host.to_owned(), "connected"),
        Errand::Look { asks } => (counted(asks, "question"), "answered"),
        Errand::Reach { host, port } => (format!("{host}:{port}"), "tried"),
        Errand::Act { acts } => (counted(acts, "act"), "carried out"),
    };
    match is_answered {
        true => format!("{node}: {what} {done} in {}", spent(took)),
        false => format!("{node}: {what} not {done} after {}", spent(took)),
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn spent(took: Duration) -> String {
    match took.as_secs() {
        0 => format!("{} ms", took.as_millis()),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

/// An error, with what it comes from in brackets.
fn caused(error: &dyn Error) -> String {
    let cause = error.source().map(|cause| format!(" ({cause})")).unwrap_or_default();
    format!("{error}{cause}")
}
