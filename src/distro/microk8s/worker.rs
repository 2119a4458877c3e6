//! A worker's way to the API servers: a proxy of its own, which learns them from the cluster unless it is told not to.
//!
//! `pkg/proxy` in canonical/microk8s-cluster-agent, `scripts/cluster/join.py` in canonical/microk8s.

use std::path::PathBuf;

use jiff::Timestamp;

use super::facts::Facts;
use crate::{
    cert::ServingCert,
    distro::{Form, Place, Reference, Role, Takes, Trial},
    edit::{
        Edit,
        word::{Word, WordEdit},
        yaml::{Node, Segment, Tree},
    },
    endpoint::Endpoint,
    node::{Answer, Ask, UnitSeen},
    plan::{Change, Listener},
    report::{Code, Finding},
};

const PROVIDER: &str = "/var/snap/microk8s/current/args/traefik/provider.yaml";
const ARGUMENTS: &str = "/var/snap/microk8s/current/args/apiserver-proxy";
const AUTHORITY: &str = "/var/snap/microk8s/current/certs/ca.remote.crt";
const PROXY: &str = "snap.microk8s.daemon-apiserver-proxy";

/// How often the proxy asks the cluster for its API servers, and writes them down.
const INTERVAL: &str = "--refresh-interval";
const NEVER: &str = "0s";

const PORT: u16 = 16443;

/// What only a worker has.
#[derive(Default)]
pub(super) struct Proxy {
    /// `None` where it is not there, or no text.
    provider: Option<String>,
    arguments: Option<String>,
    authorities: Vec<ServingCert>,
    is_running: bool,
}

impl Proxy {
    pub fn asks() -> [Ask; 4] {
        [
            Ask::File(PROVIDER.into()),
            Ask::File(ARGUMENTS.into()),
            Ask::File(AUTHORITY.into()),
            Ask::Unit(PROXY.into()),
        ]
    }

    /// Takes as many answers as there are `asks`.
    pub fn read(mut next: impl FnMut() -> Answer) -> Self {
        let text = |answer: Answer| String::from_utf8(answer.bytes()?.to_vec()).ok();
        let (provider, arguments) = (text(next()), text(next()));
        let authority = next();
        let authorities = authority.bytes().and_then(|pem| ServingCert::all_from_pem(pem).ok());
        let is_running = matches!(next(), Answer::Unit(UnitSeen::Active { .. }));
        Self { provider, arguments, authorities: authorities.unwrap_or_default(), is_running }
    }

    /// The address of each server that it passes connections on to; `None` where the file is another one.
    fn addresses(&self) -> Option<Vec<(Vec<Segment>, Endpoint)>> {
        const WAY: [&str; 5] = ["tcp", "services", "kube-apiserver", "loadBalancer", "servers"];
        let tree = Tree::parse(self.provider.as_deref()?).ok()?;
        let servers = WAY.iter().try_fold(tree.first()?, |node: Node<'_, '_>, key| node.get(key))?;
        let way = || WAY.iter().map(|key| Segment::Key((*key).into()));
        let address = |(index, server): (usize, Node<'_, '_>)| {
            let address = server.get("address")?.scalar()?;
            let place = way().chain([Segment::Item(index), Segment::Key("address".into())]).collect();
            Some((place, Endpoint::parse_with_port(address, PORT).ok()?))
        };
        servers.items().enumerate().map(address).collect()
    }

    /// What keeps it from learning other servers again; nothing where it learns none.
    fn pinned(&self) -> Result<Option<Change>, String> {
        let text = self.arguments.as_deref().unwrap_or_default();
        let word = Word::Flag(INTERVAL.into());
        match word.value(text) {
            Some(NEVER) => Ok(None),
            Some(_) => {
                let edit = WordEdit::to(text, word, NEVER).map_err(|error| error.to_string())?;
                Ok(Some(Change::Edit { path: ARGUMENTS.into(), edit: Edit::Word(edit) }))
            }
            None => Err(format!("it does not say `{INTERVAL}`")),
        }
    }
}

pub(super) fn references(facts: &Facts) -> Vec<Reference> {
    let proxy = &facts.proxy;
    let (Some(text), Some(addresses), Ok(pinned)) = (&proxy.provider, proxy.addresses(), proxy.pinned())
    else {
        return vec![];
    };
    let place = Place::File(PROVIDER.into());
    let reference = |(path, names): (Vec<Segment>, Endpoint)| {
        let reference = Reference::new(place.clone(), text, Form::HostPort(path), Some(names));
        let reference = reference.taken_in_by(Takes::Unit { unit: PROXY.into(), node: None });
        Reference {
            beside: pinned.clone().into_iter().collect(),
            notes: notes(pinned.is_some()),
            ..reference
        }
    };
    addresses.into_iter().map(reference).collect()
}

fn notes(learns: bool) -> Vec<String> {
    let mut notes = vec![format!("{PROXY} restarts; pods keep running, and the kubelet connects again")];
    if learns {
        notes.push(
            "its proxy no longer learns the API servers from the cluster: behind the new address, the balancer knows them"
                .into(),
        );
    }
    notes
}

pub(super) fn trial(facts: &Facts) -> Option<Trial> {
    let trial = || Trial {
        authorities: facts.proxy.authorities.clone(),
        file: AUTHORITY.into(),
        pem: Some(AUTHORITY.into()),
        listener: Listener::ApiServer,
    };
    (facts.role() == Role::Worker).then(trial)
}

/// What stands in the way of a move.
pub(super) fn findings(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let (ground, proxy) = (&facts.ground, &facts.proxy);
    let stopped = (!proxy.is_running).then(|| {
        Finding::new(Code::ServiceStopped, &facts.node, format!("{PROXY} is not running")).remedy(
            "`sudo /snap/bin/microk8s start`; before MicroK8s 1.25 a worker has none, and is led by hand",
        )
    });
    let unplain = match (proxy.addresses(), proxy.pinned()) {
        (None, _) => Some((PROVIDER, "it names no servers as MicroK8s writes them".to_owned())),
        (_, Err(reason)) => Some((ARGUMENTS, reason)),
        _ => None,
    };
    let unplain = unplain.map(|(path, reason)| {
        let path = PathBuf::from(path);
        Finding::new(
            Code::ReferenceUneditable,
            &facts.node,
            format!("{} cannot be edited: {reason}", path.display()),
        )
        .remedy(format!(
            "write `{INTERVAL} {NEVER}` into {ARGUMENTS} and the new address into {PROVIDER}, then \
             `sudo snap restart microk8s.daemon-apiserver-proxy`"
        ))
    });
    let single = [ground.locked(), ground.clock_off(now), stopped, unplain];
    single.into_iter().flatten().chain(ground.narrow()).collect()
}
