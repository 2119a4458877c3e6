//! A text in the cluster's API: edited while nobody else writes there, killed at every point, taken back.

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use super::{
    super::*,
    lab::{Lab, Laptop, mortal},
};
use crate::{
    api::tests::cluster::{Cluster, cluster_answering},
    edit::{
        Edit,
        yaml::{ListEdit, Reading},
    },
    plan::{self, Change, HERE, Object, Plan, Step},
};

const TEXT: &str = "apiServer:\r\n  certSANs: [old.example]  # by hand\r\nkind: ClusterConfiguration\r\n";
const LISTED: &str =
    "apiServer:\r\n  certSANs: [old.example, new.example]  # by hand\r\nkind: ClusterConfiguration\r\n";

/// The object as it is stored, and what the server does with the next change.
struct Stored {
    text: Option<String>,
    version: u64,
    changes: u32,
    mood: Mood,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Mood {
    Calm,
    /// Somebody else is faster.
    Overtaken,
    /// It takes the change, and the answer is lost.
    Silent,
}

/// A cluster whose API holds one object, and a laptop with its kubeconfig.
struct Shelf {
    stored: Arc<Mutex<Stored>>,
    cluster: Cluster,
    lab: Lab,
}

impl Shelf {
    fn new() -> Self {
        let stored = Arc::new(Mutex::new(Stored {
            text: Some(TEXT.into()),
            version: 7,
            changes: 0,
            mood: Mood::Calm,
        }));
        let held = Arc::clone(&stored);
        let cluster = cluster_answering(&["127.0.0.1", "kubernetes"], move |line, body| {
            line.contains("/configmaps/register").then(|| held.lock().unwrap().answer(line, body))
        });
        Self { stored, cluster, lab: Lab::new(&[]) }
    }

    fn stored(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap()
    }

    fn text(&self) -> String {
        self.stored().text.clone().unwrap()
    }

    fn plan(&self) -> Plan {
        let names = ["new.example".to_owned()];
        let edit = ListEdit::adding(TEXT, &["apiServer", "certSANs"], &names, Reading::List).unwrap();
        let object =
            Object { namespace: "kube-system".into(), name: "register".into(), key: "Configuration".into() };
        let step = Step {
            node: HERE.into(),
            why: "list it".into(),
            holds: vec![],
            changes: vec![Change::EditObject { object, edit: Edit::AddToList(edit) }],
            settle: vec![],
            proofs: vec![],
            notes: vec![],
        };
        Plan { cluster: told_of(&self.cluster), steps: vec![step], finally: vec![], ..self.lab.plan() }
    }

    fn begin(&self) -> Journal {
        self.lab.laptop.begin(self.plan())
    }

    /// The same API, and a laptop without runs.
    fn reset(&mut self) {
        self.lab.laptop = Laptop::new();
        *self.stored() = Stored { text: Some(TEXT.into()), version: 7, changes: 0, mood: Mood::Calm };
    }
}

/// A cluster of one API server, as a plan tells of it.
pub(super) fn told_of(cluster: &Cluster) -> plan::Cluster {
    let access = cluster.access();
    plan::Cluster {
        context: access.context,
        trust: cluster.ca.pem.clone(),
        kubeconfig: access.kubeconfigs,
        servers: [("cp1".to_owned(), cluster.endpoint.clone())].into(),
    }
}

impl Stored {
    fn answer(&mut self, line: &str, body: &str) -> (u16, String) {
        let Some(text) = self.text.clone() else { return refusal(404) };
        if line.starts_with("PATCH") {
            if self.mood == Mood::Overtaken {
                self.text = Some(text + "theirs: true\r\n");
                self.version += 1;
            }
            let patch: Value = serde_json::from_str(body).unwrap();
            assert_eq!(patch["data"].as_object().unwrap().len(), 1, "one key and no other");
            if patch["metadata"]["resourceVersion"] != json!(self.version.to_string()) {
                return refusal(409);
            }
            self.text = patch["data"]["Configuration"].as_str().map(str::to_owned);
            self.version += 1;
            self.changes += 1;
            if self.mood == Mood::Silent {
                return (0, String::new());
            }
        }
        let object = json!({
            "kind": "ConfigMap", "apiVersion": "v1",
            "metadata": {"name": "register", "resourceVersion": self.version.to_string()},
            "data": {"Configuration": self.text, "Other": "stays"}
        });
        (200, object.to_string())
    }
}

fn refusal(code: u16) -> (u16, String) {
    let reason = if code == 404 { "NotFound" } else { "Conflict" };
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "no", "reason": reason, "code": code
    });
    (code, status.to_string())
}

#[test]
fn a_text_is_edited_to_the_byte_and_brought_back_so() {
    let shelf = Shelf::new();
    let mut journal = shelf.begin();

    shelf.lab.apply(&mut journal).unwrap();

    assert_eq!(shelf.text(), LISTED);
    shelf.lab.undo(&mut journal).unwrap();
    assert_eq!(shelf.text(), TEXT);
    assert_eq!((shelf.stored().changes, journal.account().state()), (2, State::Undone));
}

#[test]
fn a_run_that_died_anywhere_is_finished_by_resume_and_taken_back_by_undo() {
    let mut shelf = Shelf::new();

    let deaths = (0..).take_while(|records| {
        shelf.reset();
        let mut journal = shelf.begin();
        let is_dead = mortal(Some(*records), || drop(shelf.lab.apply(&mut journal))).is_none();
        drop(journal);
        let mut journal = shelf.lab.laptop.open(&shelf.lab.laptop.last());
        shelf.lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{records}: {stopped:?}"));
        assert_eq!((shelf.text(), shelf.stored().changes), (LISTED.to_owned(), 1), "{records}");
        let is_dead_again = mortal(Some(*records), || drop(shelf.lab.undo(&mut journal))).is_none();
        drop(journal);
        let mut journal = shelf.lab.laptop.open(&shelf.lab.laptop.last());
        shelf.lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{records}: {stopped:?}"));
        assert_eq!((shelf.text(), shelf.stored().changes), (TEXT.to_owned(), 2), "{records}");
        is_dead || is_dead_again
    });

    assert!(deaths.count() > 4);
}

#[test]
fn whoever_was_faster_is_not_overwritten() {
    let shelf = Shelf::new();
    shelf.stored().mood = Mood::Overtaken;

    let stopped = shelf.lab.apply(&mut shelf.begin()).unwrap_err();

    assert_eq!(
        stopped.to_string(),
        "ConfigMap kube-system/register (Configuration): cannot edit it (add new.example to `apiServer.certSANs`)"
    );
    assert!(matches!(&*stopped.cause, Cause::Unwritten { source: Unwritten::Conflict, .. }));
    assert_eq!(stopped.hint().unwrap(), "nothing of theirs was overwritten; run the command again");
    assert!(!stopped.is_part_way());
    assert_eq!((shelf.text(), shelf.stored().changes), (format!("{TEXT}theirs: true\r\n"), 0));
}

#[test]
fn a_change_whose_answer_is_lost_is_taken_back() {
    let shelf = Shelf::new();
    shelf.stored().mood = Mood::Silent;
    let mut journal = shelf.begin();

    shelf.lab.apply(&mut journal).unwrap_err();

    assert_eq!(shelf.stored().changes, 2, "made, and taken back, whose answer is lost too");
    shelf.stored().mood = Mood::Calm;
    shelf.lab.undo(&mut journal).unwrap();
    assert_eq!(shelf.text(), TEXT);
}

#[test]
fn what_others_wrote_since_stays() {
    let shelf = Shelf::new();
    let mut journal = shelf.begin();
    shelf.lab.apply(&mut journal).unwrap();
    shelf.stored().text = Some(LISTED.replace("new.example", "new.example, theirs.example"));

    shelf.lab.undo(&mut journal).unwrap();

    assert_eq!(shelf.text(), TEXT.replace("old.example", "old.example, theirs.example"));
}

#[test]
fn what_somebody_else_listed_before_is_not_ours_to_take_away() {
    let shelf = Shelf::new();
    let mut journal = shelf.begin();
    shelf.stored().text = Some(LISTED.into());

    shelf.lab.apply(&mut journal).unwrap();
    shelf.lab.undo(&mut journal).unwrap();

    assert_eq!((shelf.text(), shelf.stored().changes), (LISTED.to_owned(), 0));
}

#[test]
fn an_object_that_is_gone_is_refused_forward_and_nothing_to_take_back() {
    let shelf = Shelf::new();
    let mut journal = shelf.begin();
    shelf.lab.apply(&mut journal).unwrap();
    shelf.stored().text = None;

    let stopped = shelf.lab.apply(&mut shelf.begin()).unwrap_err();

    assert!(matches!(&*stopped.cause, Cause::Unwritten { source: Unwritten::Missing, .. }));
    assert!(stopped.is_clean);
    shelf.lab.undo(&mut journal).unwrap();
}

#[test]
fn without_credentials_nothing_is_begun() {
    let shelf = Shelf::new();
    let mut plan = shelf.plan();
    plan.cluster.kubeconfig.clear();

    let stopped = shelf.lab.apply(&mut shelf.lab.laptop.begin(plan)).unwrap_err();

    assert!(matches!(&*stopped.cause, Cause::Unwritten { source: Unwritten::NoCredentials, .. }));
    assert!(stopped.is_clean && stopped.hint().unwrap().contains("--kubeconfig"));
}

#[test]
fn the_plan_reads_well_and_is_read_back() {
    let shelf = Shelf::new();
    let plan = shelf.plan();

    let saved = plan.to_json().unwrap();

    assert_eq!(Plan::from_json(saved.as_bytes()).unwrap(), plan);
    assert!(!plan.is_local() && plan.machines().is_empty());
    assert_eq!(plan.places().to_string(), "in ConfigMap kube-system/register (Configuration)");
    assert_eq!(
        plan.steps[0].changes[0].to_string(),
        "edit ConfigMap kube-system/register (Configuration): add new.example to `apiServer.certSANs`"
    );
}
