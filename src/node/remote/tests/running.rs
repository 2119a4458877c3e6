//! Questions about what runs: units by themselves and by a pattern, processes, versions, members of a store.

use std::path::Path;

use super::{
    veil::{MARK, TEXTS},
    *,
};

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
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "the process is a real one")]
fn processes_are_told_with_every_argument_as_it_stands() {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("cpctl-server");
    fs::copy("/bin/sh", &program).unwrap();
    let line = ["-c", "read -r _", "two words", "", "a\nline"];
    let mut child = Command::new(&program).args(line).stdin(Stdio::piped()).spawn().unwrap();
    let (mut found, mut unread) = (vec![], vec![]);
    for shell in shells() {
        let asks = ["cpctl-server", "cpctl-serve"].map(|name| Ask::Processes(name.into()));
        found.push(Machine::new(shell).node.look(&asks).unwrap());
        let broken = Machine::new(shell);
        broken.program("tr", "#!/bin/sh\nexit 1\n");
        unread.push(broken.node.look(&asks));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    for answers in found {
        let Answer::Processes(seen) = &answers[0] else { panic!("{answers:?}") };
        let [process] = &seen[..] else { panic!("{answers:?}") };
        assert_eq!(process.pid, child.id());
        assert_eq!(process.arguments, [&[program.to_str().unwrap()], &line[..]].concat());
        assert!(process.group.starts_with('/'), "{}", process.group);
        assert_eq!(answers[1], Answer::Processes(vec![]));
    }
    for answers in unread {
        let Err(node::Error::Deed { source, .. }) = &answers else { panic!("{answers:?}") };
        assert_eq!(source.to_string(), format!("the arguments of {} cannot be read", child.id()));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a process is to be found")]
fn arguments_of_processes_are_told_without_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("cpctl-agent");
    fs::copy("/bin/sh", &program).unwrap();
    let line = ["-c", "read -r _", "--token", "s3cr3t", "--agent-token=s3cr3t", "--token", "", "a\nline"];
    let mut child = Command::new(&program).args(line).stdin(Stdio::piped()).spawn().unwrap();
    let answer = Machine::new("sh").node.look(&[Ask::Processes("cpctl-agent".into())]);
    child.kill().unwrap();
    child.wait().unwrap();

    let Answer::Processes(seen) = answer.unwrap().remove(0) else { panic!("no processes") };
    let told =
        ["--token", "secret-1-kept-here", "--agent-token=secret-2-kept-here", "--token", "", "a\nline"];
    assert_eq!(seen[0].arguments[3..], told);
}

#[test]
fn units_are_told_without_secrets() {
    let machine = Machine::new("sh");
    machine.put("k3s.service", TEXTS[2].1.as_bytes());
    machine.program(
        "systemctl",
        &format!(
            "#!/bin/sh\ncase $1 in\ncat) cat {} ;;\nshow) printf 'Id=k3s.service\\nLoadState=loaded\\nActiveState=active\\nMainPID=7\\n' ;;\nesac\n",
            machine.at("k3s.service").display()
        ),
    );

    let answer = machine.node.look(&[Ask::Units("k3s*.service".into())]).unwrap().remove(0);

    let Answer::Units(units) = answer else { panic!("{answer:?}") };
    assert!(!units[0].text.contains(MARK), "{}", units[0].text);
    assert!(units[0].text.contains("'--token' \\\n\t'secret-2-kept-here' \\\n"), "{}", units[0].text);
}
