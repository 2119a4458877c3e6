//! Findings in SARIF 2.1.0, as code scanners exchange them.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::words::{file, terms};
use crate::{
    outcome::Preflight,
    report::{Check, Checked, Code, Finding, Severity, Verdict},
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let rules = rules(preflight);
    let results: Vec<Value> = preflight.rows.iter().flat_map(|row| results(row, &rules)).collect();
    let driver = json!({
        "name": "cpctl",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
    });
    let invocation = json!({
        "executionSuccessful": true,
        "endTimeUtc": preflight.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "toolExecutionNotifications": preflight.rows.iter().filter_map(notification).collect::<Vec<_>>(),
    });
    let run = json!({
        "tool": { "driver": driver },
        "automationDetails": { "id": "cpctl/preflight/" },
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    });
    serde_json::to_writer_pretty(
        &mut *out,
        &json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }),
    )?;
    writeln!(out)
}

/// The kinds of findings that there are, in the order of the checks.
fn rules(preflight: &Preflight) -> Vec<Code> {
    let accepted = preflight.accepted().map(|accepted| &accepted.finding);
    let mut rules: Vec<Code> = vec![];
    for finding in preflight.findings().chain(accepted) {
        if !rules.contains(&finding.code) {
            rules.push(finding.code);
        }
    }
    rules
}

fn rule(code: Code) -> Value {
    let (told, check) = (code.explanation(), Check::of(code));
    let mut rule = json!({
        "id": code.id(),
        "shortDescription": { "text": told.what },
        "fullDescription": { "text": told.why },
        "help": { "text": told.mend },
        "defaultConfiguration": { "level": level(code.severity()) },
        "properties": { "tags": [check.group.id(), check.id] },
    });
    if let Some(source) =
        Some(told.source).filter(|source| source.starts_with("https://") && !source.contains(" "))
    {
        rule["helpUri"] = source.into();
    }
    rule
}

fn results(row: &Checked, rules: &[Code]) -> Vec<Value> {
    let counting = row.findings().iter().map(|finding| result(row, finding, rules));
    let accepted = row.accepted.iter().map(|accepted| {
        let mut result = result(row, &accepted.finding, rules);
        result["suppressions"] = json!([{ "kind": "external", "justification": terms(accepted) }]);
        result
    });
    counting.chain(accepted).collect()
}

fn result(row: &Checked, finding: &Finding, rules: &[Code]) -> Value {
    let remedy = finding.remedy.as_ref().map(|remedy| format!("\n{remedy}")).unwrap_or_default();
    let quote = finding.at.as_ref().map(|at| at.quote.trim()).unwrap_or_default();
    json!({
        "ruleId": finding.code.id(),
        "ruleIndex": rules.iter().position(|code| *code == finding.code),
        "level": level(finding.code.severity()),
        "message": { "text": format!("{}: {}{remedy}", finding.subject, finding.message) },
        "locations": [location(row, finding)],
        "partialFingerprints": {
            "cpctlFinding/v1": format!("{}/{}/{quote}", finding.code.id(), finding.subject),
        },
    })
}

/// A node is no file, but who shows results beside files refuses those that have none: it stands in a place of its name.
fn location(row: &Checked, finding: &Finding) -> Value {
    let region = match &finding.at {
        Some(at) => json!({ "startLine": at.line.max(1), "snippet": { "text": at.quote } }),
        None => json!({ "startLine": 1 }),
    };
    let uri = file(row, finding).map_or_else(|| format!("cluster/{}", segment(&finding.subject)), uri);
    json!({
        "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region },
        "logicalLocations": [{ "name": finding.subject, "kind": "resource" }],
    })
}

fn uri(path: &str) -> String {
    let path: Vec<String> = path.strip_prefix("./").unwrap_or(path).split('/').map(segment).collect();
    let path = path.join("/");
    if path.starts_with('/') { format!("file://{path}") } else { path }
}

/// A part of a URI, in which every other letter is written as its bytes.
fn segment(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn notification(row: &Checked) -> Option<Value> {
    let Verdict::Skipped(reason) = &row.verdict else { return None };
    let text = format!("{}: {} could not be checked: {reason}", row.subject, row.check.id);
    Some(json!({ "level": "note", "message": { "text": text } }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Fail => "error",
        Severity::Warn => "warning",
        Severity::Note => "note",
    }
}
