//! The certificates that clients meet at the address, whichever server behind it answers them, and the API.

use super::Site;
use crate::{
    check::{
        self, Part,
        front::{Evidence, Way},
    },
    command::shared::{cluster::Cluster, greeting},
    outcome::Server,
    probe::{Presented, Trust, Verdict},
    report::{Code, Finding, Severity},
    san::SanSet,
};

/// What was said of a certificate's faults before it is looked at for itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    Told,
    Untold,
}

/// Adds what is wrong with any of them, and with the API, and was not told by a closer look.
pub(super) fn add(
    told: &mut Vec<Finding>,
    evidence: &Evidence,
    way: &Way,
    cluster: &Cluster,
    site: &Site<'_>,
) {
    let Ok(trust) = cluster.trust() else { return };
    let certificates = certificates(evidence, trust, site);
    let mut found: Vec<(Finding, usize)> = vec![];
    for (presented, verdict) in &certificates {
        let fault = fault(told, verdict, way);
        for finding in of_certificate(evidence, presented, verdict, fault, site) {
            let met = met(evidence, presented);
            match found.iter_mut().find(|(alike, _)| alike.code == finding.code) {
                Some((_, others)) => *others += met,
                None => found.push((finding, met)),
            }
        }
    }
    let answered = evidence.samples.iter().flatten().count();
    told.extend(found.into_iter().map(|(finding, met)| counted(finding, met, answered)));
    told.extend(api(told, evidence, certificates, cluster, site));
}

fn certificates(evidence: &Evidence, trust: &Trust, site: &Site<'_>) -> Vec<(Presented, Verdict)> {
    let judged = |shown: &Presented| (shown.clone(), trust.judge(shown, &evidence.asked, site.now));
    evidence.certificates.iter().map(judged).collect()
}

/// What was told of it already: what stands in the way of all, or a sight of the servers behind.
fn fault(told: &[Finding], verdict: &Verdict, way: &Way) -> Fault {
    let mut faults = told.iter().filter(|finding| finding.code.severity() == Severity::Fail);
    let is_told = faults.any(|finding| match finding.code {
        _ if *way != Way::PassesThrough => true,
        Code::WrongCluster => verdict.chain.is_some(),
        Code::SanMissing => !verdict.names_host,
        _ => false,
    });
    if is_told { Fault::Told } else { Fault::Untold }
}

/// What is wrong with one of them; of its faults that keep clients away the first is enough.
fn of_certificate(
    evidence: &Evidence,
    presented: &Presented,
    verdict: &Verdict,
    fault: Fault,
    site: &Site<'_>,
) -> Vec<Finding> {
    let subject = evidence.endpoint.to_string();
    let seen = check::Seen {
        subject: &subject,
        endpoint: &evidence.endpoint,
        shown: Ok((presented, Some(verdict))),
        part: Part::Shared,
        asked: &evidence.asked,
        behind: vec![],
    };
    let mut is_told = fault == Fault::Told;
    let mut found = check::certificates(&[seen], SanSet::none(), site.now);
    found.retain(|finding| {
        let is_fault = finding.code.severity() == Severity::Fail;
        let is_news = !is_fault || !is_told;
        is_told |= is_fault;
        is_news
    });
    found
}

fn met(evidence: &Evidence, presented: &Presented) -> usize {
    let samples = evidence.samples.iter().flatten();
    samples.filter(|met| met.fingerprint == presented.leaf.fingerprint).count()
}

/// Says how many clients meet it, unless all do.
fn counted(finding: Finding, met: usize, answered: usize) -> Finding {
    if met == answered {
        return finding;
    }
    let message =
        format!("{}: {met} of {answered} fresh connections met such a certificate", finding.message);
    Finding { message, ..finding }
}

/// What the API says to us there, where a certificate is fit to be shown a login.
fn api(
    told: &[Finding],
    evidence: &Evidence,
    certificates: Vec<(Presented, Verdict)>,
    cluster: &Cluster,
    site: &Site<'_>,
) -> Vec<Finding> {
    let accepted = certificates.into_iter().find(|(_, verdict)| verdict.is_accepted());
    let Some((presented, verdict)) = accepted else { return vec![] };
    let server = Server {
        subject: evidence.endpoint.to_string(),
        endpoint: evidence.endpoint.clone(),
        part: Part::Shared,
        asked: evidence.asked.clone(),
        lacking: [].into(),
        shown: Ok(presented),
        verdict: Some(verdict),
    };
    let mut found = vec![];
    greeting::ask(&server, cluster, site.world, &mut found);
    found.retain(|finding| !greeting::is_told(told, finding));
    found
}
