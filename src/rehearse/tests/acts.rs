//! Deeds on one machine: whole, repeatable, and under its one lock.

use std::{io::ErrorKind, time::Duration};

use super::*;
use crate::{
    node::{Answer, Ask, Kept, Lock, UnitSeen, run_directory},
    rehearse::{Fault, KICKER, KUBELITE},
};

fn lock(run: &str) -> Act {
    Act::Lock(Lock {
        run: run.into(),
        operator: "ann@laptop".into(),
        since: "2026-11-21T08:00:00Z".into(),
        holder: "h1".into(),
    })
}

fn stop_kicker() -> Act {
    Act::StopIdle { unit: KICKER.into(), idle: "sleep".into(), within: Duration::ZERO, run: "r1".into() }
}

#[test]
fn a_deed_that_was_done_is_done_again_without_harm() {
    let alone = Alone::new(Part::Joined);
    let copy = run_directory("r1").join("template");
    let template = cert("csr.conf.template");
    let original = alone.bytes(&template);
    let kept = Act::PutBack { file: template.clone(), copy: copy.clone(), kept: Kept::Surely, left: None };
    let lock_file = Path::new("/var/lib/config.lock").to_owned();

    for act in [
        lock("r1"),
        Act::Keep { file: template.clone(), copy },
        edit(&alone.machine),
        kept,
        stop_kicker(),
        Act::Start { unit: KICKER.into(), run: "r1".into() },
        Act::LockFile { path: lock_file.clone(), run: "r1".into(), within: Duration::ZERO },
        Act::UnlockFile { path: lock_file, run: "r1".into() },
        Act::Unlock { run: "r1".into() },
    ] {
        assert!(alone.act(act.clone()).unwrap() == Done::Done);
        let pid = alone.machine.unit(KICKER);
        assert!(alone.act(act).unwrap() == Done::Already);
        assert_eq!(alone.machine.unit(KICKER), pid);
    }
    assert_eq!(alone.bytes(&template), original);
}

#[test]
fn the_first_copy_is_the_true_one() {
    let alone = Alone::new(Part::Joined);
    let (file, copy) = (cert("csr.conf.template"), run_directory("r1").join("template"));
    let original = alone.bytes(&file);
    let keep = Act::Keep { file: file.clone(), copy: copy.clone() };

    alone.open().act(&[keep.clone(), edit(&alone.machine), keep]).unwrap();

    assert_eq!(alone.bytes(&copy), original);
    assert_ne!(alone.bytes(&file), original);
}

#[test]
fn mode_and_owner_survive_an_edit_and_come_back_with_a_copy() {
    let alone = Alone::new(Part::Joined);
    let (file, copy) = (cert("csr.conf.template"), run_directory("r1").join("template"));
    let facts = || match alone.open().look(&[Ask::File(file.clone())]).unwrap().remove(0) {
        Answer::File(seen) => (seen.mode, seen.owner, seen.group),
        answer => panic!("{answer:?}"),
    };
    let before = facts();

    alone.open().act(&[Act::Keep { file: file.clone(), copy: copy.clone() }, edit(&alone.machine)]).unwrap();
    let edited = facts();
    alone.machine.set_owner(&file, "root:root").unwrap();
    let put_back =
        alone.act(Act::PutBack { file: file.clone(), copy, kept: Kept::Surely, left: None }).unwrap();

    assert_eq!(before, (0o660, "root".into(), "microk8s".into()));
    assert_eq!(edited, before);
    assert!(put_back == Done::Done);
    assert_eq!(facts(), before);
}

#[test]
fn a_file_that_drifted_is_left_alone_and_the_batch_ends_there() {
    let alone = Alone::new(Part::Joined);
    let template = cert("csr.conf.template");
    let stale = edit(&alone.machine);
    disk::overwrite(&alone.machine.path(&template).unwrap(), b"another hand").unwrap();

    let error = alone.open().act(&[stale, stop_kicker()]).err().unwrap();

    assert!(matches!(error, Error::Drifted { path, .. } if path == template));
    assert_eq!(alone.bytes(&template), b"another hand");
    assert!(matches!(alone.machine.unit(KICKER), UnitSeen::Active { .. }));
}

#[test]
fn of_many_runs_that_lock_at_once_one_wins_and_is_named_to_the_others() {
    let alone = Alone::new(Part::First);

    let results: Vec<_> = std::thread::scope(|scope| {
        let start = |run: usize| {
            let alone = &alone;
            scope.spawn(move || alone.act(lock(&format!("r{run}"))))
        };
        let runs: Vec<_> = (0..8).map(start).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });

    let winners = results.iter().filter(|result| result.is_ok()).count();
    let told: Vec<_> = results.into_iter().filter_map(Result::err).map(|error| error.to_string()).collect();
    assert_eq!((winners, told.len()), (1, 7));
    assert!(told.iter().all(|text| *text == told[0] && text.contains("of ann@laptop holds the lock")));
}

#[test]
fn a_lock_file_of_another_program_is_waited_for_and_never_removed() {
    let alone = Alone::new(Part::First);
    let path = Path::new("/var/lib/config.lock").to_owned();
    disk::overwrite(&alone.machine.path(&path).unwrap(), b"").unwrap();

    let error = alone
        .act(Act::LockFile { path: path.clone(), run: "r1".into(), within: Duration::ZERO })
        .err()
        .unwrap();
    alone.act(Act::UnlockFile { path: path.clone(), run: "r1".into() }).unwrap();

    assert!(matches!(error, Error::LockFileHeld { .. }));
    assert!(alone.machine.path(&path).unwrap().exists());
}

#[test]
fn files_that_differ_stop_the_batch() {
    let alone = Alone::new(Part::First);
    let same = Act::Same { left: cert("csr.conf"), right: cert("csr.conf.rendered") };

    assert!(alone.act(same.clone()).unwrap() == Done::Done);
    disk::overwrite(&alone.machine.path(&cert("csr.conf")).unwrap(), b"changeme").unwrap();

    assert!(matches!(alone.act(same), Err(Error::Differ { .. })));
}

#[test]
fn a_unit_that_is_unknown_cannot_be_started_or_stopped() {
    let alone = Alone::new(Part::First);
    let unit = || "nginx".to_owned();

    for act in [
        Act::Start { unit: unit(), run: "r1".into() },
        Act::Restart { unit: unit() },
        Act::StopIdle { unit: unit(), idle: "sleep".into(), within: Duration::ZERO, run: "r1".into() },
    ] {
        assert!(matches!(alone.act(act), Err(Error::Failed { status: 5, .. })));
    }
    assert_eq!(alone.machine.unit("nginx"), UnitSeen::Missing);
}

#[test]
fn each_question_has_its_answer() {
    let alone = Alone::new(Part::First);
    let cni = vec!["flannel.1".to_owned(), "vxlan.calico".to_owned()];
    let nowhere = Path::new("/nowhere").to_owned();

    let answers = alone
        .open()
        .look(&[
            Ask::Addresses,
            Ask::InterfaceAddresses(cni),
            Ask::Directory("/var/snap/microk8s/current/var/lock".into()),
            Ask::Unit(format!("{KUBELITE}.service")),
            Ask::Exists(nowhere.clone()),
            Ask::File(nowhere.clone()),
            Ask::Space(nowhere),
            Ask::Exists("/snap/microk8s/current".into()),
            Ask::Writable(CERTS.into()),
        ])
        .unwrap();

    assert_eq!(answers[0], Answer::Addresses(vec!["192.0.2.11".into(), "10.1.77.0".into()]));
    assert_eq!(answers[1], Answer::Addresses(vec!["10.1.77.0".into()]));
    assert_eq!(answers[2], Answer::Names(vec!["ha-cluster".into()]));
    assert!(matches!(answers[3], Answer::Unit(UnitSeen::Active { .. })));
    assert_eq!(answers[4..7], [Answer::Absent, Answer::Absent, Answer::Absent]);
    assert_eq!(answers[7..], [Answer::Present, Answer::Yes]);
}

#[test]
fn the_bytes_of_a_key_never_leave_the_machine() {
    let alone = Alone::new(Part::First);
    let of_cert = alone.served().public_key().unwrap().public_key_to_der().unwrap();

    let refused = alone.open().look(&[Ask::File(cert("server.key"))]);
    let digest = alone.open().look(&[Ask::PublicKeyOf(cert("server.key"))]).unwrap();

    assert!(matches!(refused, Err(Error::Protocol { .. })));
    assert_eq!(digest, [Answer::KeyDigest(Digest::of(&of_cert).as_str().into())]);
}

#[test]
fn a_full_disk_refuses_every_new_byte_and_keeps_the_old_ones() {
    let alone = Alone::new(Part::Joined);
    let template = cert("csr.conf.template");
    let before = alone.bytes(&template);
    alone.machine.set(Fault::DiskFull).unwrap();

    for act in [edit(&alone.machine), lock("r1")] {
        let error = alone.act(act).err().unwrap();
        assert!(matches!(error, Error::Deed { source, .. } if source.kind() == ErrorKind::StorageFull));
    }

    assert_eq!(alone.bytes(&template), before);
    let space = alone.open().look(&[Ask::Space(CERTS.into())]).unwrap();
    assert_eq!(space, [Answer::Space { bytes: 0, inodes: 0 }]);
}

#[test]
fn a_machine_that_is_off_is_not_reached_and_one_that_goes_off_breaks_the_connection() {
    let alone = Alone::new(Part::First);
    let mut before = alone.open();
    alone.machine.set(Fault::Dead).unwrap();

    assert!(matches!(SimulatedNode::open(&alone.target), Err(Error::Connect { .. })));
    assert!(matches!(before.look(&[Ask::Clock]), Err(Error::Broken { .. })));
    assert!(matches!(before.act(&[stop_kicker()]), Err(Error::Broken { .. })));

    alone.machine.clear(Fault::Dead).unwrap();
    assert!(before.act(&[stop_kicker()]).is_ok());
}

#[test]
fn a_cut_connection_leaves_done_what_was_done() {
    let alone = Alone::new(Part::First);
    alone.machine.cut_after(1).unwrap();

    let error = alone.open().act(&[stop_kicker(), edit(&alone.machine)]).err().unwrap();

    assert!(matches!(error, Error::Broken { .. }));
    assert_eq!(alone.machine.unit(KICKER), UnitSeen::Inactive);
    assert!(!String::from_utf8(alone.bytes(&cert("csr.conf.template"))).unwrap().contains("172.22.22.3"));
    alone.machine.mend().unwrap();
    assert!(alone.act(edit(&alone.machine)).unwrap() == Done::Done);
}

#[test]
fn a_unit_that_is_never_idle_runs_on() {
    let alone = Alone::new(Part::First);
    alone.machine.set(Fault::NeverIdle).unwrap();

    assert!(matches!(alone.act(stop_kicker()), Err(Error::NeverIdle { .. })));
    assert!(matches!(alone.machine.unit(KICKER), UnitSeen::Active { .. }));
}

#[test]
fn another_process_sees_and_changes_the_same_machine() {
    const VARIABLE: &str = "CPCTL_TEST_MACHINE";
    if let Some(directory) = std::env::var_os(VARIABLE) {
        let target = Target { rehearsed: Some(directory.into()), ..Target::from_host("cp1", "127.0.0.1") };
        let mut node = SimulatedNode::open(&target).unwrap();
        assert_eq!(node.look(&[Ask::Unit(KICKER.into())]).unwrap(), [Answer::Unit(UnitSeen::Inactive)]);
        node.act(&[Act::Restart { unit: KUBELITE.into() }, lock("theirs")]).unwrap();
        return;
    }
    let alone = Alone::new(Part::First);
    alone.act(stop_kicker()).unwrap();
    let pid = alone.machine.unit(KUBELITE);

    let test = "rehearse::tests::acts::another_process_sees_and_changes_the_same_machine";
    in_another_process(test, VARIABLE, alone.target.rehearsed.as_deref().unwrap());

    assert_ne!(alone.machine.unit(KUBELITE), pid);
    assert!(matches!(alone.act(lock("ours")), Err(Error::Locked { run, .. }) if run == "theirs"));
}
