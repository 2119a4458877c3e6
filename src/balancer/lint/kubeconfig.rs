//! Kubeconfigs beside a balancer's files: their own faults, as `cpctl kubeconfig lint` tells them.

use std::path::PathBuf;

use super::{Facts, Files, Part, Source};
use crate::{
    kubeconfig::{self, Kubeconfig, Seen},
    report::{At, Finding},
};

pub(super) fn judge<'a>(files: &Files<'_, 'a>, _: &Facts<'_>) -> Part<'a> {
    Part { pools: vec![], findings: files.these.iter().flat_map(|source| of_file(source)).collect() }
}

fn of_file(source: &Source) -> Vec<Finding> {
    let path = PathBuf::from(&source.name);
    let seen = [Seen { real: path.clone(), path, text: source.text.clone(), mode: source.mode }];
    let findings = match Kubeconfig::read(&seen) {
        Ok(kubeconfig) => kubeconfig::lint(&kubeconfig),
        Err(findings) => findings,
    };
    findings.into_iter().map(|finding| placed(source, finding)).collect()
}

/// A finding of `FILE:LINE`, as those of other files are.
fn placed(source: &Source, finding: Finding) -> Finding {
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
