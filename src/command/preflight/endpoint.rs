//! The address that clients are to use: what stands there, where it lies, and the API servers behind it.

use std::{net::IpAddr, panic::resume_unwind, thread};

use super::{Seen, Site, looked, met};
use crate::{
    api::{Api, VerifyAs},
    balancer,
    check::{
        self, Resolved,
        front::{self, Evidence, Judgement},
    },
    command::shared::cluster::Cluster,
    endpoint::{Endpoint, Vip},
    front::Look,
    inventory::Inventory,
    probe,
    report::{Checked, Code, Finding, Group, Looked, Scope, Verdict},
    san::San,
};

/// What is said of all that is in the cluster.
pub(super) const ALL: &str = "cluster";

/// Looks at the address and at every API server from here; no machine is logged in to.
pub(super) fn look(site: &Site<'_>, seen: &mut Seen) {
    let Some((to, asked)) = site.to.as_ref().zip(site.name()) else {
        return seen.looked.push(looked("endpoint", Scope::Endpoint, Some("no address is named")));
    };
    let cluster = site.cluster.ok();
    let look = Look {
        world: site.world,
        access: cluster.map(|cluster| &cluster.access),
        trust: cluster.and_then(|cluster| cluster.trust.as_ref()),
        asked,
    };
    let servers = seen.servers(site);
    let evidence = look.gather(to.clone(), site.apis(&servers).collect(), vec![]);

    seen.looked.push(looked(&to.to_string(), Scope::Endpoint, unseen(site, &evidence)));
    let servers = evidence.nodes.iter();
    seen.looked.extend(servers.map(|node| {
        looked(&node.name, Scope::Api, node.face.tls.is_err().then_some("nobody answers there"))
    }));
    seen.looked.push(looked(ALL, Scope::Cluster, None));
    let found = front(site, to, &evidence);
    seen.add(found);
    let usual = |node: &str| balancer::answers(&distribution(site, seen, node)?);
    let found = front::servers(&evidence, usual);
    seen.add(found);
    let found = whereabouts(site, to, seen);
    seen.add(found);
    lifetime(site, to, seen);
    seen.looked.extend(untold(&seen.resolved));
}

/// The nodes that did not tell where the name leads from there.
fn untold(resolved: &[(String, Resolved)]) -> Vec<Looked> {
    let untold = resolved.iter().filter_map(|(node, found)| Some((node, found.as_ref().err()?)));
    untold
        .map(|(node, reason)| {
            looked(
                node,
                Scope::Resolver,
                Some(&format!("where the name leads from there is not known: {reason}")),
            )
        })
        .collect()
}

/// Why no more can be said of the address than what was found.
fn unseen(site: &Site<'_>, evidence: &Evidence) -> Option<&'static str> {
    if evidence.front.tls.is_err() {
        return Some("no certificate was seen there");
    }
    site.trust().is_none().then_some("there is no kubeconfig to judge it by")
}

/// Of an address where TLS ends, certificates are not judged: what is shown there is no API server's.
pub(super) fn pass_over(rows: &mut [Checked], to: &str, findings: &[Finding]) {
    let ends = |finding: &Finding| finding.code == Code::TlsTerminated && finding.subject == to;
    if !findings.iter().any(ends) {
        return;
    }
    let reason = "TLS ends there, so no API server's certificate was seen";
    let of_certificates = |row: &&mut Checked| row.subject == to && row.check.group == Group::Certificates;
    for row in rows.iter_mut().filter(of_certificates).filter(|row| row.verdict == Verdict::Passed) {
        row.verdict = Verdict::Skipped(reason.into());
    }
}

/// What the machine was seen to run, or what the inventory says.
fn distribution(site: &Site<'_>, seen: &Seen, node: &str) -> Option<String> {
    let observed = seen.nodes.iter().find(|standing| standing.node == node);
    let named = || site.inventory.nodes.iter().find(|target| target.name == node)?.distribution.clone();
    observed.map(|standing| standing.distribution.to_owned()).or_else(named)
}

/// What stands at the address; that nobody is there yet is no fault of one that nobody uses.
fn front(site: &Site<'_>, to: &Endpoint, evidence: &Evidence) -> Vec<Finding> {
    let Judgement { way, mut findings, .. } = front::judge(evidence);
    // Each node's silence is told once, as its own.
    findings.retain(|finding| finding.code != Code::BackendSilent);
    if let Err(error @ (probe::Error::Connect { .. } | probe::Error::Timeout { .. })) = &evidence.front.tls
        && !site.is_in_use(to)
    {
        findings.retain(|finding| finding.code != Code::EndpointUnreachable);
        findings.push(check::silent_endpoint(to, error));
        return findings;
    }
    if let Some(cluster) = site.cluster.ok().filter(|_| evidence.front.tls.is_ok()) {
        met::add(&mut findings, evidence, &way, cluster, site);
    }
    findings
}

/// Where the address lies, and where the name leads.
fn whereabouts(site: &Site<'_>, to: &Endpoint, seen: &Seen) -> Vec<Finding> {
    let Ok(found) = site.world.wire.resolved(to) else { return vec![] };
    let mut ranges = site.cluster.ok().map(|cluster| ranges(site, cluster)).unwrap_or_default();
    ranges.extend_from_slice(&seen.ranges);
    let inside = check::inside(to, &found, &ranges);
    let records = match &to.host {
        San::Ip(_) => vec![],
        San::Dns(_) => {
            let split = check::split(to, &found, &seen.resolved);
            [check::records(to, &found, &known(site), &silent(site, to, &found)), split].concat()
        }
    };
    inside.into_iter().chain(records).collect()
}

/// How long clients keep where the name leads; what is no name in DNS is kept by nobody.
fn lifetime(site: &Site<'_>, to: &Endpoint, seen: &mut Seen) {
    let San::Dns(name) = &to.host else { return };
    let Ok(found) = site.world.wire.resolved(to) else { return };
    let untold = || Err("no DNS server tells of it, so it may be in `/etc/hosts` alone".to_owned());
    let lifetime = site.world.wire.lifetime(name);
    let judged = lifetime.map_or_else(untold, |lifetime| check::lasting(to, &found, &lifetime));
    seen.looked.push(looked(&to.to_string(), Scope::Name, judged.as_ref().err().map(String::as_str)));
    seen.findings.extend(judged.ok().flatten());
}

fn ranges(site: &Site<'_>, cluster: &Cluster) -> Vec<(&'static str, Vip)> {
    let api = Api::new(&site.world.wire, &cluster.access, None, VerifyAs::Kubernetes);
    api.map(|api| api.ranges()).unwrap_or_default()
}

/// Where the name may lead; nothing where the inventory says nothing of what is in front.
fn known(site: &Site<'_>) -> Vec<IpAddr> {
    let Inventory { vip, balancers, nodes, .. } = site.inventory;
    if vip.is_none() && balancers.is_empty() {
        return vec![];
    }
    let machines = balancers.iter().map(|balancer| &balancer.target).chain(nodes);
    let hosts = machines.filter_map(|target| site.world.reach.host(target).parse().ok());
    vip.map(|vip| vip.address).into_iter().chain(hosts).collect()
}

/// The addresses at which nobody shakes hands, each tried side by side.
fn silent(site: &Site<'_>, to: &Endpoint, found: &[IpAddr]) -> Vec<IpAddr> {
    let is_silent = |ip: IpAddr| {
        let at = Endpoint::new(San::Ip(ip), to.port);
        site.world.wire.presented_as(&at, &to.host).is_err()
    };
    thread::scope(|scope| {
        let tries: Vec<_> = found.iter().map(|ip| (*ip, scope.spawn(move || is_silent(*ip)))).collect();
        let tried = tries.into_iter();
        let tried = tried.map(|(ip, tried)| (ip, tried.join().unwrap_or_else(|panic| resume_unwind(panic))));
        tried.filter(|(_, is_silent)| *is_silent).map(|(ip, _)| ip).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::checked;

    fn results(finding: Finding) -> Vec<(&'static str, Verdict)> {
        let (to, findings) = ("10.0.0.3:6443", [finding]);
        let mut rows = checked(&[looked(to, Scope::Endpoint, None)], &findings);
        pass_over(&mut rows, to, &findings);
        rows.into_iter().map(|row| (row.check.id, row.verdict)).collect()
    }

    #[test]
    fn a_node_that_does_not_tell_where_the_name_leads_has_not_passed() {
        let told = |found| vec![("cp1".to_owned(), found)];
        let silent = told(Err("there is no program getent".into()));

        let rows = checked(&untold(&silent), &[]);

        let verdicts: Vec<_> = rows.iter().map(|row| (row.check.id, &row.subject, &row.verdict)).collect();
        let reason = "where the name leads from there is not known: there is no program getent";
        assert_eq!(verdicts, [("whereabouts", &"cp1".to_owned(), &Verdict::Skipped(reason.into()))]);
        assert!(untold(&told(Ok(vec![]))).is_empty());
    }

    #[test]
    fn where_tls_ends_no_certificate_is_said_to_be_right() {
        let ended = results(Finding::new(Code::TlsTerminated, "10.0.0.3:6443", "it ends TLS itself"));
        let elsewhere = results(Finding::new(Code::TlsTerminated, "10.0.0.4:6443", "it ends TLS itself"));

        let of = |results: &[(&str, Verdict)], id: &str| {
            results.iter().find(|(check, _)| *check == id).map(|(_, verdict)| verdict.clone())
        };
        for id in ["chain", "names", "validity", "form"] {
            assert!(matches!(of(&ended, id), Some(Verdict::Skipped(_))), "{id}");
            assert_eq!(of(&elsewhere, id), Some(Verdict::Passed), "{id}");
        }
        assert_eq!(of(&ended, "reachable"), Some(Verdict::Passed));
    }
}
