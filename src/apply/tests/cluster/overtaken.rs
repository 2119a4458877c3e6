//! A run that another operator's machine takes over changes nothing in the API any more.

use super::{super::machine::Machine, *};
use crate::node;

/// Another machine takes the locks at a moment.
struct Rival<'a> {
    machine: &'a Machine,
    when: fn(&Event<'_>) -> bool,
}

impl Watch for Rival<'_> {
    fn event(&mut self, event: Event<'_>) {
        if (self.when)(&event) {
            self.machine.disk().holder = "another".into();
        }
    }
}

impl Site {
    fn rival(&self, when: fn(&Event<'_>) -> bool) -> Rival<'_> {
        Rival { machine: &self.lab.machines["w1"], when }
    }
}

fn is_taken_over(stopped: &Stopped) -> bool {
    matches!(&*stopped.cause, Cause::Node(node::Error::TakenOver { .. }))
}

#[test]
fn no_text_is_edited_any_more() {
    let site = Site::new();
    let mut rival = site.rival(|event| matches!(event, Event::Step { number: 1, .. }));

    let stopped = site.apply(&mut site.begin(), &Terms::default(), &mut rival).unwrap_err();

    assert!(is_taken_over(&stopped), "{stopped}");
    assert_eq!((site.stored().texts["info"].as_str(), site.stored().version), (OLD, 1));
}

#[test]
fn no_pods_are_replaced_any_more() {
    let site = Site::new();
    let mut rival =
        site.rival(|event| matches!(event, Event::Settling { settle: Settle::RollOut { .. }, .. }));

    let stopped = site.apply(&mut site.begin(), &Terms::default(), &mut rival).unwrap_err();

    assert!(is_taken_over(&stopped), "{stopped}");
    assert_eq!((site.stored().texts["proxy"].as_str(), site.stored().roll_outs), (NEW, 0));
}

#[test]
fn no_text_is_taken_back_any_more() {
    let site = Site::new();
    let mut journal = site.begin();
    site.lab.apply(&mut journal).unwrap();
    let mut rival = site.rival(|event| matches!(event, Event::TakingBack { step } if step.node == HERE));

    let stopped =
        undo(&mut journal, &site.lab.world(&site.lab.laptop), &Terms::default(), &mut rival).unwrap_err();

    assert!(is_taken_over(&stopped), "{stopped}");
    assert!(site.stored().texts.values().all(|text| text == NEW));
}
