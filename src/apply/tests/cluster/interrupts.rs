//! A request to stop that comes while the cluster is waited for.

use std::sync::{Mutex, atomic::Ordering};

use super::*;

/// Asks to stop as soon as a settle is waited for.
struct Impatient {
    interrupt: Interrupt,
    awaited: fn(&Settle) -> bool,
}

impl Watch for Impatient {
    fn event(&mut self, event: Event<'_>) {
        if matches!(event, Event::Settling { settle, .. } if (self.awaited)(settle)) {
            self.interrupt.flag().store(true, Ordering::Relaxed);
        }
    }
}

/// Asks to stop when a step has failed; what stood in its way is gone by then.
struct Late<'a> {
    interrupt: Interrupt,
    stored: &'a Mutex<Stored>,
}

impl Watch for Late<'_> {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Failed { .. } = event {
            self.stored.lock().unwrap().faults.clear();
            self.interrupt.flag().store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn a_step_that_waits_for_the_cluster_is_left_as_it_is_and_gone_on_with() {
    for (fault, awaited) in [
        (Fault::Signer, (|settle| matches!(settle, Settle::Resigned { .. })) as fn(&Settle) -> bool),
        (Fault::Pods, |settle| matches!(settle, Settle::RollOut { .. })),
        (Fault::Kubelet, |settle| matches!(settle, Settle::AwaitNode { .. })),
    ] {
        let site = Site::with(&[fault]);
        let (mut journal, terms) = (site.begin(), Terms::default());
        let mut impatient = Impatient { interrupt: terms.interrupt.clone(), awaited };

        let stopped = site.apply(&mut journal, &terms, &mut impatient).unwrap_err();

        assert!(matches!(&*stopped.cause, Cause::Interrupted), "{fault:?}: {stopped}");
        assert!(stopped.taken_back.is_none() && stopped.not_taken_back.is_none(), "{fault:?}");
        assert_eq!(stopped.in_place.len(), 1, "{fault:?}");
        site.stored.lock().unwrap().faults.clear();
        site.lab.apply(&mut journal).unwrap();
        assert!(site.is_led_to(NEW), "{fault:?}");
    }
}

#[test]
fn a_step_that_is_taken_back_is_taken_back_to_the_end() {
    let site = Site::with(&[Fault::Kubelet]);
    let terms = Terms::default();
    let mut late = Late { interrupt: terms.interrupt.clone(), stored: &site.stored };

    let stopped = site.apply(&mut site.begin(), &terms, &mut late).unwrap_err();

    assert!(matches!(&*stopped.cause, Cause::NodeAway { .. }), "{stopped}");
    assert_eq!((stopped.taken_back.as_deref(), stopped.not_taken_back.is_none()), (Some("w1"), true));
    assert_eq!(site.restarts(), 2);
}
