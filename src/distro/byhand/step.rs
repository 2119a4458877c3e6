//! The step that makes an API server set up by hand serve what is wanted: its certificate signed anew, and nothing else.

use jiff::{SignedDuration, Timestamp};

use super::{
    authority,
    facts::{Facts, Stored},
};
use crate::{
    cert::{
        ServingCert,
        reissue::{Draft, Error, Terms},
    },
    distro::{
        Given, Served, Want,
        serving::{self, Signing},
    },
    plan::{Change, Reissue, Step},
    report::{Code, Finding},
};

/// A client's clock may be behind; cfssl does the same.
const BEFORE_NOW: SignedDuration = SignedDuration::from_mins(5);

/// The step to `want`, from the certificate that is served and stored.
pub(super) fn plan(
    facts: &Facts,
    want: &Want,
    served: &Served<'_>,
    given: &Given<'_>,
) -> Result<Step, Finding> {
    let leaf = facts.certificate.leaf().unwrap_or(&served.presented.leaf);
    let ca = facts.authority_of(leaf).ok_or_else(|| impossible(facts, "its CA is not known", None))?;
    let authority = authority::signing(facts, ca, given.signer)?;
    let adds = want.adds().missing_from(&leaf.sans);
    let removes = want.removes().shared_with(&leaf.sans);
    let not_before = (given.now - BEFORE_NOW).max(ca.not_before);
    let life = leaf.not_after.duration_since(leaf.not_before);
    // A certificate that is minutes old would lose them.
    let begins = if *want == Want::Renew { given.now } else { not_before };
    let terms = Terms {
        authority: ca,
        adds: &adds,
        removes: &removes,
        serial: &given.serial,
        not_before,
        not_after: begins.checked_add(life).unwrap_or(Timestamp::MAX),
    };
    let draft = Draft::of(leaf, &terms).map_err(|error| undraftable(facts, &error))?;
    let file = facts.paths.certificate.clone();
    Ok(Step {
        node: facts.node.clone(),
        why: match want {
            Want::Add(_) => format!("the certificate does not name {adds}"),
            Want::Remove(_) => format!("the certificate names {removes}"),
            Want::Renew => serving::term(leaf, given.now),
        },
        holds: vec![],
        notes: notes(facts, leaf, terms.not_after.min(ca.not_after), ca),
        changes: vec![Change::Reissue(Reissue { file: file.clone(), authority, adds, removes, draft })],
        settle: serving::settle(served.endpoint, file, facts.unit()),
        proof: Some(serving::proof(served.endpoint.clone(), leaf, want, Signing::Anew)),
    })
}

fn undraftable(facts: &Facts, error: &Error) -> Finding {
    impossible(facts, &error.to_string(), error.hint())
}

fn impossible(facts: &Facts, reason: &str, hint: Option<&str>) -> Finding {
    let message = format!("{} cannot be signed anew: {reason}", facts.paths.certificate.display());
    let finding = Finding::new(Code::ReissueImpossible, &facts.node, message);
    finding.remedy(hint.unwrap_or("sign it by hand, with all the names that it is to carry"))
}

fn notes(facts: &Facts, leaf: &ServingCert, until: Timestamp, ca: &ServingCert) -> Vec<String> {
    let why = if until == ca.not_after { "when its CA ends" } else { "as long as the old one was" };
    let mut notes = vec![format!("the new certificate has the old key and is valid until {until}, {why}")];
    notes.extend(also_used(facts));
    notes.extend(facts.etcd.iter().filter_map(|(etcd, stored)| {
        let file = etcd.arguments.file("cert-file")?;
        if file == facts.paths.certificate {
            return Some(format!(
                "etcd serves {} too: it shows the new certificate from the next connection on, without a restart",
                file.display()
            ));
        }
        is_copy(stored, leaf).then(|| {
            format!("{} is a copy for etcd of the old certificate: it stays as it is, and valid", file.display())
        })
    }));
    if facts.unit().is_none() {
        notes.push(
            "no unit of its own runs the API server, so nothing restarts it if it does not follow its file"
                .into(),
        );
    }
    notes
}

/// Where the API server shows the same file as a client.
fn also_used(facts: &Facts) -> Option<String> {
    let arguments = &facts.server.as_ref()?.arguments;
    let flags = [("etcd-certfile", "etcd"), ("kubelet-client-certificate", "kubelets")];
    let file = Some(&facts.paths.certificate);
    let to: Vec<_> = flags
        .iter()
        .filter(|(flag, _)| arguments.file(flag).as_ref() == file)
        .map(|(_, peer)| *peer)
        .collect();
    (!to.is_empty()).then(|| {
        format!(
            "the API server shows the same file to {} as a client: its subject, key and usages stay, so nothing \
             changes there",
            to.join(" and ")
        )
    })
}

fn is_copy(stored: &Stored, leaf: &ServingCert) -> bool {
    stored.leaf().is_some_and(|copy| copy.fingerprint == leaf.fingerprint)
}
