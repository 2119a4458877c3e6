//! Kubeconfigs beside a balancer's files: their own faults, with their lines.

use std::path::PathBuf;

use super::{Facts, Files, Part, Pool, Source};
use crate::{
    kubeconfig::{self, Kubeconfig, Seen},
    report::{At, Code, Finding},
};

pub(super) fn judge<'a>(files: &Files<'_, 'a>, _: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        let path = PathBuf::from(&source.name);
        let seen = [Seen { real: path.clone(), path, text: source.text.clone(), mode: source.mode }];
        let findings = match Kubeconfig::read(&seen) {
            Ok(kubeconfig) => {
                let clusters = kubeconfig.files.iter().flat_map(|file| &file.clusters);
                part.judged.extend(clusters.map(|cluster| (*source, cluster.name.value.to_string())));
                kubeconfig::lint(&kubeconfig)
            }
            Err(findings) => findings,
        };
        let findings = findings.into_iter().map(|finding| placed(source, finding));
        part.findings.extend(findings.filter(|finding| !is_known_better(finding, files.pools)));
    }
    part
}

/// Whether the port is odd by custom only: where the balancer is at hand, what it listens on is what counts.
fn is_known_better(finding: &Finding, pools: &[Pool<'_>]) -> bool {
    let quote = finding.at.as_ref().map_or("", |at| &at.quote);
    let mut hosts = pools.iter().flat_map(|pool| &pool.listens).filter_map(|listen| listen.host.as_deref());
    finding.code == Code::KubeconfigOddPort && hosts.any(|host| quote.contains(&format!("//{host}:")))
}

/// A finding of `FILE:LINE`, as those of other files are.
pub fn placed(source: &Source, finding: Finding) -> Finding {
    let line =
        finding.subject.strip_prefix(&source.name).and_then(|rest| rest.strip_prefix(':')?.parse().ok());
    match line {
        Some(line) => {
            let at = Some(At { line, quote: source.quote(line) });
            Finding { subject: source.name.clone(), at, ..finding }
        }
        None => finding,
    }
}
