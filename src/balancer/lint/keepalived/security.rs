//! Who may run what: keepalived is root.

use super::config::Config;
use crate::report::{Code, Finding};

pub(super) fn judge(config: &Config<'_>) -> Vec<Finding> {
    let Some(first) = config.scripts().next() else { return vec![] };
    let has = |name: &str| config.blocks("global_defs").any(|block| block.has(name));
    let is_named = config.scripts().all(|script| script.has("user")) || has("script_user");
    let line = config.blocks("global_defs").next().map_or(first.line(), |block| block.line());
    let mut findings = vec![];
    if !has("enable_script_security") {
        findings.push(config.finding(
            Code::KeepalivedScriptSecurity,
            line,
            "keepalived runs scripts that others than root may change",
            "enable_script_security",
        ));
    }
    if !is_named {
        findings.push(config.finding(
            Code::KeepalivedScriptUser,
            line,
            "nothing says as whom scripts run: without a user named `keepalived_script` it is root",
            "script_user keepalived_script",
        ));
    }
    findings
}
