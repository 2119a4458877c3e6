//! `vrrp_script`: how often it looks, and what it runs.

use super::config::{Block, Config};
use crate::report::{Code, Finding};

/// Seconds within which a proxy that does not answer is to lose the address.
const SEEN_WITHIN: f64 = 30.0;
/// What only a shell understands.
const OF_SHELL: &[char] = &['|', ';', '&', '<', '>', '`', '$', '*'];

pub(super) fn judge(config: &Config<'_>) -> Vec<Finding> {
    config.scripts().flat_map(|script| [slow(&script), needs_shell(&script)]).flatten().collect()
}

fn slow(script: &Block<'_, '_>) -> Option<Finding> {
    let within = noticed(script)?;
    let line = script.value("fall").or_else(|| script.value("interval")).map_or(script.line(), |at| at.line);
    (within > SEEN_WITHIN).then(|| {
        script.finding(
            Code::DetectionSlow,
            line,
            format!("a proxy that is dead keeps the address for {within} s: interval × fall + timeout"),
            "fall 3, with `interval 2` and `timeout 3`",
        )
    })
}

/// Seconds until a script has failed often enough; `None` where they are not known.
pub(super) fn noticed(script: &Block<'_, '_>) -> Option<f64> {
    let given = |name: &str, otherwise: f64| match script.has(name) {
        true => script.number(name),
        false => Some(otherwise),
    };
    let interval = given("interval", 1.0)?;
    Some(interval * given("fall", 1.0)? + given("timeout", interval)?)
}

fn needs_shell(script: &Block<'_, '_>) -> Option<Finding> {
    let command = script.value("script")?;
    let is_shell = command.text.split_whitespace().next().is_some_and(|program| program.ends_with("sh"));
    let is_plain = !command.text.contains(OF_SHELL);
    (!is_shell && !is_plain).then(|| {
        script.finding(
            Code::KeepalivedNeedsShell,
            command.line,
            "keepalived starts the program without a shell, so these characters are handed to it as they are",
            "put the line into a file that begins with `#!/bin/sh`, and name that: `script \"/usr/local/sbin/check.sh\"`",
        )
    })
}
