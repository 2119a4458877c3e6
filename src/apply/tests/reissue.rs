//! A certificate signed anew by the CA's key: killed at every point, refused where it is another one, taken back.

use super::{
    super::*,
    deaths::{die, every_death},
    lab::{Lab, Told, VIP, names},
    machine::{CA_KEY, CERT, Fault},
};
use crate::{
    cert::{
        ServingCert,
        reissue::{self, Draft, Serial, Terms as Wanted},
    },
    node::Act,
    plan::{Authority, Change, Plan, Reissue},
};

/// Whose key signs; the first machine signs for all after each had a file edited.
#[derive(Clone, Copy, Debug)]
enum Signer {
    Itself,
    First,
}

fn first(pem: &str) -> ServingCert {
    ServingCert::all_from_pem(pem.as_bytes()).unwrap().remove(0)
}

/// The lab's plan with drafts in the place of its commands, and nothing held.
fn plan(lab: &Lab, signer: Signer) -> Plan {
    let mut plan = lab.plan();
    for step in &mut plan.steps {
        let old = first(&lab.machines[&step.node].text(CERT));
        let now = jiff::Timestamp::now();
        let wanted = Wanted {
            authority: &first(&lab.authority.pem),
            removes: crate::san::SanSet::none(),
            adds: &names(&[VIP]),
            serial: &Serial::new(&[0x5e, 0x1a]).unwrap(),
            not_before: now,
            not_after: now + std::time::Duration::from_secs(3600),
        };
        let (node, edits) = match signer {
            Signer::Itself => (None, 0),
            Signer::First => (Some("cp1".to_owned()), 1),
        };
        let reissue = Reissue {
            file: CERT.into(),
            authority: Authority { node, key: CA_KEY.into() },
            removes: crate::san::SanSet::default(),
            adds: names(&[VIP]),
            draft: Draft::of(&old, &wanted).unwrap(),
        };
        step.holds.clear();
        step.changes.truncate(edits);
        step.changes.push(Change::Reissue(reissue));
    }
    plan
}

/// Without the signature, which ECDSA makes differently each time.
fn outcome(told: &[Told]) -> Vec<Told> {
    let strip = |told: &Told| {
        let mut told = told.clone();
        told.files.remove(CERT);
        told
    };
    told.iter().map(strip).collect()
}

#[test]
fn every_node_serves_the_new_name_with_the_key_it_had() {
    for (signer, round_trips) in [(Signer::Itself, 5), (Signer::First, 6)] {
        let lab = Lab::new(&["cp1", "cp2"]);
        let chain = lab.authority.pem.replace('\n', "\r\n");
        let with_chain = format!("# mine\n{}{chain}", lab.machines["cp2"].text(CERT));
        lab.machines["cp2"].put(CERT, &with_chain);
        let (before, old) = (lab.told(), first(&with_chain));
        lab.machines["cp1"].on_act(|_, act| {
            assert!(!matches!(act, Act::Read(path) if path.ends_with("ca.key")), "the key stays");
            Fault::Nothing
        });
        let mut journal = lab.laptop.begin(plan(&lab, signer));

        lab.apply(&mut journal).unwrap();

        let made = lab.machines["cp2"].text(CERT);
        assert!(made.starts_with("# mine\n") && made.ends_with(&chain));
        assert_eq!(first(&made).public_key, old.public_key);
        for told in lab.told() {
            assert!(told.names.contains(VIP), "{}", told.names);
            assert_eq!((told.serial.as_str(), told.lock), ("5e1a", None));
        }
        let batches: u32 = lab.disks().values().map(|disk| disk.batches).sum();
        assert_eq!(batches, 2 * round_trips);
        lab.undo(&mut journal).unwrap();
        assert_eq!(lab.told(), before, "{signer:?}");
    }
}

#[test]
fn a_second_run_of_the_same_plan_touches_nothing() {
    let lab = Lab::new(&["cp1"]);
    let plan = plan(&lab, Signer::Itself);
    lab.apply(&mut lab.laptop.begin(plan.clone())).unwrap();
    let made = lab.told();
    let mut again = plan;
    again.steps[0].proofs[0].not_serial = None;
    lab.machines["cp1"].on_act(|_, act| {
        assert!(!matches!(act, Act::Sign { .. } | Act::Write { .. }), "it is made already");
        Fault::Nothing
    });
    let mut journal = lab.laptop.begin(again);

    lab.apply(&mut journal).unwrap();
    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), made, "what another run made is not this one's to take back");
}

#[test]
fn a_run_that_died_anywhere_is_finished_by_resume_and_taken_back_by_undo() {
    let mut lab = Lab::new(&["cp1", "cp2"]);
    let (disks, before) = (lab.disks(), lab.told());
    lab.apply(&mut lab.laptop.begin(plan(&lab, Signer::First))).unwrap();
    let after = outcome(&lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab, Signer::First));
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        let ended = journal.account().state();
        lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        match ended {
            State::Refused | State::Undone => assert_eq!(lab.told(), before, "{death:?}"),
            State::Unfinished | State::Done => assert_eq!(outcome(&lab.told()), after, "{death:?}"),
        }
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead
    });

    assert!(deaths > 80, "{deaths}");
}

#[test]
fn an_undo_right_after_a_death_anywhere_brings_the_old_file_back() {
    let mut lab = Lab::new(&["cp1", "cp2"]);
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab, Signer::First));
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        let is_dead_again = die(&lab, death, || drop(lab.undo(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead || is_dead_again
    });

    assert!(deaths > 80, "{deaths}");
}

#[test]
fn a_certificate_that_somebody_replaced_is_refused_before_the_first_change() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut journal = lab.laptop.begin(plan(&lab, Signer::Itself));
    lab.machines["cp2"].put(CERT, &lab.authority.sign(vec!["127.0.0.1".into(), "theirs.example".into()]));
    let before = lab.told();

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp2: cannot sign /certs/server.crt anew");
    assert!(matches!(&*stopped.cause, Cause::Unsigned { source: reissue::Error::Replaced, .. }));
    assert!(stopped.hint().unwrap().contains("plan from what is there now"));
    assert!(!stopped.is_part_way());
    assert_eq!((lab.told(), journal.account().state()), (before, State::Refused));
}

#[test]
fn a_certificate_that_is_replaced_while_it_is_signed_stays() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.laptop.begin(plan(&lab, Signer::Itself));
    let theirs = lab.authority.sign(vec!["127.0.0.1".into(), "theirs.example".into()]);
    let (machine, text) = (std::sync::Arc::downgrade(&lab.machines["cp1"]), theirs.clone());
    lab.machines["cp1"].on_act(move |_, act| {
        if matches!(act, Act::Sign { .. }) {
            machine.upgrade().unwrap().put(CERT, &text);
        }
        Fault::Nothing
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(matches!(&*stopped.cause, Cause::Node(crate::node::Error::Drifted { .. })), "{stopped}");
    assert_eq!(lab.machines["cp1"].text(CERT), theirs);
}

#[test]
fn a_key_that_is_not_the_cas_changes_nothing() {
    let lab = Lab::new(&["cp1"]);
    let stranger = Lab::new(&["cp1"]);
    let mut plan = plan(&lab, Signer::Itself);
    plan.steps[0].changes = self::plan(&stranger, Signer::Itself).steps.remove(0).changes;
    lab.machines["cp1"].disk().reloads = false;
    lab.machines["cp1"].put(CERT, &stranger.machines["cp1"].text(CERT));
    let before = lab.machines["cp1"].text(CERT);
    let mut journal = lab.laptop.begin(plan);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(
        matches!(&*stopped.cause, Cause::Unsigned { source: reissue::Error::Signature, .. }),
        "{stopped}"
    );
    assert!(!stopped.is_part_way());
    assert_eq!(lab.machines["cp1"].text(CERT), before);
}

#[test]
fn the_plan_reads_well_and_is_read_back() {
    let lab = Lab::new(&["cp1"]);
    for (signer, line) in [
        (Signer::Itself, "sign /certs/server.crt anew with /certs/ca.key: + 172.22.22.3"),
        (Signer::First, "sign /certs/server.crt anew with /certs/ca.key on cp1: + 172.22.22.3"),
    ] {
        let plan = plan(&lab, signer);

        let saved = plan.to_json().unwrap();

        assert_eq!(Plan::from_json(saved.as_bytes()).unwrap(), plan);
        assert_eq!(plan.steps[0].changes.last().unwrap().to_string(), line);
        assert!(!saved.contains("PRIVATE"));
    }
    let mut plan = plan(&lab, Signer::First);
    let Change::Reissue(reissue) = &mut plan.steps[0].changes[1] else { unreachable!() };
    reissue.authority.node = Some("jumpbox".into());
    let error = Plan::from_json(plan.to_json().unwrap().as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "step 1 is for jumpbox, and the plan does not say how to reach it");
}
