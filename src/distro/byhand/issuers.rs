//! Who an API server says has made the tokens of pods.

use super::facts::Facts;
use crate::{
    distro::Move,
    endpoint::Endpoint,
    report::{Code, Finding},
};

const FLAGS: [&str; 2] = ["service-account-issuer", "service-account-jwks-uri"];

/// Tokens of pods name their issuer: those that are out would no longer be believed.
pub(in crate::distro) fn findings(facts: &Facts, wanted: &Move) -> Vec<Finding> {
    let named = |flag: &&str| {
        let url = facts.server.as_ref()?.arguments.value(flag)?;
        let rest = url.strip_prefix("https://").unwrap_or(url);
        let host = rest.split('/').next().unwrap_or_default();
        let names = Endpoint::parse_with_port(host, 443).ok().filter(|names| wanted.leaves(names))?;
        let message = format!(
            "--{flag} names {}, and stays as it is: every token that a pod holds says so, and one that says otherwise \
             is not believed",
            names.host
        );
        Some(Finding::new(Code::ReferenceLeft, &facts.node, message).remedy(format!(
            "keep {} reachable and among the names; a new issuer is added before the old one, and takes its place later",
            names.host
        )))
    };
    FLAGS.iter().filter_map(named).collect()
}
