//! Copies of the certificate: kept in time, never missed in silence, never put back over a newer one.

use super::{
    super::*,
    lab::{Lab, Told, VIP},
    machine::{CERT, Fault},
};
use crate::node::{self, Act};

/// A lab whose one machine lost power between the edit and the commands, and came up again.
fn rebooted() -> (Lab, Vec<Told>, Journal) {
    let lab = Lab::new(&["cp1"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.machines["cp1"].on_act(|_, act| match act {
        Act::Run(_) => Fault::PowerOff,
        _ => Fault::Nothing,
    });
    lab.apply(&mut journal).unwrap_err();
    lab.machines["cp1"].on_act(|_, _| Fault::Nothing);
    lab.machines["cp1"].reboot();
    assert!(lab.told()[0].names.contains(VIP), "the kicker signs by itself");
    (lab, before, journal)
}

#[test]
fn what_a_machine_signed_by_itself_after_a_reboot_is_taken_back() {
    let (lab, before, mut journal) = rebooted();

    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
}

#[test]
fn a_run_resumed_after_a_reboot_still_goes_all_the_way_back() {
    let (lab, before, mut journal) = rebooted();
    lab.apply(&mut journal).unwrap();

    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
}

#[test]
fn a_copy_that_is_gone_stops_undo_before_the_template_is_touched() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    let before = lab.told();
    lab.machines["cp1"]
        .disk()
        .files
        .retain(|path, _| !path.to_string_lossy().ends_with("server.crt") || path.ends_with(&CERT[1..]));

    let stopped = lab.undo(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp1: cannot put back /certs/server.crt");
    assert_eq!(lab.told(), before);
    assert!(stopped.is_part_way());
}

#[test]
fn a_certificate_signed_by_others_since_is_not_replaced_by_an_older_one() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    let renewed = lab.authority.sign(vec!["127.0.0.1".into(), VIP.into(), "renewed.example".into()]);
    lab.machines["cp1"].put(CERT, &renewed);
    let before = lab.told();

    let stopped = lab.undo(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp1: /certs/server.crt was rewritten since this run left it");
    assert!(stopped.hint().unwrap().contains("signed anew since"), "{stopped:?}");
    assert!(!stopped.is_part_way(), "refused, and not begun");
    assert_eq!(lab.told(), before);
}

#[test]
fn a_certificate_signed_while_undo_is_at_work_stays_too() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    let renewed = lab.authority.sign(vec!["127.0.0.1".into(), VIP.into()]);
    let (machine, theirs) = (std::sync::Arc::downgrade(&lab.machines["cp1"]), renewed.clone());
    lab.machines["cp1"].on_act(move |_, act| {
        if matches!(act, Act::StopIdle { .. }) {
            machine.upgrade().unwrap().put(CERT, &theirs);
        }
        Fault::Nothing
    });

    let stopped = lab.undo(&mut journal).unwrap_err();

    assert!(matches!(&*stopped.cause, Cause::Node(node::Error::Rewritten { .. })), "{stopped}");
    assert!(lab.machines["cp1"].text(super::TEMPLATE).contains(VIP));
    assert_eq!(lab.machines["cp1"].text(CERT), renewed);
}

#[test]
fn a_certificate_that_was_put_back_by_hand_is_no_hindrance() {
    let lab = Lab::new(&["cp1"]);
    let old = lab.machines["cp1"].text(CERT);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    lab.machines["cp1"].put(CERT, &old);

    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
}

#[test]
fn a_journal_without_digests_is_still_taken_back() {
    let lab = Lab::new(&["cp1"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    let (path, run) = (journal.path().to_owned(), journal.account().run.clone());
    let digest = node::Digest::of(lab.machines["cp1"].text(CERT).as_bytes());
    let left = format!(r#","left":{{"{CERT}":"{}"}}"#, digest.as_str());
    let text = journal.account().text().to_owned();
    drop(journal);
    assert!(text.contains(&left), "{text}");
    let old = text.replace(&left, "");
    for path in [path, node::run_directory(&run).join(RECORD)] {
        match lab.machines["cp1"].disk().files.get_mut(&path) {
            Some(record) => record.1 = old.clone().into(),
            None => overwrite(&path, &old),
        }
    }

    lab.undo(&mut lab.laptop.open(&run)).unwrap();

    assert_eq!(lab.told(), before);
}

#[expect(clippy::disallowed_methods, reason = "an older program wrote the journal")]
fn overwrite(path: &std::path::Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

#[test]
fn what_was_signed_is_on_the_disk_before_the_change_counts_as_done() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.begin();

    lab.apply(&mut journal).unwrap();

    assert!(lab.disks()["cp1"].unflushed.is_empty());
}

#[test]
fn a_unit_stays_held_while_the_certificate_that_it_would_find_is_broken() {
    let lab = Lab::new(&["cp1"]);
    lab.machines["cp1"].disk().reloads = false;
    let before = lab.told();
    let mut journal = lab.begin();
    let machine = std::sync::Arc::downgrade(&lab.machines["cp1"]);
    lab.machines["cp1"].on_act(move |_, act| match act {
        Act::Run(command) if command.program == "sign" => {
            machine.upgrade().unwrap().put(CERT, "-----BEGIN CERTIFICATE-----\nMIIB");
            Fault::Fails
        }
        Act::PutBack { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(lab.disks()["cp1"].stopped, "the kicker is not let loose on it");
    assert_eq!(stopped.held, ["cp1"]);
    assert!(stopped.is_part_way());
    let kept = stopped.not_taken_back.unwrap();
    assert_eq!(
        kept.to_string(),
        "cp1: /certs/server.crt is no certificate of this cluster, so kicker stays stopped"
    );
    assert!(
        std::error::Error::source(&*kept).is_some_and(|cause| cause.to_string() == "cp1: cannot do that")
    );
    lab.machines["cp1"].on_act(|_, _| Fault::Nothing);
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}

#[test]
fn a_unit_is_let_go_where_the_certificate_is_sound_though_taking_back_failed() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.begin();
    lab.machines["cp1"].on_act(|_, act| match act {
        Act::Run(command) if command.program == "sign" => Fault::Fails,
        Act::PutBack { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(!lab.disks()["cp1"].stopped && stopped.held.is_empty());
    assert_eq!(lab.disks()["cp1"].kicks, 0);
}
