//! The programs of machines in front: where they are, what judges their configuration, and how they take it in.

use crate::{
    balancer::render::Kind,
    node::{Command, UnitSeen},
    plan::{Change, Judge},
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
    /// Where it says that it leads to a server, on its own machine.
    pub(super) page: Option<&'static str>,
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
pub(super) const CURL: &str = "/usr/bin/curl";

impl Program {
    pub(super) fn judge_of(&self, text: &str) -> Judge {
        let [program, words @ ..] = self.judge;
        let command = words.into_iter().fold(Command::new(program), Command::arg);
        let draft = self.unjudged.filter(|(line, _)| text.contains(line));
        Judge { command, draft: draft.map(|(line, instead)| text.replace(line, instead)) }
    }

    /// What has the program take its files in, and shows that it leads somewhere then.
    pub(super) fn taken_in(&self, unit: UnitSeen) -> Option<Change> {
        let systemctl =
            |words: &[&str]| words.iter().fold(Command::new("systemctl"), |all, word| all.arg(*word));
        let asked = self.page.map(|page| {
            let words = ["-sf", "-o", "/dev/null", "--max-time", "2", "--retry", "30", "--retry-delay", "1"];
            let curl = words.into_iter().fold(Command::new("curl"), Command::arg);
            curl.arg("--retry-all-errors").arg(page)
        });
        if !matches!(unit, UnitSeen::Active { .. }) {
            let start = systemctl(&["enable", "--quiet", "--now", self.unit]);
            let stop = systemctl(&["disable", "--quiet", "--now", self.unit]);
            return Some(run([start].into_iter().chain(asked), [stop]));
        }
        // Without a page that tells, the step's settling is all there is to do.
        asked.map(|asked| run([systemctl(&["reload", self.unit]), asked], []))
    }
}
