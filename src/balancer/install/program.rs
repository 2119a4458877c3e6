//! The programs of machines in front: where they are, what judges their configuration, and how they take it in.

use std::path::PathBuf;

use crate::{
    balancer::render::Kind,
    node::{Answer, Command},
    plan::{Change, Judge, Settle},
};

use super::run;

/// A program that runs on machines in front.
#[derive(Debug, Eq, PartialEq)]
pub struct Program {
    pub kind: Kind,
    pub unit: &'static str,
    pub(super) binary: &'static str,
    /// The file that the program reads, and which leads to all others.
    pub(super) main: &'static str,
    /// What the program itself judges a configuration with; the file comes last.
    judge: [&'static str; 3],
    /// A line that it cannot judge, and what stands for it meanwhile.
    unjudged: Option<(&'static str, &'static str)>,
}

pub const HAPROXY: Program = Program {
    kind: Kind::Haproxy,
    unit: "haproxy",
    binary: "/usr/sbin/haproxy",
    main: "/etc/haproxy/haproxy.cfg",
    judge: ["haproxy", "-c", "-f"],
    unjudged: None,
};
pub const NGINX: Program = Program {
    kind: Kind::Nginx,
    unit: "nginx",
    binary: "/usr/sbin/nginx",
    main: "/etc/nginx/nginx.conf",
    judge: ["nginx", "-t", "-c"],
    unjudged: None,
};
pub const KEEPALIVED: Program = Program {
    kind: Kind::Keepalived,
    unit: "keepalived",
    binary: "/usr/sbin/keepalived",
    main: "/etc/keepalived/keepalived.conf",
    judge: ["keepalived", "-t", "-f"],
    // Up to 2.2.7 a test with another user than root ends itself with 143, whatever it found.
    unjudged: Some(("script_user keepalived_script", "script_user root")),
};

/// What asks a proxy on its own machine.
pub(super) const CURL: &str = "/usr/bin/curl";
/// Seconds after which HAProxy's checks, as they are written, have seen a server that is not well.
const CHECKED_AFTER: &str = "8";

impl Program {
    pub(super) fn judge_of(&self, text: &str) -> Judge {
        let [program, words @ ..] = self.judge;
        let command = words.into_iter().fold(Command::new(program), Command::arg);
        let draft = self.unjudged.filter(|(line, _)| text.contains(line));
        Judge { command, draft: draft.map(|(line, instead)| text.replace(line, instead)) }
    }

    /// What systemd has for a unit that it starts with the machine.
    pub(super) fn wanted_at_boot(&self) -> PathBuf {
        format!("/etc/systemd/system/multi-user.target.wants/{}", self.service()).into()
    }

    /// What shows on the machine itself that the program leads to a server; nothing for one that leads nowhere.
    ///
    /// HAProxy takes every server for well until its checks say otherwise, and its old process answers for a moment
    /// still: it is asked once the checks have had their time.
    pub(super) fn shown_by(&self, port: u16, ca_file: &str) -> Vec<Command> {
        let command =
            |words: &[&str]| words[1..].iter().fold(Command::new(words[0]), |all, word| all.arg(*word));
        let curl = ["curl", "-s", "-o", "/dev/null", "--max-time", "3", "--retry", "5", "--retry-all-errors"];
        match self.kind {
            Kind::Haproxy => {
                let page = [&curl[..], &["-f", "http://127.0.0.1:8404/lb-ready"]].concat();
                vec![command(&["sleep", CHECKED_AFTER]), command(&page)]
            }
            Kind::Nginx => {
                let (here, url) =
                    (format!("kubernetes:{port}:127.0.0.1"), format!("https://kubernetes:{port}/readyz"));
                vec![command(&[&curl[..], &["--cacert", ca_file, "--resolve", &here, &url]].concat())]
            }
            _ => vec![],
        }
    }

    /// What starts a program that does not run, and then shows what it is for.
    pub(super) fn started(&self, at_boot: AtBoot, shown_by: Vec<Command>) -> Change {
        let systemctl = |words: &[&str]| {
            let command = words.iter().fold(Command::new("systemctl"), |all, word| all.arg(*word));
            command.arg(self.unit)
        };
        let (start, stop) = match at_boot {
            AtBoot::Started => (systemctl(&["start"]), systemctl(&["stop"])),
            AtBoot::Left => {
                (systemctl(&["enable", "--quiet", "--now"]), systemctl(&["disable", "--quiet", "--now"]))
            }
        };
        run([start].into_iter().chain(shown_by), [stop])
    }

    /// The unit with its ending.
    pub(super) fn service(&self) -> String {
        format!("{}.service", self.unit)
    }
}

/// Whether a machine starts a unit by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum AtBoot {
    Started,
    Left,
}

/// What has a program take its files in at once, where that would otherwise come at the end of the step.
pub(super) fn reloaded(settle: &Settle) -> Option<Change> {
    let Settle::Reload { unit, shown_by } = settle else { return None };
    let reload = Command::new("systemctl").arg("reload").arg(unit);
    Some(run([reload].into_iter().chain(shown_by.iter().cloned()), []))
}

/// Whether a unit takes its files in without a restart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reloads {
    Yes,
    No,
}

impl Reloads {
    /// What the unit's files say; where nothing of them is known, its reload tells.
    pub(super) fn of(answer: Answer) -> Self {
        let Answer::Units(units) = answer else { return Self::Yes };
        let said = |text: &str| {
            let lines = text.lines().filter_map(|line| line.trim().split_once('='));
            let of = |wanted| lines.clone().filter(move |(key, _)| key.trim() == wanted);
            // An empty one takes back those before it.
            let has_command =
                of("ExecReload").next_back().is_some_and(|(_, command)| !command.trim().is_empty());
            has_command || of("Type").next_back().is_some_and(|(_, kind)| kind.trim() == "notify-reload")
        };
        let cannot = units.first().is_some_and(|unit| !said(&unit.text));
        if cannot { Self::No } else { Self::Yes }
    }
}
