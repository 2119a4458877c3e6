//! The step that makes an API server set up by hand serve what is wanted: its certificate signed anew, and nothing else.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{
    authority,
    facts::{Facts, Runner, Stored},
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
pub(in crate::distro) fn plan(
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
        notes: notes(facts, want, leaf, Term { until: terms.not_after.min(ca.not_after), ca }),
        changes: vec![Change::Reissue(Reissue { file: file.clone(), authority, adds, removes, draft })],
        settle: serving::settle(served.endpoint, file, facts.unit()),
        proofs: vec![serving::proof(served.endpoint.clone(), leaf, want, Signing::Anew)],
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

/// Until when the new certificate is valid, and the CA that bounds it.
struct Term<'a> {
    until: Timestamp,
    ca: &'a ServingCert,
}

fn notes(facts: &Facts, want: &Want, leaf: &ServingCert, term: Term<'_>) -> Vec<String> {
    let Term { until, ca } = term;
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
        is_copy(stored, leaf).then(|| copied(&file, facts, want, leaf))
    }));
    if facts.runner == Runner::Systemd && facts.unit().is_none() {
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

fn copied(file: &Path, facts: &Facts, want: &Want, leaf: &ServingCert) -> String {
    let (copy, own) = (file.display(), facts.paths.certificate.display());
    match want {
        Want::Renew => format!(
            "{copy} is a copy for etcd of the old certificate and ends on {}: put the new one there too, \
             `sudo cp {own} {copy}`, which etcd takes from the next connection on",
            leaf.not_after
        ),
        Want::Add(_) | Want::Remove(_) => {
            format!("{copy} is a copy for etcd of the old certificate: it stays as it is, and valid")
        }
    }
}

fn is_copy(stored: &Stored, leaf: &ServingCert) -> bool {
    stored.leaf().is_some_and(|copy| copy.fingerprint == leaf.fingerprint)
}
