//! Keys that no client knows, and what probably was meant by them.

use std::collections::HashMap;

use super::{
    known::{CLUSTER, CONTEXT, EXEC, ROOT, USER},
    near::nearest,
    read::{File, Seen},
};
use crate::{
    edit::yaml::Node,
    report::{Code, Finding},
};

/// List, key of its items' bodies, keys of a body.
const LISTS: [(&str, &str, &[&str]); 3] =
    [("clusters", "cluster", CLUSTER), ("contexts", "context", CONTEXT), ("users", "user", USER)];

/// Misspelt and repeated keys, and names that stand twice.
pub(super) fn lint(file: &File<'_>) -> Vec<Finding> {
    let (seen, mut findings) = (file.seen, vec![]);
    let Some(root) = file.tree.first() else { return findings };
    check_map(seen, root, ROOT, &mut findings);
    for (list, body, known) in LISTS {
        let mut lines = HashMap::new();
        for item in root.get(list).into_iter().flat_map(Node::items) {
            check_map(seen, item, &["name", body], &mut findings);
            findings.extend(repeated_name(seen, item, body, &mut lines));
            let Some(body) = item.get(body) else { continue };
            check_map(seen, body, known, &mut findings);
            if let Some(exec) = body.get("exec").filter(|_| known == USER) {
                check_map(seen, exec, EXEC, &mut findings);
            }
        }
    }
    findings
}

fn check_map(seen: &Seen, map: Node<'_, '_>, known: &[&str], findings: &mut Vec<Finding>) {
    let keys: Vec<(&str, usize)> =
        map.entries().filter_map(|(key, _)| Some((key.scalar()?.as_ref(), key.line()))).collect();
    for (index, (key, line)) in keys.iter().enumerate() {
        if let Some((_, first)) = keys[..index].iter().find(|(other, _)| other == key) {
            findings.push(
                Finding::new(
                    Code::KubeconfigDuplicate,
                    seen.at(*line),
                    format!("`{key}` stands in line {first} already; kubectl takes the last one"),
                )
                .remedy(format!("remove one of the lines {first} and {line}")),
            );
        }
        let absent = known.iter().copied().filter(|name| keys.iter().all(|(key, _)| key != name));
        if known.contains(key) || *key == "<<" {
            continue;
        }
        if let Some(meant) = nearest(key, absent) {
            findings.push(
                Finding::new(
                    Code::KubeconfigTypo,
                    seen.at(*line),
                    format!("no client knows the key `{key}`, so it is passed over"),
                )
                .remedy(format!("if that is what it means, write `{meant}:`")),
            );
        }
    }
}

fn repeated_name<'t>(
    seen: &Seen,
    item: Node<'t, '_>,
    what: &str,
    lines: &mut HashMap<&'t str, usize>,
) -> Option<Finding> {
    let name = item.get("name")?;
    let (value, line) = (name.scalar()?.as_ref(), name.line());
    let first = lines.insert(value, line)?;
    Some(
        Finding::new(
            Code::KubeconfigUnreadable,
            seen.at(line),
            format!("{what} `{value}` stands in line {first} already; kubectl refuses such a file"),
        )
        .remedy(format!("rename or remove the one in line {line}")),
    )
}
