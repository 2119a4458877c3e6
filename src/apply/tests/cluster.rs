//! What must come to pass in the cluster: a node that is ready again, pods that are replaced, a text that is signed anew.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    super::*,
    lab::{Lab, Laptop, mortal, names},
    machine::{SERVER, TEMPLATE},
    object::told_of,
};
use crate::{
    api::tests::cluster::{Cluster, cluster_answering},
    edit::{
        Edit,
        openssl::Names,
        yaml::{ScalarEdit, Segment},
    },
    node::Digest,
    plan::{Change, DaemonSet, HERE, Object, Plan, Settle, Signed, Step},
};

mod interrupts;
mod overtaken;
mod overwritten;
mod stored;

use stored::{Fault, Stored, signature};

const OLD: &str = "server: https://10.0.0.1:6443\n";
const NEW: &str = "server: https://10.0.0.9:6443\n";
const SOON: Duration = Duration::from_millis(300);

struct Site {
    stored: Arc<Mutex<Stored>>,
    cluster: Cluster,
    lab: Lab,
}

impl Site {
    fn new() -> Self {
        let stored = Arc::new(Mutex::new(Stored::new()));
        let held = Arc::clone(&stored);
        let cluster = cluster_answering(&["127.0.0.1", "kubernetes"], move |line, body| {
            held.lock().unwrap().answer(line, body)
        });
        Self { stored, cluster, lab: Lab::new(&["w1"]) }
    }

    fn with(faults: &[Fault]) -> Self {
        let site = Self::new();
        site.stored.lock().unwrap().faults = faults.to_vec();
        site
    }

    /// As it is now.
    fn stored(&self) -> Stored {
        self.stored.lock().unwrap().clone()
    }

    /// A text that is signed, one that pods take in, and a file that a unit of w1 takes in.
    fn plan(&self) -> Plan {
        let was = Signed {
            text: Digest::of(OLD.as_bytes()),
            signatures: [("jws-kubeconfig-abc".to_owned(), signature(OLD))].into(),
        };
        let daemon_set = DaemonSet { namespace: "kube-system".into(), name: "proxy".into() };
        let plan = self.lab.plan();
        let mut worker = plan.steps[0].clone();
        let entries = Names::listing(&names(&["10.0.0.9"]), &self.lab.machines["w1"].text(TEMPLATE)).unwrap();
        worker.holds.clear();
        worker.changes = vec![Change::Edit { path: TEMPLATE.into(), edit: Edit::AddNames(entries) }];
        worker.settle = vec![
            Settle::Restart { unit: SERVER.into() },
            Settle::AwaitNode { name: "w1".into(), within: SOON },
        ];
        worker.proofs = vec![];
        Plan {
            cluster: told_of(&self.cluster),
            steps: vec![
                led("info", Settle::Resigned { object: object("info"), was, within: SOON }),
                led("proxy", Settle::RollOut { daemon_set, within: SOON }),
                worker,
            ],
            finally: vec![],
            ..plan
        }
    }

    fn begin(&self) -> Journal {
        self.lab.laptop.begin(self.plan())
    }

    fn apply(&self, journal: &mut Journal, terms: &Terms, watch: &mut dyn Watch) -> Result<(), Stopped> {
        apply(journal, &self.lab.world(&self.lab.laptop), terms, watch)
    }

    fn restarts(&self) -> u32 {
        self.lab.machines["w1"].disk().restarts
    }

    fn is_led_to(&self, text: &str) -> bool {
        let is_edited = self.lab.machines["w1"].text(TEMPLATE).contains("10.0.0.9");
        self.stored().texts.values().all(|led| led == text) && is_edited == (text == NEW)
    }
}

fn object(name: &str) -> Object {
    Object { namespace: "kube-system".into(), name: name.into(), key: "text".into() }
}

fn led(name: &str, settle: Settle) -> Step {
    let path = vec![Segment::Key("server".into())];
    let edit = Edit::Scalar(ScalarEdit::to(OLD, path, "https://10.0.0.9:6443").unwrap());
    Step {
        node: HERE.into(),
        why: "lead it elsewhere".into(),
        holds: vec![],
        changes: vec![Change::EditObject { object: object(name), edit }],
        settle: vec![settle],
        proofs: vec![],
        notes: vec![],
    }
}

#[test]
fn all_is_led_elsewhere_and_back_and_taken_in_each_time() {
    let site = Site::new();
    let mut journal = site.begin();

    site.lab.apply(&mut journal).unwrap();

    assert!(site.is_led_to(NEW));
    assert_eq!((site.stored().roll_outs, site.stored().running, site.restarts()), (1, 2, 1));
    site.lab.undo(&mut journal).unwrap();
    assert!(site.is_led_to(OLD));
    assert_eq!((site.stored().roll_outs, site.stored().running, site.restarts()), (2, 3, 2));
}

#[test]
fn a_run_that_died_anywhere_is_finished_and_taken_back_and_pods_run_on_what_is_there() {
    let mut site = Site::new();
    let disks = site.lab.disks();

    let deaths = (0..).take_while(|records| {
        site.lab.reset(&disks);
        site.lab.laptop = Laptop::new();
        *site.stored.lock().unwrap() = Stored::new();
        let mut journal = site.begin();
        let is_dead = mortal(Some(*records), || drop(site.lab.apply(&mut journal))).is_none();
        drop(journal);
        let mut journal = site.lab.laptop.open(&site.lab.laptop.last());
        site.lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{records}: {stopped:?}"));
        assert!(site.is_led_to(NEW) && site.stored().running > 1, "{records}");
        let (rolled, restarted) = (site.stored().roll_outs, site.restarts());
        assert!(rolled <= 2 && (1..=2).contains(&restarted), "{records}: {rolled} {restarted}");
        let is_dead_again = mortal(Some(*records), || drop(site.lab.undo(&mut journal))).is_none();
        drop(journal);
        let mut journal = site.lab.laptop.open(&site.lab.laptop.last());
        site.lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{records}: {stopped:?}"));
        let stored = site.stored();
        assert!(site.is_led_to(OLD) && stored.running == stored.generation, "{records}");
        assert!(stored.roll_outs > rolled && site.restarts() > restarted, "{records}");
        is_dead || is_dead_again
    });

    assert!(deaths.count() > 12);
}

#[test]
fn what_does_not_come_to_pass_is_told_and_its_step_is_taken_back() {
    for (fault, text, cause) in [
        (
            Fault::Signer,
            "ConfigMap kube-system/info (text): it is not signed anew",
            "it still has the signatures of another text",
        ),
        (
            Fault::Pods,
            "DaemonSet kube-system/proxy: it is not rolled out",
            "1 of 2 pods are replaced, and 2 are available",
        ),
        (
            Fault::Kubelet,
            "w1: node w1 does not get ready again",
            "its kubelet has not renewed its lease since",
        ),
        (Fault::Unready, "w1: node w1 does not get ready again", "the API says that it is not ready"),
    ] {
        let site = Site::with(&[fault]);

        let stopped = site.lab.apply(&mut site.begin()).unwrap_err();

        let source = std::error::Error::source(&*stopped.cause).unwrap().to_string();
        assert_eq!((stopped.to_string().as_str(), source.as_str()), (text, cause));
        let hint = stopped.hint().unwrap();
        assert!(!text.contains("node w1") || hint.contains(&format!("journalctl -u {SERVER}")), "{hint}");
        let is_taken_back = match fault {
            Fault::Signer => site.stored().texts["info"] == OLD,
            Fault::Pods => site.stored().texts["proxy"] == OLD && site.stored().roll_outs == 2,
            _ => !site.lab.machines["w1"].text(TEMPLATE).contains("10.0.0.9") && site.restarts() == 2,
        };
        assert!(is_taken_back, "{fault:?}");
    }
}

#[test]
fn who_may_not_see_leases_goes_by_the_node_alone() {
    let site = Site::with(&[Fault::Leases]);

    site.lab.apply(&mut site.begin()).unwrap();

    assert!(site.is_led_to(NEW));
}

#[test]
fn pods_whose_set_is_gone_need_no_replacement() {
    let site = Site::with(&[Fault::NoSet]);
    let mut journal = site.begin();

    site.lab.apply(&mut journal).unwrap();
    site.lab.undo(&mut journal).unwrap();

    assert!(site.is_led_to(OLD));
}

#[test]
fn the_plan_reads_well_and_is_read_back() {
    let plan = Site::new().plan();

    let read = Plan::from_json(plan.to_json().unwrap().as_bytes()).unwrap();

    assert_eq!(read, plan);
    let told: Vec<_> = plan.steps.iter().flat_map(|step| &step.settle).map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "wait until ConfigMap kube-system/info (text) is signed anew".to_owned(),
            "roll DaemonSet kube-system/proxy out, and wait until it is".to_owned(),
            format!("restart {SERVER}, which takes its files in only when it starts"),
            "wait until node w1 is ready again".to_owned(),
        ]
    );
}
