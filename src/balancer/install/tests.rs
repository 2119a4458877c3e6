//! Machines as they are, and what a step makes of them.

use std::path::Path;

use super::*;
use crate::node::{FileSeen, LoadedUnit};

mod refused;

const CONFIG: &str = "/etc/haproxy/haproxy.cfg";
const NEW: &str = "defaults\n    mode tcp\n";
const USERS_THERE: &str = "root:x:0:0::/root:/bin/sh\nkeepalived_script:x:999:999::/:/usr/sbin/nologin\n";

/// A machine that answers.
struct Machine {
    files: Vec<(String, u32, String)>,
    unit: UnitSeen,
    /// Units that do not run, whatever the others do.
    stopped: &'static [&'static str],
    unit_file: &'static str,
    /// What systemd starts by itself.
    at_boot: &'static [&'static str],
    has_programs: bool,
    addresses: &'static str,
}

impl Machine {
    /// One that holds the address and has all that is needed.
    fn new() -> Self {
        let file = |path: &str, text: &str| (path.to_owned(), 0o100_644, text.to_owned());
        Self {
            files: vec![file(USERS, USERS_THERE), file("/proc/sys/net/ipv4/ip_nonlocal_bind", "0\n")],
            unit: UnitSeen::Active { main_pid: 7 },
            stopped: &[],
            unit_file: "[Service]\nExecReload=/bin/kill -USR2 $MAINPID\n",
            at_boot: &["haproxy", "keepalived", "nginx"],
            has_programs: true,
            addresses: "172.22.22.8 172.22.22.3",
        }
    }

    fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(0, (path.into(), 0o100_644, text.into()));
        self
    }

    fn answer(&self, ask: &Ask) -> Answer {
        match ask {
            Ask::File(path) => {
                let found = self.files.iter().find(|(there, ..)| path == Path::new(there));
                found.map_or(Answer::Absent, |(_, mode, text)| {
                    Answer::File(FileSeen {
                        bytes: text.clone().into_bytes(),
                        mode: *mode,
                        owner: "root".into(),
                        group: "root".into(),
                        modified: 0,
                    })
                })
            }
            Ask::Unit(name) if self.stopped.contains(&name.as_str()) => Answer::Unit(UnitSeen::Inactive),
            Ask::Unit(_) => Answer::Unit(self.unit),
            Ask::Units(name) => Answer::Units(vec![LoadedUnit {
                name: name.clone(),
                state: self.unit,
                text: self.unit_file.into(),
            }]),
            Ask::Exists(path) if path.starts_with("/etc/systemd") => {
                let unit = path.file_stem().unwrap();
                if self.at_boot.iter().any(|name| unit == *name) { Answer::Present } else { Answer::Absent }
            }
            Ask::Exists(_) if self.has_programs => Answer::Present,
            Ask::Addresses => Answer::Addresses(self.addresses.split(' ').map(str::to_owned).collect()),
            _ => Answer::Absent,
        }
    }

    fn plans(&self, desired: &Desired<'_>) -> Result<Planned, Vec<Finding>> {
        desired.plan(desired.asks().iter().map(|ask| self.answer(ask)).collect())
    }
}

fn wish(path: &str, mode: u32, text: &str) -> Wish {
    Wish { path: path.into(), mode, text: text.into(), or_more: false }
}

fn desired(programs: Vec<(&'static Program, Vec<Wish>)>) -> Desired<'static> {
    Desired {
        machine: "lb1",
        vip: "172.22.22.3".parse().unwrap(),
        port: 6443,
        ca_file: "/ca.crt".into(),
        programs,
        proxy: "haproxy",
        over: Over::Own,
    }
}

fn haproxy() -> Desired<'static> {
    desired(vec![(&HAPROXY, vec![wish(CONFIG, 0o644, NEW)])])
}

fn told(planned: &Planned) -> Vec<String> {
    let step = planned.step.as_ref().expect("there is something to do");
    let changes = step.changes.iter().map(ToString::to_string);
    changes.chain(step.settle.iter().map(ToString::to_string)).collect()
}

const ASKED: &str = "`sleep 8`, then `curl -s -o /dev/null --max-time 3 --retry 5 --retry-all-errors -f \
                     http://127.0.0.1:8404/lb-ready`";

#[test]
fn another_configuration_is_judged_taken_in_and_asked_about() {
    let planned = Machine::new().with(CONFIG, "stats auth admin:s3cret\n").plans(&haproxy()).unwrap();

    assert_eq!(
        told(&planned),
        [
            format!("replace {CONFIG}, once `haproxy -c -f` has approved the new text"),
            format!("reload haproxy, which ends no connection; then see with {ASKED}"),
        ]
    );
    assert!(planned.is_holder);
    assert!(planned.replaced[0].before.contains("stats auth \u{2026}"));
}

#[test]
fn a_machine_that_has_all_gets_no_step() {
    let planned = Machine::new().with(CONFIG, NEW).plans(&haproxy()).unwrap();

    assert!(planned.step.is_none() && planned.replaced.is_empty());
}

#[test]
fn a_mode_alone_is_put_right_and_put_back() {
    let script = "/usr/local/sbin/chk_lb_alive.sh";
    let desired = desired(vec![(&KEEPALIVED, vec![wish(script, 0o755, "#!/bin/sh\n")])]);

    let planned = Machine::new().with(script, "#!/bin/sh\n").plans(&desired).unwrap();

    let Change::Run { commands, undo, .. } = &planned.step.unwrap().changes[0] else { panic!("no command") };
    assert_eq!(commands[0].to_string(), format!("chmod 0755 {script}"));
    assert_eq!(undo[0].to_string(), format!("chmod 0644 {script}"));
}

#[test]
fn a_program_that_does_not_run_is_started_and_is_as_before_where_that_is_taken_back() {
    let stopped = Machine { unit: UnitSeen::Inactive, ..Machine::new() };
    let left = Machine { at_boot: &[], ..Machine { unit: UnitSeen::Inactive, ..Machine::new() } };

    for (machine, start, stop) in [
        (stopped, "systemctl start haproxy", "systemctl stop haproxy"),
        (left, "systemctl enable --quiet --now haproxy", "systemctl disable --quiet --now haproxy"),
    ] {
        let step = machine.plans(&haproxy()).unwrap().step.unwrap();

        let changes: Vec<_> = step.changes.iter().map(ToString::to_string).collect();
        let created = format!("create {CONFIG}, mode 0644, once `haproxy -c -f` has approved its text");
        assert_eq!(changes, [created, format!("run `{start}`, then {ASKED}")]);
        assert_eq!(step.changes[1].undo()[0].to_string(), stop);
        assert!(step.settle.is_empty(), "what was just started has read its files");
    }
}

#[test]
fn what_may_draw_clients_here_is_started_once_the_proxy_that_runs_leads_them() {
    let keepalived = wish(KEEPALIVED.main, 0o644, "vrrp_instance kube_api {\n}\n");
    let both = desired(vec![(&HAPROXY, vec![wish(CONFIG, 0o644, NEW)]), (&KEEPALIVED, vec![keepalived])]);
    let machine = Machine { stopped: &["keepalived"], ..Machine::new() }.with(CONFIG, "global\n");

    let step = machine.plans(&both).unwrap().step.unwrap();

    let runs: Vec<_> =
        step.changes.iter().map(ToString::to_string).filter(|one| one.starts_with("run")).collect();
    assert_eq!(
        runs,
        [format!("run `systemctl reload haproxy`, then {ASKED}"), "run `systemctl start keepalived`".into()]
    );
}

#[test]
fn a_proxy_that_shows_nothing_of_itself_is_asked_for_the_api() {
    let file = wish("/etc/nginx/nginx.conf", 0o644, "stream {}\n");
    let machine = Machine::new().with("/etc/nginx/nginx.conf", "events {}\n");

    let planned = machine.plans(&desired(vec![(&NGINX, vec![file])])).unwrap();

    let url = "--cacert /ca.crt --resolve kubernetes:6443:127.0.0.1 https://kubernetes:6443/readyz`";
    let reload = "reload nginx, which ends no connection; then see with `curl ";
    assert!(told(&planned)[1].starts_with(reload), "{planned:?}");
    assert!(told(&planned)[1].ends_with(url), "{planned:?}");
}

#[test]
fn an_instance_keeps_the_name_that_it_has_on_the_machine() {
    let new = "vrrp_instance kube_api {\n    virtual_router_id 51\n}\n";
    let old = "vrrp_instance VI_1 { virtual_router_id 51 }\n";
    let file = || desired(vec![(&KEEPALIVED, vec![wish(KEEPALIVED.main, 0o644, new)])]);
    let kept = new.replace("kube_api", "VI_1");

    let planned = Machine::new().with(KEEPALIVED.main, old).plans(&file()).unwrap();
    let again = Machine::new().with(KEEPALIVED.main, &kept).plans(&file()).unwrap();

    let Change::Replace(replace) = &planned.step.unwrap().changes[0] else { panic!("nothing is replaced") };
    assert_eq!(replace.text, kept);
    assert!(again.step.is_none());
}

#[test]
fn what_the_kernel_has_to_allow_is_allowed_before_anything_is_bound() {
    let settings = wish("/etc/sysctl.d/60.conf", 0o644, "# bound\nnet.ipv4.ip_nonlocal_bind = 1\n");
    let desired = desired(vec![(&HAPROXY, vec![wish(CONFIG, 0o644, NEW)]), (&KEEPALIVED, vec![settings])]);

    let planned = Machine::new().with(CONFIG, "old\n").plans(&desired).unwrap();

    let told = told(&planned);
    let at = |words: &str| told.iter().position(|line| line.contains(words)).expect(words);
    assert!(at("sysctl -q -p /etc/sysctl.d/60.conf") < at("replace /etc/haproxy"));
    let step = planned.step.unwrap();
    let undo: Vec<_> = step.changes.iter().flat_map(Change::undo).map(ToString::to_string).collect();
    assert_eq!(undo, ["sysctl -q -w net.ipv4.ip_nonlocal_bind=0"]);
}

#[test]
fn what_keepalived_cannot_judge_is_judged_without_that_line() {
    let text = "global_defs {\n    script_user keepalived_script\n}\n";
    let file = wish("/etc/keepalived/keepalived.conf", 0o644, text);
    let machine = Machine::new().with("/etc/keepalived/keepalived.conf", "old\n");

    let planned = machine.plans(&desired(vec![(&KEEPALIVED, vec![file])])).unwrap();

    let Change::Replace(replace) = &planned.step.unwrap().changes[0] else { panic!("nothing is replaced") };
    assert_eq!(replace.text, text);
    let draft = replace.judge.as_ref().unwrap().draft.as_ref().unwrap();
    assert_eq!(draft, &text.replace("keepalived_script", "root"));
}

#[test]
fn what_keepalived_cannot_judge_is_judged_without_that_line_where_there_was_no_file_too() {
    let text = "global_defs {\n    script_user keepalived_script\n}\n";

    let planned =
        Machine::new().plans(&desired(vec![(&KEEPALIVED, vec![wish(KEEPALIVED.main, 0o644, text)])]));

    let Change::Create { judge: Some(judge), .. } = &planned.unwrap().step.unwrap().changes[0] else {
        panic!("nothing is judged")
    };
    assert_eq!(judge.draft.as_deref(), Some(&*text.replace("keepalived_script", "root")));
}

#[test]
fn a_bundle_that_has_the_authority_among_others_is_left_alone() {
    let pem = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let authority = Wish { or_more: true, ..wish("/etc/haproxy/ca.crt", 0o644, &pem("AAAA")) };
    let desired = desired(vec![(&HAPROXY, vec![authority, wish(CONFIG, 0o644, NEW)])]);
    let machine = |bundle: &str| Machine::new().with(CONFIG, NEW).with("/etc/haproxy/ca.crt", bundle);

    let among = machine(&(pem("BBBB") + &pem("AAAA"))).plans(&desired).unwrap();
    let without = machine(&pem("BBBB")).plans(&desired).unwrap();

    assert!(among.step.is_none());
    assert_eq!(told(&without)[0], "replace /etc/haproxy/ca.crt");
}

#[test]
fn secrets_of_the_old_text_are_not_shown() {
    let text = "    auth_pass hunter2\nhttp-check send hdr Authorization \"Bearer hunter2\"\n    mode tcp\n";

    let planned = Machine::new().with(CONFIG, text).plans(&haproxy()).unwrap();

    assert_eq!(
        planned.replaced[0].before,
        "    auth_pass \u{2026}\nhttp-check send hdr Authorization \u{2026}\n    mode tcp\n"
    );
}
