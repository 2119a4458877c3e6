//! What the kernel has to allow: an address that another machine holds, bound here all the same.

use std::path::PathBuf;

use super::{Desired, Seen, Wish, run};
use crate::{
    balancer::render::Kind,
    node::Command,
    plan::Change,
    report::{Code, Finding},
};

pub(super) const KEYS: [&str; 2] = ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind"];
const SETTINGS: &str = "/etc/sysctl.d/";

/// Where the kernel shows a setting.
pub(super) fn place(key: &str) -> PathBuf {
    PathBuf::from("/proc/sys").join(key.replace('.', "/"))
}

/// What has the kernel take in those of the files that hold its settings.
pub(super) fn changes(files: &[&Wish], seen: &Seen) -> Vec<Change> {
    let settings = files.iter().filter(|file| file.path.starts_with(SETTINGS));
    settings
        .filter_map(|file| {
            let unlike = set_in(&file.text).filter_map(|(key, value)| {
                let now = value_of(key, seen)?;
                (now != value).then(|| sysctl(&["-q", "-w", &format!("{key}={now}")]))
            });
            let undo: Vec<_> = unlike.collect();
            (!undo.is_empty()).then(|| run([sysctl(&["-q", "-p", &file.path])], undo))
        })
        .collect()
}

/// A machine that could not bind the address while another one holds it, and that nobody allows to.
pub(super) fn fault(desired: &Desired<'_>, seen: &Seen) -> Option<Finding> {
    let key = KEYS[usize::from(desired.vip.is_ipv6())];
    let is_proxy = desired.programs.iter().any(|(program, _)| program.kind != Kind::Keepalived);
    let is_allowed = value_of(key, seen).is_none_or(|value| value != "0")
        || desired.files().any(|file| file.path.starts_with(SETTINGS));
    if !is_proxy || is_allowed || desired.is_holder(seen) {
        return None;
    }
    let message =
        format!("it does not hold {}, and {key} is 0: nothing here could bind that address", desired.vip);
    let finding = Finding::new(Code::BalancerCannotBind, desired.machine, message);
    Some(finding.remedy(
        "apply `keepalived` along with it, which writes that setting: `cpctl lb apply haproxy keepalived`",
    ))
}

fn value_of(key: &str, seen: &Seen) -> Option<String> {
    let text = seen.text(place(key).to_str()?)?;
    Some(text.trim().to_owned())
}

fn set_in(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(key, value)| (key.trim(), value.trim()))
}

fn sysctl(words: &[&str]) -> Command {
    words.iter().fold(Command::new("sysctl"), |command, word| command.arg(*word))
}
