//! What gives a machine in front its configuration, as a step of a plan.

use std::{net::IpAddr, path::PathBuf};

use crate::{
    node::{Answer, Ask, Command, UnitSeen},
    plan::{Change, Settle, Step},
    report::Finding,
};

mod faults;
mod group;
mod kernel;
mod others;
mod program;
mod seen;
#[cfg(test)]
mod tests;

use program::{AtBoot, CURL, Reloads};
pub use program::{HAPROXY, KEEPALIVED, NGINX, Program};
use seen::Seen;

const USERS: &str = "/etc/passwd";

/// A machine and all that it shall have.
pub struct Desired<'a> {
    pub machine: &'a str,
    pub vip: IpAddr,
    /// In the order in which they are to take their files in.
    pub programs: Vec<(&'static Program, Vec<Wish>)>,
    /// The port of the API, and where the cluster's CA certificate lies on the machine.
    pub port: u16,
    pub ca_file: String,
    /// The unit that keepalived looks after.
    pub proxy: &'static str,
    pub over: Over,
}

/// What may be written over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Over {
    /// A configuration that serves nothing else.
    Own,
    Anything,
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

impl Desired<'_> {
    /// All that is asked, in one round trip.
    pub fn asks(&self) -> Vec<Ask> {
        let mut asks: Vec<_> = self.paths().into_iter().map(Ask::File).collect();
        asks.extend(self.programs.iter().map(|(program, _)| Ask::Unit(program.unit.into())));
        asks.extend(self.programs.iter().map(|(program, _)| Ask::Units(program.service())));
        asks.extend(self.programs.iter().map(|(program, _)| Ask::Exists(program.binary.into())));
        asks.extend(self.programs.iter().map(|(program, _)| Ask::Exists(program.wanted_at_boot())));
        asks.extend([Ask::Exists(CURL.into()), Ask::Addresses, Ask::File(USERS.into())]);
        asks.push(Ask::Unit(self.proxy.into()));
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
        let (mut changes, mut mains, mut starts, mut settle, mut replaced) =
            (vec![], vec![], vec![], vec![], vec![]);
        for (index, (program, files)) in self.programs.iter().enumerate() {
            let files: Vec<_> = files.iter().map(|file| self.fitted(file, &seen)).collect();
            let (aside, main): (Vec<&Wish>, Vec<&Wish>) =
                files.iter().partition(|file| file.path != program.main);
            let before = aside.iter().flat_map(|file| seen.changed(file, None)).collect::<Vec<_>>();
            let after = main.iter().flat_map(|file| seen.changed(file, Some(program))).collect::<Vec<_>>();
            let kernel = kernel::changes(&aside, &seen);
            if seen.is_running(index) && before.is_empty() && after.is_empty() && kernel.is_empty() {
                continue;
            }
            replaced.extend(files.iter().filter_map(|file| seen.replaced(file)));
            changes.extend(before.into_iter().chain(kernel));
            mains.extend(after);
            let shown_by = program.shown_by(self.port, &self.ca_file);
            match seen.is_running(index) {
                true => settle.push(Settle::Reload { unit: program.unit.into(), shown_by }),
                false => starts.push(program.started(seen.at_boot[index], shown_by)),
            }
        }
        // What starts may draw clients here, so what runs has taken its files in by then.
        let reloads =
            settle.iter().filter(|_| !starts.is_empty()).filter_map(program::reloaded).collect::<Vec<_>>();
        let changes: Vec<_> = changes.into_iter().chain(mains).chain(reloads).chain(starts).collect();
        let step = (!changes.is_empty()).then(|| Step {
            node: self.machine.to_owned(),
            why: self.why(&seen),
            holds: vec![],
            changes,
            settle,
            proofs: vec![],
            notes: vec![],
        });
        Ok(Planned { step, replaced, is_holder: self.is_holder(&seen) })
    }

    /// The file as this machine has to have it.
    fn fitted(&self, file: &Wish, seen: &Seen) -> Wish {
        let old = (file.path == KEEPALIVED.main).then(|| seen.text(KEEPALIVED.main)).flatten();
        let text = old.map_or_else(|| file.text.clone(), |old| group::kept_name(file, &old));
        Wish { text, ..file.clone() }
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
        let reloads = self.programs.iter().map(|_| Reloads::of(next())).collect();
        let binaries = self.programs.iter().map(|_| next().is_present()).collect();
        let started = |answer: Answer| if answer.is_present() { AtBoot::Started } else { AtBoot::Left };
        let at_boot = self.programs.iter().map(|_| started(next())).collect();
        let has_curl = next().is_present();
        let addresses = match next() {
            Answer::Addresses(addresses) => addresses,
            _ => vec![],
        };
        let users = String::from_utf8_lossy(next().bytes().unwrap_or_default()).into_owned();
        let proxy = unit(next());
        Seen { files, units, reloads, binaries, at_boot, has_curl, addresses, users, proxy }
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
