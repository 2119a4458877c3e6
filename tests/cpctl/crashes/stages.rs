//! A migration of real nodes killed wherever one of its stages ends, and finished or taken back each time.

use std::fs;

use serde_json::Value;

use super::laptop::Laptop;
use crate::lab::{Lab, Probe};

const UNDO: [&str; 2] = ["undo", "--yes"];

const MACHINES: [&str; 6] = ["n1", "n2", "n3", "w1", "lb1", "lb2"];

/// What a run holds of a machine while it is at work, and the states of its units and of a balancer's servers.
const HELD: &str = "find /var/lib/cpctl -maxdepth 1 -name '*lock*' 2>/dev/null; \
    systemctl list-units --all --plain --no-legend 'cpctl*' 'pod-*' 'snap.*' 'k3s*' 'kubelet*' 'haproxy*' | \
        awk '{ print $1, $3 }'; \
    [ ! -S /run/haproxy/admin.sock ] || echo 'show servers state' | socat - /run/haproxy/admin.sock | \
        awk '$5 ~ /^[0-9]/ { print $4, $6, $7 }'";

/// What is killed, and what it comes to.
pub struct Killed<'a> {
    pub lab: &'a Lab,
    /// Where it leads clients.
    pub to: &'a str,
    pub migrate: &'a [&'a str],
    /// Holds once all is moved.
    pub is_there: &'a dyn Fn(),
    /// Holds once all is taken back.
    pub is_back: &'a dyn Fn(),
}

/// One way of a run that nobody disturbed, and the number of the record with which each stage of it ends.
struct Way {
    records: Vec<Value>,
    ends: Vec<usize>,
    /// How many machines each process locks that takes the run up.
    locked: usize,
}

impl Killed<'_> {
    /// Kills one run where each of its stages ends, has it finished, and kills its undoing where each stage of that ends.
    pub fn resumed_after_each_stage(&self) {
        let (there, back) = ways(&undisturbed(self.lab));
        let (held, leading) = (held(self.lab), kubeconfig(self.lab));
        let (laptop, probe) = (Laptop::new(self.lab, 1), self.knocking());

        for stage in 0..there.ends.len() {
            let args = if stage == 0 { self.migrate } else { &["resume"] };
            dies(&laptop, args, there.number_from_the_end_before(stage), there.last_of(stage));
            let are_led = stage + 1 == there.ends.len();
            assert_eq!(kubeconfig(self.lab) != leading, are_led, "clients are led in the last stage alone");
        }
        laptop.cpctl(&["resume"]).exits(0);
        (self.is_there)();
        for stage in 0..back.ends.len() {
            dies(&laptop, &UNDO, back.number_from_the_end_before(stage), back.last_of(stage));
        }
        self.is_taken_back(&laptop, &held);

        unnoticed(probe);
    }

    /// Kills a run of its own at the end of each stage, and has it taken back.
    pub fn undone_after_each_stage(&self) {
        let (there, _) = ways(&undisturbed(self.lab));
        let (held, probe) = (held(self.lab), self.knocking());

        for (stage, number) in there.ends.iter().enumerate() {
            let laptop = Laptop::new(self.lab, 2 + u32::try_from(stage).unwrap());
            dies(&laptop, self.migrate, *number, there.last_of(stage));
            self.is_taken_back(&laptop, &held);
        }

        unnoticed(probe);
    }

    fn knocking(&self) -> Probe {
        Probe::start(self.lab, &[self.to])
    }

    fn is_taken_back(&self, laptop: &Laptop<'_>, before: &[String]) {
        laptop.cpctl(&UNDO).exits(0);

        assert_eq!(held(self.lab), before);
        (self.is_back)();
    }
}

impl Way {
    /// The number for a process that takes the run up where the stage before ended: it locks all machines first.
    fn number_from_the_end_before(&self, stage: usize) -> usize {
        match stage.checked_sub(1) {
            None => self.ends[stage],
            Some(before) => self.locked + self.ends[stage] - self.ends[before],
        }
    }

    fn last_of(&self, stage: usize) -> &Value {
        &self.records[self.ends[stage] - 1]
    }
}

/// The way there, whose stages are checks, names, a look at the address and clients, and the way back.
fn ways(records: &[Value]) -> (Way, Way) {
    let steps = records[0]["plan"]["steps"].as_array().unwrap();
    let is_look = |step: &Value| step["changes"].as_array().is_none_or(Vec::is_empty);
    let look = steps.iter().position(is_look).expect("the address is seen in between");
    assert!(0 < look && look + 1 < steps.len(), "names before it, and clients after it: {steps:#?}");

    let locked = number_of(records, "entering", None) - 2;
    let (there, back) = records.split_at(number_of(records, "undoing", None) - 1 - locked);
    let ends = [look - 1, look, steps.len() - 1].map(|step| number_of(there, "completed", Some(step)));
    let ends_back = [look + 1, 0].map(|step| number_of(back, "left", Some(step)));
    let there = Way { records: there.to_vec(), ends: [&[1 + locked], &ends[..]].concat(), locked };
    let back = Way { records: back.to_vec(), ends: [&[locked + 1], &ends_back[..]].concat(), locked };
    (there, back)
}

/// The number, from one, of the first record of a kind, of this step where there is one.
fn number_of(records: &[Value], kind: &str, step: Option<usize>) -> usize {
    let is_it = |record: &Value| record["record"] == kind && step.is_none_or(|step| record["step"] == step);
    records.iter().position(is_it).unwrap() + 1
}

/// Kills the binary at its record of that number, which is as it was when nobody disturbed it.
fn dies(laptop: &Laptop<'_>, args: &[&str], number: usize, last: &Value) {
    laptop.kill_at(number, args);

    assert_eq!(read(&laptop.journal()).last(), Some(last));
}

fn unnoticed(probe: Probe) {
    let tally = probe.tally();

    assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}");
    assert!(tally.sent > 0, "the probe was at work: {tally:?}");
}

/// The journal of the newest run at the operator's own machine, which was finished and taken back.
fn undisturbed(lab: &Lab) -> Vec<Value> {
    let entries = fs::read_dir(lab.path("home/.local/state/cpctl/runs")).unwrap();
    let journals = entries.map(|entry| entry.unwrap().path());
    let newest = journals.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).max();
    let text = fs::read_to_string(newest.expect("there is a run")).unwrap();
    read(&text.lines().map(str::to_owned).collect::<Vec<_>>())
}

/// The records without the times at which they were made.
fn read(lines: &[String]) -> Vec<Value> {
    let mut records: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    records.iter_mut().for_each(|record| drop(record["at"].take()));
    records
}

fn held(lab: &Lab) -> Vec<String> {
    MACHINES.iter().map(|machine| lab.on(machine, HELD).exits(0).stdout).collect()
}

fn kubeconfig(lab: &Lab) -> Vec<u8> {
    fs::read(lab.path("home/.kube/config")).unwrap()
}
