//! Where an agent is led to its servers, and what it means to lead it elsewhere.

use super::{agent::Told, cautions::RANCHERS, facts::Facts, findings::finding};
use crate::{
    distro::{Form, Move, Place, Reference, Role, Takes, Trial},
    endpoint::Endpoint,
    plan::Listener,
    report::{Code, Finding},
};

/// The port of a URL that names none.
const HTTPS: u16 = 443;

/// The one place that counts; a server's own is left alone.
pub(super) fn references(facts: &Facts) -> Vec<Reference> {
    if facts.role() != Role::Worker {
        return vec![];
    }
    let Some((url, told)) = facts.server() else { return vec![] };
    let names = Endpoint::parse_with_port(&url, HTTPS).ok();
    let (path, text, form) = match told {
        Told::Word { path, text, word } => (path, text, Form::Word(word)),
        Told::Value { path, text, at } => (path, text, Form::Url(at)),
        Told::Elsewhere => return vec![],
    };
    let takes = Takes::Unit { unit: facts.found.unit.clone(), node: facts.agent.node.clone() };
    let reference = Reference::new(Place::File(path.to_owned()), text, form, names).taken_in_by(takes);
    vec![Reference { notes: notes(facts), port: facts.flavour().supervisor, ..reference }]
}

fn notes(facts: &Facts) -> Vec<String> {
    let unit = &facts.found.unit;
    let mut notes = vec![
        format!("{unit} restarts; pods keep running"),
        "an agent uses this address only until it knows the servers themselves: no traffic of it is to be expected there"
            .into(),
    ];
    let known = facts.agent.balancer.as_ref().filter(|balancer| balancer.server_addresses.len() > 1);
    if let Some(balancer) = known {
        notes.push(format!(
            "its balancer forgets the {} servers that it learned from {}, and begins with the new address alone",
            balancer.server_addresses.len(),
            balancer.server_url
        ));
    }
    notes
}

/// An agent greets every server that it is led to, at the address that it is told.
pub(super) fn trial(facts: &Facts) -> Option<Trial> {
    let file = facts.data().join("agent/server-ca.crt");
    let trial = || Trial {
        authorities: facts.agent.authorities.clone(),
        pem: Some(file.clone()),
        file,
        listener: Listener::Supervisor,
    };
    (facts.role() == Role::Worker).then(trial)
}

/// What stands in the way of a move, and what is left as it is.
pub(super) fn findings(facts: &Facts, wanted: &Move) -> Vec<Finding> {
    let Some((url, told)) = facts.server() else { return untold(facts).into_iter().collect() };
    let names = Endpoint::parse_with_port(&url, HTTPS);
    let leaves = names.as_ref().is_ok_and(|names| wanted.leaves(names));
    if facts.role() != Role::Worker {
        return leaves.then(|| joined(facts, &url, &told, wanted)).into_iter().collect();
    }
    let ground = &facts.ground;
    let told = match (names, told) {
        (Err(error), _) => Some(uneditable(facts, &format!("the address of its server is unclear: {error}"))),
        (Ok(_), Told::Elsewhere) if leaves => {
            Some(uneditable(facts, &format!("{url} stands in no file that cpctl can edit")))
        }
        _ => None,
    };
    let single = [ground.locked(), stopped(facts), told, managed(facts)];
    single.into_iter().flatten().chain(ground.narrow()).collect()
}

/// Only with etcd on its disk does a server never look there again.
fn joined(facts: &Facts, url: &str, told: &Told<'_>, wanted: &Move) -> Finding {
    if facts.is_on("disable-etcd") {
        return without_etcd(facts, url, told, wanted);
    }
    Finding::new(
        Code::ReferenceUnused,
        &facts.node,
        format!(
            "its configuration names {url} as the server to join; it joined, and does not look at it again"
        ),
    )
    .remedy("leave it, or change it by hand where servers are set up from the same file")
}

fn without_etcd(facts: &Facts, url: &str, told: &Told<'_>, wanted: &Move) -> Finding {
    let unit = &facts.found.unit;
    let place = match told {
        Told::Word { path, .. } | Told::Value { path, .. } => path.display().to_string(),
        Told::Elsewhere => format!("what `systemctl cat {unit}` shows"),
    };
    let port = facts.flavour().supervisor.unwrap_or(wanted.to.port);
    let to = Endpoint::new(wanted.to.host.clone(), port);
    finding(
        facts,
        Code::ReferenceLeft,
        format!(
            "it runs no etcd (`disable-etcd`) and joins {url} whenever it starts, which is left as it is"
        ),
        format!("let {place} name https://{to}, then `sudo systemctl restart {unit}`"),
    )
}

/// A file that somebody else writes, with the address that counts in it.
fn managed(facts: &Facts) -> Option<Finding> {
    let path = match facts.server()?.1 {
        Told::Word { path, .. } | Told::Value { path, .. } => path,
        Told::Elsewhere => return None,
    };
    let owner = match () {
        () if path.ends_with(RANCHERS) => "Rancher",
        () if facts.is_nixos && !path.starts_with("/etc/rancher") => "NixOS",
        () => return None,
    };
    let written = path.display().to_string();
    let message = format!("{owner} writes {written}, and may write the old address again");
    let remedy = format!("change it in {owner} as well");
    Some(finding(facts, Code::ConfigurationManaged, message, remedy).about(written))
}

fn stopped(facts: &Facts) -> Option<Finding> {
    let unit = &facts.found.unit;
    (!facts.found.is_active()).then(|| {
        finding(
            facts,
            Code::ServiceStopped,
            format!("{unit} is not running, so nobody would see whether it follows"),
            format!("`sudo systemctl start {unit}`, or leave the node out with `--limit`"),
        )
    })
}

/// An agent's configuration may be a URL, or no YAML.
fn untold(facts: &Facts) -> Option<Finding> {
    let is_agent = facts.role() == Role::Worker;
    is_agent
        .then(|| uneditable(facts, &format!("nothing that can be read in {} tells its server", facts.base())))
}

fn uneditable(facts: &Facts, message: &str) -> Finding {
    let unit = &facts.found.unit;
    finding(
        facts,
        Code::ReferenceUneditable,
        message,
        format!(
            "see where it comes from, `systemctl cat {unit}`; change it there, then `sudo systemctl restart {unit}`"
        ),
    )
}
