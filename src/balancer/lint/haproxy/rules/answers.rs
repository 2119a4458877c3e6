//! Whether the question is one that an API server answers, and the answer one that it gives.

use super::{Api, Seen, Spot};
use crate::balancer::{
    distribution::Distribution,
    lint::{
        Serves,
        haproxy::check::{Expected, Request, request_of},
    },
};

pub fn method(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let Some(request) = request(api).filter(|request| request.method != "GET") else { return vec![] };
    if is_known(api, &request) {
        return vec![];
    }
    let why = format!("strangers may `get` this path and no more: {} is answered 403", request.method);
    vec![Spot::new(request.line.number, why).instead(asking(&request))]
}

pub fn path(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let Some(request) = request(api) else { return vec![] };
    let path = request.path.split('?').next().unwrap_or_default();
    let why = match path {
        "/readyz" => return vec![],
        "/healthz" | "/livez" => {
            format!("{path} stays well while an API server drains, and /readyz does not")
        }
        _ if is_known(api, &request) => return vec![],
        "/" => "strangers may not read /, which is answered 403".to_owned(),
        _ if path.starts_with("/readyz/") || path.starts_with("/livez/") || path.starts_with("/healthz/") => {
            format!("strangers may read /readyz itself and nothing below it: {path} is answered 403")
        }
        _ => return vec![],
    };
    vec![Spot::new(request.line.number, why).instead(asking(&request))]
}

pub fn status(api: &Api<'_>, seen: &Seen<'_>) -> Vec<Spot> {
    let request = request(api).filter(|request| !is_known(api, request));
    let (Some(request), Some(distribution)) = (request, distribution(seen)) else { return vec![] };
    let (line, codes) = match &request.expected {
        Expected::Any => (request.line, vec![200]),
        Expected::Codes(line, codes) => (*line, codes.clone()),
        Expected::Other => return vec![],
    };
    let given = distribution.anonymous.codes();
    if given.iter().any(|code| codes.contains(code)) {
        return vec![];
    }
    let given: Vec<_> = given.iter().map(u16::to_string).collect();
    let expect = match &given[..] {
        [one] => format!("status {one}"),
        several => format!("rstatus ^({})$", several.join("|")),
    };
    let why = format!(
        "{} answers {} to a stranger, so every server is down",
        distribution.name,
        given.join(" or ")
    );
    vec![Spot::new(line.number, why).instead(format!("http-check expect {expect}"))]
}

pub fn unauthorized(api: &Api<'_>, seen: &Seen<'_>) -> Vec<Spot> {
    let Some(Request { expected: Expected::Codes(line, codes), .. }) = request(api) else { return vec![] };
    let Some(code) = [403, 401].into_iter().find(|code| codes.contains(code)) else { return vec![] };
    // There it is all that a check without a credential can see.
    if code == 401 && distribution(seen).is_some_and(|known| known.anonymous.codes().contains(&401)) {
        return vec![];
    }
    let why = format!(
        "{code} is what an API server also says that is not ready, and it ends the day that strangers may read /readyz"
    );
    vec![Spot::new(line.number, why).instead("http-check expect status 200")]
}

/// What is asked of API servers; where nodes join, other things are.
fn request<'a>(api: &Api<'a>) -> Option<Request<'a>> {
    request_of(api).filter(|_| api.serves == Serves::Api)
}

/// Whether the check says who asks, by a header or a certificate; what it may read then only the cluster knows.
fn is_known(api: &Api<'_>, request: &Request<'_>) -> bool {
    request.has_login || api.checked().any(|server| server.says("crt").is_some())
}

/// The line that asks as it should, in the form that is used already, and with all else that it says.
fn asking(request: &Request<'_>) -> String {
    let is_send = request.line.begins(&["http-check"]);
    let asked = if is_send { "http-check send meth GET uri /readyz" } else { "option httpchk GET /readyz" };
    let (mut kept, mut words) = (vec![asked], request.line.written(if is_send { 2 } else { 4 }));
    while let Some((word, written)) = words.next() {
        if is_send && ["meth", "uri"].contains(&word) {
            words.next();
        } else {
            kept.push(written);
        }
    }
    kept.join(" ")
}

/// The distribution that all nodes of the inventory have, if its answers are known.
fn distribution(seen: &Seen<'_>) -> Option<&'static Distribution> {
    let mut names = seen.facts.plane?.nodes.iter().map(|node| node.distribution.as_deref());
    let first = names.next()??;
    let is_same = names.all(|name| name == Some(first));
    Distribution::of_known_answers(first).filter(|_| is_same)
}
