//! Killed, cut off and without power at every point: resume finishes it, undo takes it back.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    super::State,
    lab::{Lab, Told, VIP, mortal},
    machine::{Disk, Fault},
};

/// Where a run dies: before a record is written, or at an act.
#[derive(Clone, Copy, Debug)]
pub enum Death {
    Record(usize),
    Act(Fault, usize),
}

/// Arms the machines and carries out `work`; whether the death was reached.
pub fn die(lab: &Lab, death: Death, work: impl FnOnce()) -> bool {
    let count = Arc::new(std::sync::Mutex::new(0));
    let fired = Arc::new(std::sync::Mutex::new(false));
    let mut records = None;
    match death {
        Death::Record(number) => records = Some(number),
        Death::Act(fault, number) => lab.machines.values().for_each(|machine| {
            let (count, fired) = (Arc::clone(&count), Arc::clone(&fired));
            machine.on_act(move |_, _| {
                *count.lock().unwrap() += 1;
                let is_now = *count.lock().unwrap() == number + 1;
                *fired.lock().unwrap() |= is_now;
                if is_now { fault } else { Fault::Nothing }
            });
        }),
    }
    let is_killed = mortal(records, work).is_none();
    lab.machines.values().for_each(|machine| {
        machine.on_act(|_, _| Fault::Nothing);
        machine.disk().is_off = false;
    });
    let fired = *fired.lock().unwrap();
    is_killed || fired
}

pub fn every_death(mut survive: impl FnMut(Death) -> bool) -> usize {
    let faults = [Fault::KilledBefore, Fault::KilledAfter, Fault::CutAfter, Fault::PowerOff, Fault::Fails];
    let mut deaths = (0..).map(Death::Record).take_while(|death| survive(*death)).count();
    for fault in faults {
        deaths += (0..).map(|number| Death::Act(fault, number)).take_while(|death| survive(*death)).count();
    }
    deaths
}

/// All that an undisturbed run brings about; serial numbers and certificates differ each time.
fn outcome(told: &[Told]) -> Vec<Told> {
    let strip = |told: &Told| {
        let mut told = Told { serial: String::new(), ..told.clone() };
        told.files.remove(super::machine::CERT);
        told
    };
    told.iter().map(strip).collect()
}

struct Case {
    lab: Lab,
    disks: BTreeMap<String, Disk>,
    before: Vec<Told>,
    after: Vec<Told>,
}

fn case() -> Case {
    let mut lab = Lab::new(&["cp1", "cp2"]);
    let (disks, before) = (lab.disks(), lab.told());
    lab.apply(&mut lab.begin()).unwrap();
    let after = outcome(&lab.told());
    assert!(after.iter().all(|told| told.names.contains(VIP)));
    lab.reset(&disks);
    Case { lab, disks, before, after }
}

#[test]
fn a_run_that_died_anywhere_is_finished_by_resume() {
    let Case { mut lab, disks, before, after } = case();

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.begin();
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        let ended = journal.account().state();
        lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        match ended {
            State::Refused | State::Undone => assert_eq!(lab.told(), before, "{death:?}"),
            State::Unfinished | State::Done => assert_eq!(outcome(&lab.told()), after, "{death:?}"),
        }
        assert!(journal.account().opened().is_empty(), "{death:?}");
        is_dead
    });

    assert!(deaths > 150, "{deaths}");
}

#[test]
fn a_run_that_died_anywhere_is_taken_back_by_undo() {
    let Case { mut lab, disks, before, .. } = case();

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.begin();
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        assert!(journal.account().opened().is_empty(), "{death:?}");
        is_dead
    });

    assert!(deaths > 150, "{deaths}");
}

#[test]
fn an_undo_that_died_anywhere_is_finished_by_another() {
    let Case { mut lab, disks, before, .. } = case();

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.begin();
        lab.apply(&mut journal).unwrap();
        let is_dead = die(&lab, death, || drop(lab.undo(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        assert_eq!(journal.account().state(), State::Undone, "{death:?}");
        is_dead
    });

    assert!(deaths > 100, "{deaths}");
}

#[test]
fn a_cut_connection_is_made_again_and_the_step_taken_back() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.machines["cp2"].on_act({
        let mut is_cut = false;
        move |_, act| {
            let cuts = matches!(act, crate::node::Act::Write { .. }) && !is_cut;
            is_cut |= cuts;
            if cuts { Fault::CutAfter } else { Fault::Nothing }
        }
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp2: the connection broke");
    assert_eq!(stopped.taken_back.as_deref(), Some("cp2"));
    assert!(stopped.held.is_empty());
    assert_eq!(lab.told()[1], before[1]);
}

#[test]
fn a_machine_without_power_is_named_with_what_it_still_holds() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.machines["cp2"].on_act(|_, act| match act {
        crate::node::Act::Run(_) => Fault::PowerOff,
        _ => Fault::Nothing,
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.held, ["cp2"]);
    assert!(stopped.is_part_way());
    assert_eq!(
        stopped.notes(),
        [
            "cp1 is changed: every change there is complete and stays".to_owned(),
            "not put right: cp2: cannot connect to cp2: connection refused".to_owned(),
            "may still be in place on cp2: edit /certs/csr.conf.template: add IP.101 = 172.22.22.3"
                .to_owned(),
            format!(
                "may still be in place on cp2: /certs/server.crt, rewritten; as before they lie in \
                 /var/lib/cpctl/runs/{}",
                stopped.run
            ),
            "the lock, or what the step holds, may be left on cp2".to_owned(),
        ]
    );
    lab.machines["cp2"].disk().is_off = false;
    lab.machines["cp2"].on_act(|_, _| Fault::Nothing);
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}
