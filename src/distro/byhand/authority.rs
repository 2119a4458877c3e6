//! The key that signs: beside the CA's certificate on the node, or where the operator says.

use std::path::PathBuf;

use super::facts::Facts;
use crate::{
    cert::ServingCert,
    distro::{Signer, serving::Key},
    plan::Authority,
    report::{Code, Finding},
};

/// Where the key of `ca` lies, or why nothing can be signed with it.
pub(super) fn signing(
    facts: &Facts,
    ca: &ServingCert,
    signer: Option<&Signer>,
) -> Result<Authority, Finding> {
    match signer {
        Some(Signer { authority, public_key }) if *public_key == ca.public_key => Ok(authority.clone()),
        Some(Signer { authority, .. }) => Err(another(facts, ca, &authority.to_string())),
        None => beside(facts, ca),
    }
}

fn beside(facts: &Facts, ca: &ServingCert) -> Result<Authority, Finding> {
    let keys = || facts.authority_keys.iter();
    if let Some((path, _)) = keys().find(|(_, key)| key.belongs_to(ca)) {
        return Ok(Authority { node: None, key: path.clone() });
    }
    if let Some((_, Key::Unread(reason))) = keys().find(|(_, key)| matches!(key, Key::Unread(_))) {
        return Err(missing(facts, ca, &format!("the key of its CA cannot be used: {reason}")));
    }
    match keys().find(|(_, key)| *key != Key::Missing) {
        Some((path, _)) => Err(another(facts, ca, &path.display().to_string())),
        None => Err(missing(facts, ca, &format!("the key of its CA does not lie in {}", directories(facts)))),
    }
}

fn directories(facts: &Facts) -> String {
    let mut above: Vec<PathBuf> =
        facts.authority_keys.iter().filter_map(|(path, _)| Some(path.parent()?.to_owned())).collect();
    above.sort();
    above.dedup();
    let above: Vec<_> = above.iter().map(|path| path.display().to_string()).collect();
    above.join(" or ")
}

fn missing(facts: &Facts, ca: &ServingCert, message: &str) -> Finding {
    Finding::new(Code::CaKeyMissing, &facts.node, message).remedy(format!(
        "say where the key of `{}` lies: `--ca-key PATH` on the node itself, `--ca-key USER@HOST:PATH` on another \
         machine, `--ca-key localhost:PATH` on this one; it signs there and does not leave it",
        ca.subject
    ))
}

fn another(facts: &Facts, ca: &ServingCert, place: &str) -> Finding {
    let message =
        format!("{place} is not the key of `{}`, which signed the certificate that is served", ca.subject);
    Finding::new(Code::KeyMismatch, &facts.node, message)
        .about(place)
        .remedy("name the key that belongs to it with `--ca-key`; clients trust no other")
}
