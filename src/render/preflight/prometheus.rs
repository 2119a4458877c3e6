//! Checks as metrics in Prometheus' text format, for a file that node_exporter collects.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::words::{count, skipped};
use crate::{
    cert::ServingCert,
    outcome::{Preflight, Standing},
    render::findings::{plain, word},
    report::{Check, Finding, Severity, Verdict},
};

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let passed = i64::from(!preflight.is_failed());
    family("cpctl_preflight_passed", "Whether no finding was bad enough to fail.", out)?;
    writeln!(out, "cpctl_preflight_passed {passed}")?;
    family("cpctl_preflight_last_run_timestamp_seconds", "When the checks were made.", out)?;
    writeln!(out, "cpctl_preflight_last_run_timestamp_seconds {}", preflight.now.as_second())?;
    checks(preflight, out)?;
    family("cpctl_preflight_findings", "Findings that count, by severity.", out)?;
    for severity in [Severity::Fail, Severity::Warn, Severity::Note] {
        let labels = labels(&[("severity", word(severity))]);
        writeln!(out, "cpctl_preflight_findings{labels} {}", count(preflight, severity))?;
    }
    findings(preflight, out)?;
    certificates(preflight, out)
}

fn checks(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let passed = preflight.rows.iter().filter(|row| row.verdict == Verdict::Passed).count();
    let skipped = skipped(preflight);
    family("cpctl_preflight_checks", "Checks by what they came to, one for each subject.", out)?;
    for (result, count) in
        [("passed", passed), ("found", preflight.rows.len() - passed - skipped), ("skipped", skipped)]
    {
        writeln!(out, "cpctl_preflight_checks{} {count}", labels(&[("result", result)]))?;
    }
    Ok(())
}

/// How often each was found of each subject: no two series may have the same labels.
fn findings(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let counting = preflight.findings().map(|finding| (finding, "false"));
    let accepted = preflight.accepted().map(|accepted| (&accepted.finding, "true"));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (finding, accepted) in counting.chain(accepted) {
        *counts.entry(of_finding(finding, accepted)).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok(());
    }
    family("cpctl_preflight_finding", "How often something was found of a subject.", out)?;
    counts.iter().try_for_each(|(labels, count)| writeln!(out, "cpctl_preflight_finding{labels} {count}"))
}

fn of_finding(finding: &Finding, accepted: &str) -> String {
    let check = Check::of(finding.code);
    labels(&[
        ("code", finding.code.id()),
        ("severity", word(finding.code.severity())),
        ("group", check.group.id()),
        ("check", check.id),
        ("subject", &finding.subject),
        ("accepted", accepted),
    ])
}

fn certificates(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let places = |node: &Standing| {
        let (name, disk, leaf) = (node.node.clone(), node.on_disk.as_ref(), node.leaf());
        [("disk", disk.map(end)), ("wire", leaf.map(end))].map(|(place, end)| (name.clone(), place, end))
    };
    let ends: BTreeMap<_, _> = preflight
        .nodes
        .iter()
        .flat_map(places)
        .filter_map(|(node, place, end)| Some((labels(&[("node", &node), ("place", place)]), end?)))
        .collect();
    if ends.is_empty() {
        return Ok(());
    }
    let name = "cpctl_preflight_certificate_not_after_timestamp_seconds";
    family(name, "When an API server's certificate expires.", out)?;
    ends.iter().try_for_each(|(labels, end)| writeln!(out, "{name}{labels} {end}"))
}

fn end(cert: &ServingCert) -> i64 {
    cert.not_after.as_second()
}

fn family(name: &str, help: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")
}

fn labels(pairs: &[(&str, &str)]) -> String {
    let escaped = |value: &str| plain(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs = pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}
