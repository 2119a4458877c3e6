//! What is refused before the first change, by name and with nothing left behind.

use std::time::Duration;

use super::{
    super::*,
    lab::{Lab, VIP, names},
    machine::{Fault, Machine, TEMPLATE},
    server::Authority,
};
use crate::node;

/// Asserts that nothing was changed and that no lock of ours is left.
fn assert_untouched(lab: &Lab, before: &[super::lab::Told], stopped: &Stopped) {
    assert_eq!(lab.told(), before);
    assert!(!stopped.is_part_way(), "{stopped:?}");
    assert_eq!(stopped.state, State::Refused);
    assert!(stopped.hint().is_some(), "{stopped}");
}

#[test]
fn a_file_that_drifted_is_refused_before_any_node_is_changed() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut journal = lab.begin();
    let drifted = lab.machines["cp2"].text(TEMPLATE).replace("#MOREIPS", "IP.101 = 10.0.0.9\n#MOREIPS");
    lab.machines["cp2"].put(TEMPLATE, &drifted);
    lab.machines["cp2"].put(super::CONF, &drifted);
    let before = lab.told();

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(matches!(*stopped.cause, Cause::Unedited { .. }));
    assert!(stopped.to_string().starts_with("cp2: cannot edit"), "{stopped}");
    assert_untouched(&lab, &before, &stopped);
}

#[test]
fn a_second_operators_lock_is_respected_and_ours_given_back() {
    let lab = Lab::new(&["cp1", "cp2"]);
    lab.machines["cp2"].disk().lock = Some("20261121-091500-k3f9".into());
    let before = lab.told();
    let theirs = lab.disks().remove("cp2").unwrap().files;

    let stopped = lab.apply(&mut lab.begin()).unwrap_err();

    assert_eq!(lab.disks()["cp2"].files, theirs, "not even a record is left there");
    assert!(matches!(&*stopped.cause, Cause::Node(node::Error::Locked { node, .. }) if node == "cp2"));
    assert_untouched(&lab, &before, &stopped);
}

#[test]
fn a_node_that_is_down_is_refused_before_the_others_are_changed() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.machines["cp2"].on_act(|_, act| match act {
        node::Act::Lock(_) => Fault::Fails,
        _ => Fault::Nothing,
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp2: cannot do that");
    assert_eq!(lab.told(), before);
    assert!(!stopped.is_part_way());
}

#[test]
fn an_api_server_of_another_cluster_is_refused_by_fingerprint() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut plan = lab.plan();
    plan.cluster.trust = Authority::new().pem.clone();
    let trusted = crate::probe::Trust::from_pem(&plan.cluster.trust).unwrap().fingerprint();
    let before = lab.told();

    let stopped = lab.apply(&mut lab.laptop.begin(plan)).unwrap_err();

    assert!(
        matches!(&*stopped.cause, Cause::Refused(rollout::Refused::WrongCluster { node, .. }) if node == "cp1")
    );
    assert!(stopped.hint().unwrap().contains(&trusted), "{stopped}");
    assert_untouched(&lab, &before, &stopped);
}

#[test]
fn no_node_is_touched_while_another_api_server_is_not_ready() {
    let lab = Lab::new(&["cp1", "cp2", "cp3"]);
    let mut journal = lab.begin();
    let third = std::sync::Arc::clone(&lab.machines["cp3"]);
    lab.machines["cp1"].on_act(move |_, act| {
        third.disk().is_off |= matches!(act, node::Act::Start { .. });
        Fault::Nothing
    });
    let second = lab.machines["cp2"].text(TEMPLATE);
    let impatient = Terms { patience: Duration::ZERO, ..Terms::default() };

    let stopped = apply(&mut journal, &lab.world(&lab.laptop), &impatient, &mut Unwatched).unwrap_err();

    assert_eq!(stopped.to_string(), "cp3: its API server is not ready");
    assert_eq!(stopped.completed, ["cp1"]);
    assert!(stopped.is_part_way());
    assert_eq!(lab.machines["cp2"].text(TEMPLATE), second);
}

/// Brings a machine back as soon as it is told that the run waits for it.
struct Mender {
    machine: std::sync::Arc<Machine>,
    told: Vec<String>,
}

impl Watch for Mender {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Awaiting { step, refused } = event {
            self.told.push(format!("{} waits: {refused}", step.node));
            self.machine.disk().is_off = false;
        }
    }
}

#[test]
fn an_api_server_that_gets_ready_again_is_waited_for_and_named_once() {
    let lab = Lab::new(&["cp1", "cp2", "cp3"]);
    let mut journal = lab.begin();
    let third = std::sync::Arc::clone(&lab.machines["cp3"]);
    let mut mender = Mender { machine: std::sync::Arc::clone(&third), told: vec![] };
    lab.machines["cp1"].on_act(move |_, act| {
        third.disk().is_off |= matches!(act, node::Act::Start { .. });
        Fault::Nothing
    });

    apply(&mut journal, &lab.world(&lab.laptop), &Terms::default(), &mut mender).unwrap();

    assert_eq!(mender.told, ["cp2 waits: cp3: its API server is not ready"]);
    assert!(lab.told().iter().all(|told| told.names.contains(VIP)));
}

#[test]
fn an_api_server_that_is_down_is_refused_by_name() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut journal = lab.begin();
    lab.machines["cp2"].disk().is_off = true;

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp2: its API server cannot be seen");
    assert!(!stopped.is_part_way());
    assert_eq!(lab.disks()["cp1"].batches, 0);
}

#[test]
fn undo_is_refused_while_a_later_run_depends_on_the_name() {
    let lab = Lab::new(&["cp1"]);
    let mut first = lab.begin();
    lab.apply(&mut first).unwrap();
    let mut later = lab.plan_for("10.9.9.9");
    later.steps[0].changes.truncate(1);
    (later.steps[0].proofs, later.finally, later.relies_on) = (vec![], vec![], names(&[VIP]));
    let mut second = lab.laptop.begin(later);
    lab.apply(&mut second).unwrap();
    let before = lab.told();

    let stopped = lab.undo(&mut first).unwrap_err();

    let (one, two) = (&first.account().run, &second.account().run);
    assert_eq!(stopped.to_string(), format!("run {two} depends on run {one}: it leads clients to {VIP}"));
    assert_eq!(stopped.hint().unwrap(), format!("take that back first: `cpctl undo {two}`"));
    assert!(!stopped.is_part_way());
    assert_eq!(lab.told(), before);
    lab.undo(&mut second).unwrap();
    lab.undo(&mut first).unwrap();
}

#[test]
fn undo_is_refused_while_a_later_run_has_signed_anew() {
    let lab = Lab::new(&["cp1"]);
    let start = lab.told();
    let mut first = lab.begin();
    lab.apply(&mut first).unwrap();
    let mut second = lab.laptop.begin(lab.plan_for("10.9.9.9"));
    lab.apply(&mut second).unwrap();

    let stopped = lab.undo(&mut first).unwrap_err();

    assert!(stopped.to_string().ends_with("it rewrote /certs/server.crt on cp1"), "{stopped}");
    lab.undo(&mut second).unwrap();
    lab.undo(&mut first).unwrap();
    assert_eq!(lab.told(), start);
}

#[test]
fn a_run_on_its_way_back_is_not_resumed() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    lab.machines["cp1"].on_act(|_, act| match act {
        node::Act::PutBack { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });
    lab.undo(&mut journal).unwrap_err();
    lab.machines["cp1"].on_act(|_, _| Fault::Nothing);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(matches!(*stopped.cause, Cause::BeingUndone { .. }));
    assert_eq!(stopped.hint().unwrap(), format!("`cpctl undo {}` goes on with that", stopped.run));
    assert!(stopped.is_part_way());
    lab.undo(&mut journal).unwrap();
}
