//! Deeds with units: a `systemctl` that keeps its state in files, and real processes.

use std::{os::unix::process::CommandExt, process::Child};

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
