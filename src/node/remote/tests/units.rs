//! Deeds with units: a `systemctl` that keeps its state in files, and real processes.

use std::{os::unix::process::CommandExt, path::Path, process::Child};

use super::*;

const SYSTEMCTL: &str = r#"#!/bin/sh
here=$(dirname "$0")
case $1 in
show) cat "$here/state" ;;
stop)
    kill -TERM "$(cat "$here/pid")"
    kill -CONT "$(cat "$here/pid")"
    echo stop >>"$here/told"
    printf 'LoadState=loaded\nActiveState=inactive\nMainPID=0\nControlGroup=\n' >"$here/state"
    ;;
*) echo "$1" >>"$here/told" ;;
esac
"#;

struct Unit {
    machine: Machine,
    main: Child,
}

impl Unit {
    /// A unit whose main process does `script`.
    #[expect(clippy::disallowed_methods, reason = "the unit's process is a real one")]
    fn running(shell: &'static str, script: &str) -> Self {
        let machine = Machine::new(shell);
        machine.program("systemctl", SYSTEMCTL);
        let main =
            Command::new("sh").arg("-c").arg(script).stdin(Stdio::null()).process_group(0).spawn().unwrap();
        machine.put("bin/pid", main.id().to_string().as_bytes());
        machine.put(
            "bin/state",
            format!("LoadState=loaded\nActiveState=active\nMainPID={}\nControlGroup=/none\n", main.id())
                .as_bytes(),
        );
        Self { machine, main }
    }

    fn stop(&mut self, within: Duration) -> Result<Done, node::Error> {
        self.machine.one(Act::StopIdle {
            unit: "kicker".into(),
            idle: "sleep".into(),
            within,
            run: "r1".into(),
        })
    }

    fn told(&self) -> String {
        fs::read_to_string(self.machine.at("bin/told")).unwrap_or_default()
    }

    fn look(&self) -> Answer {
        self.machine.node.look(&[Ask::Unit("kicker".into())]).unwrap().remove(0)
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.main);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.main.wait();
    }
}

/// A `systemctl` that has loaded three units, of which one has no file.
const LOADED: &str = r#"#!/bin/sh
case "$*" in
"show "*" k3s"*)
    printf 'MainPID=8\nId=k3s-blue.service\nLoadState=loaded\nActiveState=inactive\n\n'
    printf 'MainPID=7\nId=k3s.service\nLoadState=loaded\nActiveState=active\n\n'
    printf 'MainPID=9\nId=k3s-run.service\nLoadState=loaded\nActiveState=active\n'
    ;;
"cat -- k3s-run.service") exit 1 ;;
cat*) printf '# /etc/systemd/system/%s\n[Service]\nExecStart=/k3s server\n' "$3" ;;
esac
"#;

#[test]
fn units_are_told_by_a_pattern_with_their_state_and_their_text() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine.program("systemctl", LOADED);
        let units = |pattern: &str| {
            let answer = machine.node.look(&[Ask::Units(pattern.into())]).unwrap().remove(0);
            let Answer::Units(units) = answer else { panic!("{answer:?}") };
            units
        };

        let found = units("k3s*.service");

        let names: Vec<_> = found.iter().map(|unit| unit.name.as_str()).collect();
        assert_eq!(names, ["k3s-blue.service", "k3s.service"], "{shell}");
        assert_eq!(found[0].state, UnitSeen::Inactive, "{shell}");
        assert_eq!(found[1].state, UnitSeen::Active { main_pid: 7 }, "{shell}");
        let text = "# /etc/systemd/system/k3s.service\n[Service]\nExecStart=/k3s server\n";
        assert_eq!(found[1].text, text, "{shell}");
        assert!(units("rke2*.service").is_empty(), "{shell}");
    }
}

#[test]
fn of_a_unit_that_is_told_in_part_no_other_s_state_is_told() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine.program(
            "systemctl",
            "#!/bin/sh\nprintf 'Id=k3s.service\\nLoadState=loaded\\nActiveState=active\\nMainPID=42\\n\\nId=k3s-b.service\\nLoadState=loaded\\n'\n",
        );

        let error = machine.node.look(&[Ask::Units("k3s*.service".into())]).unwrap_err();

        assert!(error.to_string().contains("ask systemd about k3s*.service"), "{shell}: {error}");
    }
}

/// A `systemctl` that writes down that it was called, and says nothing of `odd` beside others.
const TOGETHER: &str = r#"#!/bin/sh
echo "$*" >>"${0%/*}/calls"
shift 10
[ $# -eq 1 ] || set -- $(echo "$*" | sed 's/odd//')
for name; do
    [ "$name" = "$1" ] || echo
    printf 'LoadState=loaded\nActiveState=active\nMainPID=%d\nControlGroup=/\n' "${#name}"
done
"#;

#[test]
fn units_are_asked_about_in_one_go_where_systemd_tells_of_each() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine.program("systemctl", TOGETHER);
        let calls = || fs::read_to_string(machine.at("bin/calls")).unwrap().lines().count();
        let look = |units: &[&str]| {
            let asks: Vec<_> = units.iter().map(|unit| Ask::Unit((*unit).to_owned())).collect();
            machine.node.look(&asks).unwrap()
        };
        let active = |pids: [u32; 3]| pids.map(|main_pid| Answer::Unit(UnitSeen::Active { main_pid }));

        assert_eq!(look(&["k", "kube", "kubelet"]), active([1, 4, 7]), "{shell}");
        assert_eq!(calls(), 1, "{shell}");
        assert_eq!(look(&["k", "odd", "kubelet"]), active([1, 3, 7]), "{shell}");
        assert_eq!(calls(), 5, "{shell}");
    }
}

#[test]
fn a_program_is_asked_for_its_version_where_it_is() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine.program("k3s", "#!/bin/sh\n[ \"$*\" = --version ] && echo 'k3s version v1.34.2+k3s1 (x)'\n");
        let asks = ["bin/k3s", "bin/none"].map(|name| Ask::Version(machine.at(name)));

        let told = machine.node.look(&asks).unwrap();

        assert_eq!(told, [Answer::Version("k3s version v1.34.2+k3s1 (x)".into()), Answer::Absent], "{shell}");
    }
}

#[test]
fn a_program_that_others_may_have_put_there_is_not_run() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine.program("k3s", "#!/bin/sh\necho 'k3s version v1.34.2+k3s1 (x)'\n");
        let (program, directory) = (machine.at("bin/k3s"), machine.at("bin"));
        let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o757)).unwrap();
        let ask = || machine.node.look(&[Ask::Version(program.clone())]).unwrap();

        open(&program);
        let as_file = ask();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let as_it_should_be = ask();
        open(&directory);
        let in_directory = ask();

        assert_eq!([as_file, in_directory], [[Answer::Absent], [Answer::Absent]], "{shell}");
        assert_eq!(as_it_should_be, [Answer::Version("k3s version v1.34.2+k3s1 (x)".into())], "{shell}");
    }
}

#[test]
fn k0s_is_asked_for_the_members_of_its_etcd() {
    for shell in shells() {
        let machine = Machine::new(shell);
        machine
            .program("k0s", "#!/bin/sh\n[ \"$*\" = \"etcd member-list --data-dir /data\" ] && echo '{}'\n");
        machine.program("dead", "#!/bin/sh\necho 'level=info' >&2; echo 'Error: no quorum' >&2; exit 1\n");
        machine.program("mute", "#!/bin/sh\nexit 124\n");
        let asks = ["bin/k0s", "bin/dead", "bin/mute", "bin/none"]
            .map(|name| Ask::EtcdMembers { k0s: machine.at(name), data: "/data".into() });

        let told = machine.node.look(&asks).unwrap();

        let no = |reason: &str| Answer::No(reason.into());
        assert_eq!(
            told,
            [
                Answer::Said("{}\n".into()),
                no("Error: no quorum"),
                no("no answer within 15 s"),
                Answer::Absent
            ],
            "{shell}"
        );
    }
}

#[test]
fn a_unit_that_sleeps_is_stopped_and_is_stopped_already_the_next_time() {
    for shell in shells() {
        let mut unit = Unit::running(shell, "while :; do sleep 5; done");
        let before = unit.look();

        let done = unit.stop(Duration::from_secs(20)).unwrap();
        let again = unit.stop(Duration::from_secs(20)).unwrap();

        assert_eq!(before, Answer::Unit(UnitSeen::Active { main_pid: unit.main.id() }));
        assert!(done == Done::Done && again == Done::Already, "{shell}");
        assert_eq!(unit.told(), "stop\n");
        assert_eq!(unit.look(), Answer::Unit(UnitSeen::Inactive));
        unit.main.wait().unwrap();
    }
}

#[test]
fn a_unit_at_work_is_not_stopped_and_not_left_frozen() {
    for shell in shells() {
        let mut unit = Unit::running(shell, "tail -f /dev/null & sleep 600 & wait");

        let error = unit.stop(Duration::ZERO).unwrap_err();

        assert!(matches!(error, node::Error::NeverIdle { .. }), "{error:?}");
        assert_eq!(unit.told(), "", "{shell}");
        let status = fs::read_to_string(format!("/proc/{}/status", unit.main.id())).unwrap();
        assert!(!status.contains("State:\tT"), "{status}");
    }
}

#[test]
fn a_unit_is_started_only_where_it_does_not_run_and_restarted_always() {
    for shell in shells() {
        let mut unit = Unit::running(shell, "sleep 600");
        let start = Act::Start { unit: "kicker".into(), run: "r1".into() };

        let mark = unit.machine.at("state/runs/r1/stopped-kicker");
        fs::create_dir_all(mark.parent().unwrap()).unwrap();
        write(&mark, b"");
        let running = unit.machine.one(start.clone()).unwrap();
        assert!(!mark.exists());
        write(&mark, b"");
        unit.machine.put("bin/state", b"LoadState=loaded\nActiveState=failed\nMainPID=0\nControlGroup=\n");
        let failed = unit.machine.one(start).unwrap();
        let restarted = unit.machine.one(Act::Restart { unit: "kicker".into() }).unwrap();

        assert!(running == Done::Already && failed == Done::Done && restarted == Done::Done, "{shell}");
        assert_eq!(unit.told(), "start\nrestart\n");
    }
}

#[test]
fn systemd_reads_a_unit_anew_that_was_edited_before_it_restarts_it() {
    for (needs, told) in [("yes", "daemon-reload\nrestart\n"), ("no", "restart\n")] {
        let mut unit = Unit::running("sh", "sleep 600");
        unit.machine.put("bin/state", format!("NeedDaemonReload={needs}\n").as_bytes());

        unit.machine.one(Act::Restart { unit: "kicker".into() }).unwrap();

        assert_eq!(unit.told(), told);
    }
}

/// A `timeout` whose time is always up, and a `systemctl` whose restart leaves the unit as the file `then` says.
fn never_ready(shell: &'static str, then: &str) -> Machine {
    let machine = Machine::new(shell);
    let systemctl = SYSTEMCTL
        .replace("show)", "show) [ \"$3\" = LoadState ] || exec grep \"^$3=\" \"$here/state\"\n")
        .replace("*) echo", "restart) cp \"$here/then\" \"$here/state\" ;;\n*) echo");
    machine.program("systemctl", &systemctl);
    machine.program("timeout", "#!/bin/sh\nshift\n\"$@\"\nexit 124\n");
    machine.put("bin/state", b"LoadState=loaded\nActiveState=active\nInactiveExitTimestampMonotonic=7\n");
    machine.put("bin/then", format!("LoadState=loaded\n{then}\n").as_bytes());
    machine
}

#[test]
fn a_unit_that_is_never_ready_is_restarted_once_it_has_begun_anew() {
    for shell in shells() {
        for state in ["activating", "active"] {
            let then = format!("ActiveState={state}\nInactiveExitTimestampMonotonic=8");
            let mut machine = never_ready(shell, &then);

            let done = machine.one(Act::Restart { unit: "agent".into() }).unwrap();

            assert!(done == Done::Done, "{shell} {state}");
        }
    }
}

#[test]
fn a_unit_that_began_anew_and_ended_or_does_not_come_to_its_end_is_told() {
    for shell in shells() {
        for (state, began, said) in [
            ("failed", 8, "agent is failed after it was restarted"),
            ("deactivating", 7, "agent does not come to its end"),
        ] {
            let then = format!("ActiveState={state}\nInactiveExitTimestampMonotonic={began}");
            let mut machine = never_ready(shell, &then);
            machine.node.places.patience = Duration::ZERO;

            let error = machine.one(Act::Restart { unit: "agent".into() }).unwrap_err();

            assert_eq!(std::error::Error::source(&error).unwrap().to_string(), said, "{shell}");
        }
    }
}

#[test]
fn a_unit_that_systemd_does_not_know_or_that_is_masked_is_missing() {
    for (load, seen) in
        [("not-found", UnitSeen::Missing), ("masked", UnitSeen::Missing), ("loaded", UnitSeen::Inactive)]
    {
        let unit = Unit::running("sh", "sleep 600");
        let state = format!("LoadState={load}\nActiveState=inactive\nMainPID=0\nControlGroup=\n");
        unit.machine.put("bin/state", state.as_bytes());

        assert_eq!(unit.look(), Answer::Unit(seen), "{load}");
    }
}

#[test]
fn a_unit_that_the_run_did_not_stop_is_not_started() {
    for shell in shells() {
        let mut unit = Unit::running(shell, "while :; do sleep 5; done");
        let start = Act::Start { unit: "kicker".into(), run: "r1".into() };
        unit.machine.put("bin/state", b"LoadState=loaded\nActiveState=inactive\nMainPID=0\nControlGroup=\n");

        let stopped = unit.stop(Duration::ZERO).unwrap();
        let started = unit.machine.one(start).unwrap();

        assert!(stopped == Done::Already && started == Done::Already, "{shell}");
        assert_eq!(unit.told(), "");
    }
}
