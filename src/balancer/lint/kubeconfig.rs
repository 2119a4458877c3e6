//! Kubeconfigs beside a balancer's files: their own faults, with their lines.

use std::path::PathBuf;

use super::{Facts, Files, Part, Pool, Source};
use crate::{
    balancer::secrets::hidden,
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
            let at = Some(At { line, quote: quote(source, line) });
            Finding { subject: source.name.clone(), at, ..finding }
        }
        None => finding,
    }
}

/// A line by its key alone: nobody knows which values are secrets where keys are misspelt. An address is none.
fn quote(source: &Source, line: usize) -> String {
    let text = source.line(line).trim();
    let text = text.strip_prefix("- ").unwrap_or(text).trim_start();
    let is_key = |key: &&str| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || ['-', '_'].contains(&letter);
        !key.is_empty() && key.chars().all(is_part)
    };
    let split = text.split_once(':').filter(|(key, rest)| {
        !text.contains('{') && is_key(key) && (rest.is_empty() || rest.starts_with(char::is_whitespace))
    });
    match split {
        Some(("server", value)) => {
            hidden(&format!("server: {}", value.split_whitespace().next().unwrap_or("…")))
        }
        Some((key, _)) => format!("{key}: …"),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_quoted_by_its_key_and_only_an_address_is_shown() {
        for (text, quoted) in [
            ("    client-key-date: hunter2", "client-key-date: …"),
            ("tokn: hunter2 and hunter2", "tokn: …"),
            ("- pasword: \"hunter2\"", "pasword: …"),
            ("user: {token: hunter2}", "…"),
            (r#"{"users":[{"user":{"tokn":"hunter2"}}]}"#, "…"),
            (r#""token": "hunter2","#, "…"),
            ("aHVudGVyMg==hunter2", "…"),
            ("hunter2 or so: b", "…"),
            ("token:hunter2", "…"),
            ("users:", "users: …"),
            ("server: https://10.0.0.1:644 # hunter2", "server: https://10.0.0.1:644"),
            ("server: https://me:hunter2@10.0.0.1:644", "server: https://…@10.0.0.1:644"),
            ("server:", "server: …"),
            ("serverr: hunter2", "serverr: …"),
        ] {
            let source = Source { name: "config".into(), text: text.to_owned(), mode: None, kind: None };

            assert_eq!(quote(&source, 1), quoted, "{text}");
        }
    }
}
