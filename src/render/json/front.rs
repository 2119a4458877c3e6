//! What the balancer in front does, and what the verdict rests on.

use serde::Serialize;

use super::{SCHEMA, finding::FindingView};
use crate::{
    outcome::{
        Front,
        front::{Asks, Certainty, Chain, Evidence, Face, Login, Ready, Shown, User},
    },
    render::front::plain,
};

#[derive(Serialize)]
pub(super) struct FrontView<'a> {
    schema: u32,
    endpoint: String,
    verdict: VerdictView<'a>,
    front: FaceView<'a>,
    nodes: Vec<NodeView<'a>>,
    connections: ConnectionsView<'a>,
    login: Option<&'static str>,
    answers_at: Option<String>,
    untold: &'a [String],
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct VerdictView<'a> {
    way: &'static str,
    certain: bool,
    sentence: &'a str,
}

#[derive(Serialize)]
struct NodeView<'a> {
    name: &'a str,
    #[serde(flatten)]
    face: FaceView<'a>,
}

#[derive(Serialize)]
struct FaceView<'a> {
    address: String,
    error: Option<String>,
    tls: Option<&'a str>,
    alpn: Option<&'a str>,
    sha256: Option<&'a str>,
    issuer: Option<&'a str>,
    leads_to_ca: Option<bool>,
    names_endpoint: Option<bool>,
    asks_for_client_certificate: Option<bool>,
    client_cas: &'a [String],
    session_tickets: Option<u32>,
    readyz: Option<u16>,
    ready: Option<bool>,
    user: Option<&'a str>,
    user_refused: Option<u16>,
    plain_http: String,
    handshake_ms: Option<u64>,
}

#[derive(Serialize)]
struct ConnectionsView<'a> {
    made: usize,
    answered: usize,
    met: Vec<MetView<'a>>,
}

#[derive(Serialize)]
struct MetView<'a> {
    node: Option<&'a str>,
    sha256: &'a str,
    connections: usize,
}

impl<'a> FrontView<'a> {
    pub(super) fn of(front: &'a Front) -> Self {
        let (seen, judgement) = (&front.seen, &front.judgement);
        Self {
            schema: SCHEMA,
            endpoint: seen.endpoint.to_string(),
            verdict: VerdictView {
                way: judgement.way.id(),
                certain: judgement.certainty == Certainty::Certain,
                sentence: &judgement.sentence,
            },
            front: FaceView::of(&seen.front),
            nodes: seen
                .nodes
                .iter()
                .map(|node| NodeView { name: &node.name, face: FaceView::of(&node.face) })
                .collect(),
            connections: ConnectionsView::of(seen),
            login: seen.login.map(|login| match login {
                Login::Certificate => "certificate",
                Login::Token => "token",
            }),
            answers_at: seen.elsewhere.as_ref().map(ToString::to_string),
            untold: &judgement.untold,
            findings: FindingView::all(&front.findings),
        }
    }
}

impl<'a> FaceView<'a> {
    fn of(face: &'a Face) -> Self {
        let shown = face.tls.as_ref().ok();
        let text = |part: fn(&Shown) -> &str| shown.map(part);
        Self {
            address: face.at.to_string(),
            error: face.tls.as_ref().err().map(ToString::to_string),
            tls: text(|shown| &shown.version),
            alpn: shown.and_then(|shown| shown.alpn.as_deref()),
            sha256: text(|shown| &shown.fingerprint),
            issuer: text(|shown| &shown.issuer),
            leads_to_ca: shown.and_then(|shown| match shown.chain {
                Chain::Leads => Some(true),
                Chain::Strays(_) => Some(false),
                Chain::Unjudged => None,
            }),
            names_endpoint: shown.map(|shown| shown.names_host),
            asks_for_client_certificate: shown.and_then(|shown| match shown.asks {
                Asks::For(_) => Some(true),
                Asks::No => Some(false),
                Asks::Untold => None,
            }),
            client_cas: shown.map_or(&[], |shown| match &shown.asks {
                Asks::For(names) => names,
                Asks::No | Asks::Untold => &[],
            }),
            session_tickets: shown.and_then(|shown| shown.tickets),
            readyz: shown.and_then(|shown| shown.said.as_ref()).map(|said| said.status),
            ready: match face.ready {
                Ready::Yes => Some(true),
                Ready::No(_) => Some(false),
                Ready::Untold => None,
            },
            user: if let User::Named(name) = &face.user { Some(name) } else { None },
            user_refused: if let User::Refused(status) = face.user { Some(status) } else { None },
            plain_http: plain(&face.plain),
            handshake_ms: shown
                .and_then(|shown| shown.took)
                .map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

impl<'a> ConnectionsView<'a> {
    fn of(seen: &'a Evidence) -> Self {
        let met = seen.met().into_iter().map(|(sha256, connections)| MetView {
            node: seen.node_of(sha256),
            sha256,
            connections,
        });
        let mut met: Vec<_> = met.collect();
        met.sort_by_key(|met| met.node);
        Self { made: seen.samples.len(), answered: seen.samples.iter().flatten().count(), met }
    }
}
