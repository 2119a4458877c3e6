//! Kubeconfigs found, read, judged and moved.

use std::{fs, path::PathBuf};

use super::*;
use crate::{endpoint::Endpoint, report::Finding};

mod lint;
mod plan;
mod read;

fn seen(path: &str, text: &str) -> Seen {
    Seen { path: path.into(), real: path.into(), text: text.into(), mode: Some(0o600) }
}

fn fixture(name: &str) -> Seen {
    let directory = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kubeconfigs"));
    seen("/k/config", &fs::read_to_string(directory.join(format!("{name}.yaml"))).unwrap())
}

/// Findings of one file, as lines.
fn linted(file: Seen) -> Vec<String> {
    let files = [file];
    let shown = |finding: &Finding| {
        let remedy = finding.remedy.as_deref().unwrap_or("-");
        format!("{} {}: {} => {remedy}", finding.code.id(), finding.subject, finding.message)
    };
    lint(&Kubeconfig::read(&files).unwrap()).iter().map(shown).collect()
}

fn lint_text(text: &str) -> Vec<String> {
    linted(seen("/k/config", text))
}

fn cluster_text(lines: &str) -> String {
    format!("clusters:\n- name: a\n  cluster: {{{lines}}}\n")
}

fn vip() -> Endpoint {
    "172.22.22.3:16443".parse().unwrap()
}

/// What moving the cluster of a fixture says beside the edit.
fn notes(name: &str) -> Vec<String> {
    let files = [fixture(name)];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let cluster = kubeconfig.resolve(&Selection::Current).unwrap().cluster;
    plan_repoint(&kubeconfig, &[cluster], &vip()).unwrap().steps.remove(0).notes
}
