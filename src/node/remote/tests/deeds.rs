//! Deeds with files, locks and commands.

use super::*;

#[test]
fn a_file_is_replaced_with_its_mode_and_only_while_nobody_else_changed_it() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let file = machine.put("conf", b"old\n");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).unwrap();
        symlink("conf", machine.at("link")).unwrap();
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let write =
            Act::Write { path: machine.at("link"), before: Digest::of(b"old\n"), bytes: bytes.clone() };

        assert!(machine.one(write.clone()).unwrap() == Done::Done, "{shell}");
        assert_eq!(fs::read(&file).unwrap(), bytes);
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o660);
        assert!(fs::symlink_metadata(machine.at("link")).unwrap().is_symlink());
        assert!(machine.one(write.clone()).unwrap() == Done::Already);
        self::write(&file, b"somebody else\n");
        assert!(
            matches!(machine.one(write), Err(node::Error::Drifted { path, .. }) if path == machine.at("link"))
        );
        assert_eq!(fs::read(&file).unwrap(), b"somebody else\n");
        assert_eq!(machine.names(), ["bin", "conf", "link", "run"]);
    }
}

#[test]
fn a_copy_is_kept_once_and_put_back_with_its_mode_and_owner() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let file = machine.put("key", b"first");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let copy = machine.at("state/runs/1/key");
        let keep = Act::Keep { file: file.clone(), copy: copy.clone() };
        let back =
            Act::PutBack { file: file.clone(), copy: copy.clone(), kept: node::Kept::Surely, left: None };

        let first = machine.one(keep.clone()).unwrap();
        write(&file, b"second");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let again = machine.one(keep).unwrap();
        let done = machine.node.act(&[back.clone(), back]).unwrap();

        assert!(first == Done::Done && again == Done::Already, "{shell}");
        assert!(done == [Done::Done, Done::Already]);
        assert_eq!(fs::read(&file).unwrap(), b"first");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o640);
        assert_eq!(fs::metadata(machine.at("state/runs/1")).unwrap().mode() & 0o7777, 0o700);
        assert_eq!(fs::read_dir(machine.at("state/runs/1")).unwrap().count(), 1);
    }
}

#[test]
fn a_process_that_takes_a_run_s_lock_over_is_the_only_one_that_may_go_on() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let of = |holder: &str| Lock { holder: holder.into(), ..lock("1") };
        let hold = |holder: &str| Act::Hold { run: "1".into(), holder: holder.into() };
        let mut act = |act: Act| machine.node.act(&[act]);
        let is_refused = |done| matches!(done, Err(node::Error::TakenOver { run, .. }) if run == "1");
        act(Act::Lock(of("h1"))).unwrap();

        assert!(act(hold("h1")).is_ok() && is_refused(act(hold("h2"))), "{shell}");
        assert!(is_refused(act(Act::Lock(of("h2")))), "{shell}");
        assert!(act(Act::TakeOver(of("h1"))).unwrap() == [Done::Already], "{shell}");
        assert!(act(Act::TakeOver(of("h2"))).unwrap() == [Done::Done], "{shell}");
        assert!(act(hold("h2")).is_ok() && is_refused(act(hold("h1"))), "{shell}");
        assert!(act(Act::TakeOver(Lock { run: "2".into(), ..of("h3") })).is_err(), "{shell}");
        act(Act::Unlock { run: "1".into() }).unwrap();
        assert!(is_refused(act(hold("h2"))), "{shell}");
    }
}

#[test]
fn one_run_holds_the_lock_and_another_is_told_who_it_is() {
    for shell in shells() {
        let mut machine = Machine::new(shell);

        let done =
            machine.node.act(&[Act::Lock(lock("1")), Act::Lock(lock("1")), Act::Unlock { run: "2".into() }]);
        let error = machine.node.act(&[Act::Lock(lock("2")), Act::Read("/dev/null".into())]).unwrap_err();
        let after = machine.node.act(&[
            Act::Unlock { run: "1".into() },
            Act::Unlock { run: "1".into() },
            Act::Lock(lock("2")),
        ]);

        assert!(done.unwrap() == [Done::Done, Done::Already, Done::Already], "{shell}");
        assert!(
            matches!(&error, node::Error::Locked { run, operator, .. } if run == "1" && *operator == lock("1").operator),
            "{error:?}"
        );
        assert!(after.unwrap() == [Done::Done, Done::Already, Done::Done]);
        assert!(machine.at("state/runs/1").is_dir(), "the record of a run stays");
    }
}

#[test]
fn a_record_is_for_root_alone_and_never_half() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let record =
            |bytes: &[u8]| Act::Record { run: "1".into(), file: "plan.json".into(), bytes: bytes.into() };

        let done = machine.node.act(&[record(b"one"), record(b"two\n")]).unwrap();

        assert!(done == [Done::Done, Done::Done], "{shell}");
        let path = machine.at("state/runs/1/plan.json");
        assert_eq!(fs::read(&path).unwrap(), b"two\n");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
        let outside = Act::Record { run: "1".into(), file: "../x".into(), bytes: vec![] };
        assert!(matches!(machine.one(outside), Err(node::Error::Deed { .. })));
    }
}

#[test]
fn a_command_gets_its_words_and_gives_back_every_byte() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let command =
            |script: &str| Act::Run(node::Command::new("sh").arg("-c").arg(script).arg("x").arg("$a 'b'"));

        let done =
            machine.one(command("printf '%s\\0' \"$1\"; umask; cat; head -c 3000000 /dev/zero; echo e >&2"));
        let error = machine.node.act(&[command("echo no >&2; exit 7"), Act::Restart { unit: "x".into() }]);

        let Ok(Done::Output(output)) = done else { panic!("{:?}", done.err()) };
        assert!(output.stdout.starts_with(b"$a 'b'\0\x30022\n\0\0\0"), "{shell}");
        assert_eq!((output.stdout.len(), output.stderr.as_slice()), (7 + 5 + 3_000_000, &b"e\n"[..]));
        assert!(matches!(error, Err(node::Error::Failed { status: 7, stderr, .. }) if stderr == "no\n"));
    }
}

#[test]
fn what_a_command_leaves_running_holds_the_machine_and_the_next_batch_waits_for_it() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let (gate, mark) = (machine.at("gate"), machine.at("mark"));
        let behind = format!(
            "(until [ -e {gate} ]; do sleep 0.02; done; echo late >{mark}) & echo started",
            gate = gate.display(),
            mark = mark.display()
        );
        machine.one(Act::Run(node::Command::new("sh").arg("-c").arg(behind))).unwrap();
        assert!(!mark.exists(), "the batch does not wait for what it leaves behind");

        machine.node.places.patience = Duration::ZERO;
        let busy = machine.one(Act::Read(mark.clone()));
        write(&gate, b"");
        machine.node.places.patience = Duration::from_secs(30);
        let done = machine.one(Act::Read(mark)).unwrap();

        assert!(
            matches!(busy, Err(node::Error::Deed { source, .. }) if source.kind() == io::ErrorKind::TimedOut)
        );
        assert!(done == Done::Read(Some(b"late\n".to_vec())), "{shell}");
    }
}

#[test]
fn a_full_disk_leaves_the_old_file_and_nothing_else() {
    for shell in shells() {
        for broken in ["base64", "sync", "mv"] {
            let mut machine = Machine::new(shell);
            let file = machine.put("conf", b"old\n");
            // What a full disk does to each of the programs that would notice it.
            let part = if broken == "base64" { "head -c 2 /dev/zero; " } else { "" };
            machine
                .program(broken, &format!("#!/bin/sh\n{part}echo 'No space left on device' >&2\nexit 1\n"));
            let write =
                Act::Write { path: file.clone(), before: Digest::of(b"old\n"), bytes: b"new\n".to_vec() };

            let error = machine.one(write).unwrap_err();

            let node::Error::Deed { source, .. } = &error else { panic!("{error:?}") };
            assert!(source.to_string().contains("No space left on device"), "{shell} {source}");
            assert_eq!(fs::read(&file).unwrap(), b"old\n");
            assert_eq!(machine.names(), ["bin", "conf", "run"], "{shell} {broken}");
        }
    }
}

#[test]
fn a_lock_file_of_another_program_is_waited_for_and_left_alone() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let path = machine.put("theirs.lock", b"");
        let take =
            |path: &Path| Act::LockFile { path: path.into(), run: "r1".into(), within: Duration::ZERO };

        let error = machine.one(take(&path)).unwrap_err();
        machine.one(Act::UnlockFile { path: path.clone(), run: "r1".into() }).unwrap();
        let ours = machine.at("ours.lock");
        let done = machine
            .node
            .act(&[take(&ours), take(&ours), Act::UnlockFile { path: ours.clone(), run: "r1".into() }])
            .unwrap();

        assert!(matches!(error, node::Error::LockFileHeld { .. }), "{error:?}");
        assert!(path.exists(), "{shell}");
        assert!(done == [Done::Done, Done::Already, Done::Done]);
        assert!(!ours.exists());
    }
}

#[test]
fn files_that_differ_stop_the_batch() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let (left, right) = (machine.put("left", b"a"), machine.put("right", b"b"));
        let same = |a: &Path, b: &Path| Act::Same { left: a.into(), right: b.into() };
        let touch = Act::Run(node::Command::new("touch").arg(machine.at("touched").to_str().unwrap()));

        let error = machine.node.act(&[same(&left, &left), same(&left, &right), touch]).unwrap_err();

        assert!(matches!(error, node::Error::Differ { .. }), "{shell}");
        assert!(!machine.at("touched").exists());

        machine.program("cmp", "#!/bin/sh\nexit 2\n");
        let untold = machine.one(same(&left, &left));
        let Err(node::Error::Deed { source, .. }) = &untold else { panic!("{shell}: {untold:?}") };
        assert_eq!(source.to_string(), "they cannot be compared", "{shell}");
    }
}
