//! What keeps a machine in front from its configuration, found before anything is changed.

use super::{
    Desired, Over, Program, group, kernel, others,
    program::{CURL, KEEPALIVED, Reloads},
    seen::Seen,
};
use crate::{
    balancer::render::Kind,
    node::UnitSeen,
    report::{Code, Finding},
};

/// Whose scripts keepalived runs.
const SCRIPTS_USER: &str = "keepalived_script";

impl Desired<'_> {
    /// What stands in the way on this machine.
    pub(super) fn faults(&self, seen: &Seen) -> Vec<Finding> {
        let programs = self.programs.iter().enumerate();
        let mut findings: Vec<_> =
            programs.flat_map(|(index, (program, _))| self.of_program(program, index, seen)).collect();
        findings.extend(self.no_user(seen));
        findings.extend(self.no_proxy(seen));
        if self.over == Over::Own {
            findings.extend(others::fault(self, seen));
        }
        findings.extend(kernel::fault(self, seen));
        findings.extend(group::fault(self, seen));
        findings
    }

    fn of_program(&self, program: &Program, index: usize, seen: &Seen) -> Vec<Finding> {
        let mut findings = vec![];
        let found =
            |code, message: String, remedy: String| Finding::new(code, self.machine, message).remedy(remedy);
        if !seen.binaries[index] || seen.units[index] == UnitSeen::Missing {
            let message = format!("there is no {} with a unit of systemd's", program.binary);
            let remedy = format!("install {} there first", program.unit);
            findings.push(found(Code::BalancerProgramMissing, message, remedy));
        }
        if seen.is_running(index) && seen.reloads[index] == Reloads::No {
            let unit = program.service();
            let message =
                format!("{unit} there cannot reload, and a restart ends every connection through it");
            let remedy = format!("give it an `ExecReload=`: `sudo systemctl edit {unit}`");
            findings.push(found(Code::BalancerCannotReload, message, remedy));
        }
        if program.kind != Kind::Keepalived && !seen.has_curl {
            let message = format!("there is no {CURL} to see with that {} leads to a server", program.unit);
            findings.push(found(Code::BalancerProgramMissing, message, "install curl there first".into()));
        }
        findings
    }

    fn no_user(&self, seen: &Seen) -> Option<Finding> {
        let runs_scripts = self.programs.iter().any(|(program, _)| **program == KEEPALIVED);
        let is_user = |line: &str| line.split(':').next() == Some(SCRIPTS_USER);
        if !runs_scripts || seen.users.lines().any(is_user) {
            return None;
        }
        let message =
            format!("there is no user {SCRIPTS_USER}, and keepalived would run its scripts as root");
        Some(Finding::new(Code::BalancerUserMissing, self.machine, message).remedy(format!(
            "make it there: `sudo useradd --system --no-create-home --shell /usr/sbin/nologin {SCRIPTS_USER}`"
        )))
    }

    fn no_proxy(&self, seen: &Seen) -> Option<Finding> {
        let has_proxy = self.programs.iter().any(|(program, _)| program.unit == self.proxy);
        if has_proxy || matches!(seen.proxy, UnitSeen::Active { .. }) {
            return None;
        }
        let message = format!("keepalived would look after {}, which does not run there", self.proxy);
        let finding = Finding::new(Code::BalancerProgramMissing, self.machine, message);
        Some(finding.remedy("apply the proxy along with it, or say which one runs: `--proxy nginx`"))
    }
}
