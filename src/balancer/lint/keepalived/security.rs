//! Who may run what: keepalived is root.

use super::config::Config;
use crate::report::{Code, Finding};

pub(super) fn judge(config: &Config<'_>) -> Vec<Finding> {
    let Some(first) = config.scripts().next() else { return vec![] };
    let has = |name: &str| config.blocks("global_defs").any(|block| block.has(name));
    let is_named = config.scripts().all(|script| script.has("user")) || has("script_user");
    let at = config.blocks("global_defs").next().unwrap_or(first);
    let mut findings = vec![];
    if !has("enable_script_security") {
        findings.push(at.finding(
            Code::KeepalivedScriptSecurity,
            at.line(),
            "keepalived runs scripts that others than root may change",
            "enable_script_security",
        ));
    }
    if !is_named {
        findings.push(at.finding(
            Code::KeepalivedScriptUser,
            at.line(),
            "nothing says as whom scripts run: without a user named `keepalived_script` it is root",
            "script_user keepalived_script",
        ));
    }
    findings
}
