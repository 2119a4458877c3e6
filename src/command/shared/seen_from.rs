//! An address as the clients of a node see it, tried through that node before they are led there.

use std::time::Duration;

use super::sight::CONNECTIONS;
use crate::{
    check,
    distro::Trial,
    endpoint::Endpoint,
    node::{self, Node, Reached, Stream},
    probe::{self, Said, Trust, Unheard},
    report::{Code, Finding},
    san::San,
    world::World,
};

/// How long each connection may take, and each word over it.
const WITHIN: Duration = Duration::from_secs(10);

/// What is wrong with an address as this node sees it, on several fresh connections in a row; the first fault is told.
///
/// The certificate is judged by `name`, which is the address itself where it is served already.
pub fn faults(
    node: &dyn Node,
    trial: &Trial,
    (to, name): (&Endpoint, &San),
    world: &World,
) -> Result<Vec<Finding>, node::Error> {
    let Ok(trust) = Trust::from_certs(trial.authorities.clone()) else {
        let why = format!("{} holds no CA to know a server by", trial.file.display());
        return Ok(vec![untried(node, trial, to, &why)]);
    };
    for _ in 0..CONNECTIONS {
        let mut heard = Err(Unheard::Broken("nothing was said".into()));
        let mut talk = |stream: &mut dyn Stream| {
            heard = probe::ask(stream, (to, name), &trust, trial.listener.path(), (world.now)());
        };
        let reached = node.reach(&to.host.to_string(), to.port, WITHIN, &mut talk)?;
        if let Some(finding) = fault(node, trial, (to, name), reached, heard) {
            return Ok(vec![finding]);
        }
    }
    Ok(vec![])
}

fn fault(
    node: &dyn Node,
    trial: &Trial,
    (to, name): (&Endpoint, &San),
    reached: Reached,
    heard: Result<Said, Unheard>,
) -> Option<Finding> {
    let subject = node.name();
    let unreachable = |how: &str| {
        let message = format!("{to}: cannot connect from this node: {how}");
        Finding::new(Code::EndpointUnreachable, subject, message).remedy(format!(
            "check the way and the firewalls in between, on {subject}: `nc -vz {} {}`",
            to.host, to.port
        ))
    };
    match (reached, heard) {
        (Reached::Forbidden, _) => Some(untried(node, trial, to, "its sshd passes no connections on")),
        (Reached::Refused, _) => Some(unreachable("refused")),
        (Reached::Silent, _) => Some(unreachable("no answer")),
        (Reached::Talked, Err(Unheard::Broken(reason))) => Some(unreachable(&reason)),
        (Reached::Talked, Err(Unheard::Refused { verdict, words })) => {
            Some(check::refused(subject, to, name, &verdict, words))
        }
        (Reached::Talked, Ok(said)) if trial.listener.answers(said.status, &said.body) => None,
        (Reached::Talked, Ok(said)) => Some(stranger(node, trial, to, &said)),
    }
}

fn stranger(node: &dyn Node, trial: &Trial, to: &Endpoint, said: &Said) -> Finding {
    let (path, status) = (trial.listener.path(), said.status);
    let message = format!("{to} answers {status} to {path}, which none of this cluster's servers does");
    Finding::new(Code::ApiNotReady, node.name(), message).remedy(format!(
        "check where the balancer leads: `{}` on {}",
        typed(trial, to),
        node.name()
    ))
}

/// It may well be right; nobody could see.
fn untried(node: &dyn Node, trial: &Trial, to: &Endpoint, why: &str) -> Finding {
    let message = format!("{why}, so {to} was not tried from there");
    Finding::new(Code::EndpointUntried, node.name(), message)
        .remedy(format!("try it there first: `{}`", typed(trial, to)))
}

/// What an operator types on the node to see the same.
fn typed(trial: &Trial, to: &Endpoint) -> String {
    let (url, path) = (to.url(), trial.listener.path());
    match &trial.pem {
        Some(pem) => format!("curl --cacert {} {url}{path}", pem.display()),
        None => format!("curl -vk {url}{path}"),
    }
}
