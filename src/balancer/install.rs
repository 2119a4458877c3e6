//! What gives a machine in front its configuration, as a step of a plan.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use super::{render::Kind, secrets::hidden};
use crate::{
    node::{Answer, Ask, Command, Digest, FileSeen, UnitSeen},
    plan::{Change, Judge, Replace, Settle, Step},
    report::{Code, Finding},
};

mod group;
mod kernel;
#[cfg(test)]
mod tests;

/// A program that runs on machines in front.
#[derive(Debug, Eq, PartialEq)]
pub struct Program {
    pub kind: Kind,
    pub unit: &'static str,
    binary: &'static str,
    /// The file that the program reads, and which leads to all others.
    main: &'static str,
    /// What the program itself judges a configuration with; the file comes last.
    judge: [&'static str; 3],
    /// A line that it cannot judge, and what stands for it meanwhile.
    unjudged: Option<(&'static str, &'static str)>,
    /// Where it says that it leads to a server, on its own machine.
    page: Option<&'static str>,
}

pub const HAPROXY: Program = Program {
    kind: Kind::Haproxy,
    unit: "haproxy",
    binary: "/usr/sbin/haproxy",
    main: "/etc/haproxy/haproxy.cfg",
    judge: ["haproxy", "-c", "-f"],
    unjudged: None,
    page: Some("http://127.0.0.1:8404/lb-ready"),
};
pub const NGINX: Program = Program {
    kind: Kind::Nginx,
    unit: "nginx",
    binary: "/usr/sbin/nginx",
    main: "/etc/nginx/nginx.conf",
    judge: ["nginx", "-t", "-c"],
    unjudged: None,
    page: None,
};
pub const KEEPALIVED: Program = Program {
    kind: Kind::Keepalived,
    unit: "keepalived",
    binary: "/usr/sbin/keepalived",
    main: "/etc/keepalived/keepalived.conf",
    judge: ["keepalived", "-t", "-f"],
    // Up to 2.2.7 a test with another user than root ends itself with 143, whatever it found.
    unjudged: Some(("script_user keepalived_script", "script_user root")),
    page: None,
};

/// What asks the page; a server is up some checks after a reload at the latest.
const CURL: &str = "/usr/bin/curl";
const USERS: &str = "/etc/passwd";
/// Whose scripts keepalived runs.
const SCRIPTS_USER: &str = "keepalived_script";

/// A machine and all that it shall have.
pub struct Desired<'a> {
    pub machine: &'a str,
    pub vip: IpAddr,
    /// In the order in which they are to take their files in.
    pub programs: Vec<(&'static Program, Vec<Wish>)>,
}

/// A file that a machine shall have.
#[derive(Clone, Debug)]
pub struct Wish {
    pub path: String,
    pub mode: u32,
    pub text: String,
    /// Whether another text will do that has these certificates in it, as a bundle does.
    pub or_more: bool,
}

/// What there is to do on a machine.
#[derive(Debug)]
pub struct Planned {
    /// `None` where all is as it shall be.
    pub step: Option<Step>,
    pub replaced: Vec<Replaced>,
    /// Whether clients reach this machine at the shared address.
    pub is_holder: bool,
}

/// A text that takes another one's place. Both are shown without their secrets.
#[derive(Debug)]
pub struct Replaced {
    pub path: PathBuf,
    pub before: String,
    pub after: String,
}

/// A machine as it is.
struct Seen {
    files: Vec<(PathBuf, Option<FileSeen>)>,
    units: Vec<UnitSeen>,
    binaries: Vec<bool>,
    has_curl: bool,
    addresses: Vec<String>,
    users: String,
}

impl Desired<'_> {
    /// All that is asked, in one round trip.
    pub fn asks(&self) -> Vec<Ask> {
        let mut asks: Vec<_> = self.paths().into_iter().map(Ask::File).collect();
        asks.extend(self.programs.iter().map(|(program, _)| Ask::Unit(program.unit.into())));
        asks.extend(self.programs.iter().map(|(program, _)| Ask::Exists(program.binary.into())));
        asks.extend([Ask::Exists(CURL.into()), Ask::Addresses, Ask::File(USERS.into())]);
        asks
    }

    /// The files that the machine shall have, and what of the kernel's is asked beside them.
    fn paths(&self) -> Vec<PathBuf> {
        let files = self.files().map(|file| PathBuf::from(&file.path));
        files.chain(kernel::KEYS.map(kernel::place)).collect()
    }

    fn files(&self) -> impl Iterator<Item = &Wish> {
        self.programs.iter().flat_map(|(_, files)| files)
    }

    /// The step that leaves the machine with its files; findings that fail stand in the way.
    pub fn plan(&self, answers: Vec<Answer>) -> Result<Planned, Vec<Finding>> {
        let seen = self.seen(answers);
        let findings = self.faults(&seen);
        if !findings.is_empty() {
            return Err(findings);
        }
        let (mut changes, mut mains, mut runs, mut settle, mut replaced) =
            (vec![], vec![], vec![], vec![], vec![]);
        for (index, (program, files)) in self.programs.iter().enumerate() {
            let (aside, main): (Vec<&Wish>, Vec<&Wish>) =
                files.iter().partition(|file| file.path != program.main);
            let before = aside.iter().flat_map(|file| seen.changed(file, None)).collect::<Vec<_>>();
            let after = main.iter().flat_map(|file| seen.changed(file, Some(program))).collect::<Vec<_>>();
            let kernel = kernel::changes(&aside, &seen);
            let is_running = matches!(seen.units[index], UnitSeen::Active { .. });
            if is_running && before.is_empty() && after.is_empty() && kernel.is_empty() {
                continue;
            }
            replaced.extend(files.iter().filter_map(|file| seen.replaced(file)));
            changes.extend(before.into_iter().chain(kernel));
            mains.extend(after);
            runs.extend(program.taken_in(is_running));
            settle.push(Settle::Reload { unit: program.unit.into() });
        }
        let step = (!settle.is_empty()).then(|| Step {
            node: self.machine.to_owned(),
            why: self.why(&seen),
            holds: vec![],
            changes: changes.into_iter().chain(mains).chain(runs).collect(),
            settle,
            proofs: vec![],
            notes: vec![],
        });
        Ok(Planned { step, replaced, is_holder: self.is_holder(&seen) })
    }

    fn why(&self, seen: &Seen) -> String {
        let holds = if self.is_holder(seen) { "holds" } else { "does not hold" };
        format!("it {holds} {} now", self.vip)
    }

    fn is_holder(&self, seen: &Seen) -> bool {
        seen.addresses.iter().any(|address| address.parse() == Ok(self.vip))
    }

    fn seen(&self, answers: Vec<Answer>) -> Seen {
        let mut answers = answers.into_iter();
        let paths = self.paths();
        let mut next = || answers.next().unwrap_or(Answer::Absent);
        let file = |answer: Answer| match answer {
            Answer::File(seen) => Some(seen),
            _ => None,
        };
        let files = paths.into_iter().map(|path| (path, file(next()))).collect();
        let unit = |answer| match answer {
            Answer::Unit(unit) => unit,
            _ => UnitSeen::Missing,
        };
        let units = self.programs.iter().map(|_| unit(next())).collect();
        let binaries = self.programs.iter().map(|_| next().is_present()).collect();
        let has_curl = next().is_present();
        let addresses = match next() {
            Answer::Addresses(addresses) => addresses,
            _ => vec![],
        };
        let users = String::from_utf8_lossy(next().bytes().unwrap_or_default()).into_owned();
        Seen { files, units, binaries, has_curl, addresses, users }
    }

    /// What stands in the way on this machine.
    fn faults(&self, seen: &Seen) -> Vec<Finding> {
        let mut findings = vec![];
        for (index, (program, _)) in self.programs.iter().enumerate() {
            if !seen.binaries[index] || seen.units[index] == UnitSeen::Missing {
                let message = format!("there is no {} with a unit of systemd's", program.binary);
                let remedy = format!("install {} there first", program.unit);
                findings
                    .push(Finding::new(Code::BalancerProgramMissing, self.machine, message).remedy(remedy));
            }
            if program.page.is_some() && !seen.has_curl {
                let message =
                    format!("there is no {CURL} to see with that {} leads to a server", program.unit);
                let finding = Finding::new(Code::BalancerProgramMissing, self.machine, message);
                findings.push(finding.remedy("install curl there first"));
            }
        }
        let runs_scripts = self.programs.iter().any(|(program, _)| program.kind == Kind::Keepalived);
        let is_user = |line: &str| line.split(':').next() == Some(SCRIPTS_USER);
        if runs_scripts && !seen.users.lines().any(is_user) {
            let message =
                format!("there is no user {SCRIPTS_USER}, and keepalived would run its scripts as root");
            findings.push(Finding::new(Code::BalancerUserMissing, self.machine, message).remedy(format!(
                "make it there: `sudo useradd --system --no-create-home --shell /usr/sbin/nologin {SCRIPTS_USER}`"
            )));
        }
        findings.extend(kernel::fault(self, seen));
        findings.extend(group::fault(self, seen));
        findings
    }
}

impl Seen {
    fn file(&self, path: &Path) -> Option<&FileSeen> {
        self.files.iter().find(|(seen, _)| seen == path).and_then(|(_, seen)| seen.as_ref())
    }

    fn text(&self, path: &str) -> Option<String> {
        self.file(Path::new(path)).map(|seen| String::from_utf8_lossy(&seen.bytes).into_owned())
    }

    /// What makes the file as it shall be, judged where there is a program to judge it.
    fn changed(&self, file: &Wish, program: Option<&Program>) -> Vec<Change> {
        let path = PathBuf::from(&file.path);
        let judge = program.map(|program| program.judge_of(&file.text));
        let Some(seen) = self.file(&path) else {
            // Where it could not judge the file itself, the program's start has to.
            let judged = judge.filter(|judge| judge.draft.is_none());
            let judged = judged.map(|judge| run([judge.command.arg(&file.path)], []));
            let create = Change::Create { path, text: file.text.clone(), mode: file.mode };
            return [create].into_iter().chain(judged).collect();
        };
        let (was, mode) = (Digest::of(&seen.bytes), seen.mode & 0o7777);
        let is_same = file.is_had_by(&seen.bytes);
        let replace = Replace { file: path, was, text: file.text.clone(), judge };
        let replaced = (!is_same).then_some(Change::Replace(replace));
        let is_moded = mode == file.mode;
        let moded = (!is_moded).then(|| run([chmod(file.mode, &file.path)], [chmod(mode, &file.path)]));
        replaced.into_iter().chain(moded).collect()
    }

    fn replaced(&self, file: &Wish) -> Option<Replaced> {
        let before = self.text(&file.path).filter(|text| !file.is_had_by(text.as_bytes()))?;
        Some(Replaced { path: file.path.clone().into(), before: hidden(&before), after: hidden(&file.text) })
    }
}

impl Wish {
    /// Whether a file with these bytes is as it shall be.
    fn is_had_by(&self, bytes: &[u8]) -> bool {
        let there = String::from_utf8_lossy(bytes);
        let mut blocks = self.text.split_inclusive("-----END CERTIFICATE-----");
        there == self.text || (self.or_more && blocks.all(|block| there.contains(block.trim())))
    }
}

impl Program {
    fn judge_of(&self, text: &str) -> Judge {
        let [program, words @ ..] = self.judge;
        let command = words.into_iter().fold(Command::new(program), Command::arg);
        let draft = self.unjudged.filter(|(line, _)| text.contains(line));
        Judge { command, draft: draft.map(|(line, instead)| text.replace(line, instead)) }
    }

    /// What has the program take its files in, and shows that it leads somewhere then.
    fn taken_in(&self, is_running: bool) -> Option<Change> {
        let systemctl =
            |words: &[&str]| words.iter().fold(Command::new("systemctl"), |all, word| all.arg(*word));
        let asked = self.page.map(|page| {
            let words = ["-sf", "-o", "/dev/null", "--max-time", "2", "--retry", "30", "--retry-delay", "1"];
            let curl = words.into_iter().fold(Command::new("curl"), Command::arg);
            curl.arg("--retry-all-errors").arg(page)
        });
        if !is_running {
            let start = systemctl(&["enable", "--quiet", "--now", self.unit]);
            let stop = systemctl(&["disable", "--quiet", "--now", self.unit]);
            return Some(run([start].into_iter().chain(asked), [stop]));
        }
        // Without a page that tells, the step's settling is all there is to do.
        asked.map(|asked| run([systemctl(&["reload", self.unit]), asked], []))
    }
}

fn chmod(mode: u32, path: &str) -> Command {
    Command::new("chmod").arg(format!("{mode:04o}")).arg(path)
}

/// Commands that rewrite no file.
fn run(commands: impl IntoIterator<Item = Command>, undo: impl IntoIterator<Item = Command>) -> Change {
    Change::Run {
        commands: commands.into_iter().collect(),
        rewrites: vec![],
        undo: undo.into_iter().collect(),
    }
}
