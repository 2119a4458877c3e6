//! What a configuration serves beside the API servers, and would no longer.

use std::collections::BTreeSet;

use super::{Desired, Seen, Wish};
use crate::{
    balancer::render::Kind,
    report::{Code, Finding},
};

/// An old configuration that listens where the new one does not.
pub(super) fn fault(desired: &Desired<'_>, seen: &Seen) -> Vec<Finding> {
    let of_program = |(program, files): &(&'static super::Program, Vec<Wish>)| {
        let file = files.iter().find(|file| file.path == program.main)?;
        let old = seen.text(program.main)?;
        let ports = match program.kind {
            Kind::Haproxy => bound,
            Kind::Nginx => listened,
            _ => return None,
        };
        let lost: Vec<_> = ports(&old).difference(&ports(&file.text)).cloned().collect();
        let serves = if program.kind == Kind::Nginx && has_sites(&old) {
            "the sites of its `http` block".to_owned()
        } else if lost.is_empty() {
            return None;
        } else {
            format!("port {}", lost.join(", "))
        };
        let message = format!("{} serves {serves} there too, and would no longer", program.unit);
        let finding = Finding::new(Code::BalancerServesMore, desired.machine, message);
        Some(finding.remedy(format!(
            "add what `cpctl lb render {}` prints to it by hand; `--force` replaces it as it is",
            program.unit
        )))
    };
    desired.programs.iter().filter_map(of_program).collect()
}

/// The ports of HAProxy's `bind` lines, and of addresses beside the name of a `listen` or `frontend`.
fn bound(text: &str) -> BTreeSet<String> {
    let address = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            ["bind", at, ..] | ["listen" | "frontend", _, at, ..] => Some((*at).to_owned()),
            _ => None,
        }
    };
    let addresses = text.lines().filter_map(address).collect::<Vec<_>>();
    let each = addresses.iter().flat_map(|at| at.split(','));
    each.filter_map(|at| at.rsplit_once(':')).map(|(_, port)| port.to_owned()).collect()
}

/// The ports of NGINX' `listen` lines.
fn listened(text: &str) -> BTreeSet<String> {
    let lines = text.lines().map(str::trim).filter_map(|line| line.strip_prefix("listen "));
    let first = lines.filter_map(|rest| rest.split([' ', ';']).find(|word| !word.is_empty()));
    first.map(|at| at.rsplit_once(':').map_or(at, |(_, port)| port).to_owned()).collect()
}

fn has_sites(text: &str) -> bool {
    text.lines().any(|line| line.split_whitespace().next() == Some("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_wherever_haproxy_and_nginx_take_them() {
        let haproxy = "listen web *:443\n  bind :80,:81 ssl\nfrontend a\nbind [::]:6443\nbind /run/x.sock\n";
        let nginx = "listen 443 ssl;\n  listen [::]:80;\nlisten 10.0.0.1:6443;\n";

        let bound: Vec<_> = bound(haproxy).into_iter().collect();
        let listened: Vec<_> = listened(nginx).into_iter().collect();

        assert_eq!(bound, ["443", "6443", "80", "81"]);
        assert_eq!(listened, ["443", "6443", "80"]);
    }
}
