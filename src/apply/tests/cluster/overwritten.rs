//! A file that what runs on the node writes from what it knew before, while the run goes on.

use super::{
    super::machine::{Fault as Deed, Machine},
    *,
};
use crate::node::Act;

/// Writes the file as it was, once the node is waited for.
struct Proxy<'a> {
    machine: &'a Machine,
    before: Option<String>,
}

impl Watch for Proxy<'_> {
    fn event(&mut self, event: Event<'_>) {
        if matches!(event, Event::Settling { settle: Settle::AwaitNode { .. }, .. })
            && let Some(before) = self.before.take()
        {
            self.machine.put(TEMPLATE, &before);
        }
    }
}

impl Site {
    fn proxy(&self) -> Proxy<'_> {
        let machine = &self.lab.machines["w1"];
        Proxy { machine, before: Some(machine.text(TEMPLATE)) }
    }
}

#[test]
fn an_edit_that_is_lost_by_the_end_of_its_step_is_told_and_made_again() {
    let site = Site::new();
    let mut journal = site.begin();
    let terms = Terms { on_failure: OnFailure::Keep, ..Terms::default() };

    let stopped = site.apply(&mut journal, &terms, &mut site.proxy()).unwrap_err();

    assert!(
        stopped.to_string().starts_with(&format!("w1: somebody wrote {TEMPLATE} meanwhile")),
        "{stopped}"
    );
    assert!(stopped.hint().unwrap().starts_with(&format!("`stat {TEMPLATE}` on w1")));
    assert_eq!(stopped.ways_on().len(), 2);
    site.lab.apply(&mut journal).unwrap();
    assert!(site.is_led_to(NEW));
    assert_eq!(site.restarts(), 2);
    site.lab.undo(&mut journal).unwrap();
    assert!(site.is_led_to(OLD));
}

#[test]
fn a_step_whose_edit_is_lost_is_taken_back() {
    let site = Site::new();

    let stopped = site.apply(&mut site.begin(), &Terms::default(), &mut site.proxy()).unwrap_err();

    assert!(matches!(&*stopped.cause, Cause::Overwritten { .. }), "{stopped}");
    assert_eq!((stopped.taken_back.as_deref(), stopped.not_taken_back.is_none()), (Some("w1"), true));
    assert_eq!(site.restarts(), 2);
}

#[test]
fn an_edit_that_was_lost_while_the_run_was_cut_off_is_made_again_before_the_restart() {
    let site = Site::new();
    let mut journal = site.begin();
    let before = site.lab.machines["w1"].text(TEMPLATE);
    site.lab.machines["w1"].on_act(|_, act| match act {
        Act::Restart { .. } => Deed::KilledBefore,
        _ => Deed::Nothing,
    });
    assert!(mortal(None, || site.lab.apply(&mut journal).is_ok()).is_none());
    site.lab.machines["w1"].on_act(|_, _| Deed::Nothing);
    site.lab.machines["w1"].put(TEMPLATE, &before);

    site.lab.apply(&mut journal).unwrap();

    assert!(site.is_led_to(NEW));
    assert_eq!(site.restarts(), 1);
}
