//! Machines, a plan for them, and runs that die where they are told to.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::Timestamp;
use tempfile::TempDir;

use super::{
    machine::{self, CERT, CONF, Disk, KICKER, Machine, RENDERED, SERVER, TEMPLATE, Wires},
    server::Authority,
};
use crate::{
    apply::{Stopped, Terms, Unwatched, apply, undo},
    edit::{Edit, openssl::Names},
    journal::Journal,
    node::{Command, Target},
    plan::{self, Change, Cluster, Hold, Plan, Proof, Restart, Settle, Step},
    probe::Wire,
    san::SanSet,
    world::World,
};

/// The name that the tests' plans add.
pub const VIP: &str = "172.22.22.3";

/// Stands in files and must never stand in a journal.
pub const SECRET: &str = "MARKER-OF-A-SECRET";

/// Long enough for a handshake, and waited out only where the wire does not follow.
const SOON: Duration = Duration::from_millis(300);

thread_local!(static TICKS_LEFT: Cell<Option<usize>> = const { Cell::new(None) });

/// The journal's clock: it is read once for each record, before the record is written, and can be told to kill.
fn clock() -> Timestamp {
    match TICKS_LEFT.get() {
        Some(0) => machine::kill(),
        left => TICKS_LEFT.set(left.map(|left| left - 1)),
    }
    Timestamp::now()
}

/// Runs something that may be killed, after `records` further records where that is said.
pub fn mortal<T>(records: Option<usize>, work: impl FnOnce() -> T) -> Option<T> {
    TICKS_LEFT.set(records);
    let result = catch_unwind(AssertUnwindSafe(work));
    TICKS_LEFT.set(None);
    match result {
        Ok(value) => Some(value),
        Err(payload) if payload.is::<&str>() && *payload.downcast_ref::<&str>().unwrap() == "killed" => None,
        Err(payload) => resume_unwind(payload),
    }
}

pub struct Lab {
    pub machines: BTreeMap<String, Arc<Machine>>,
    pub authority: Arc<Authority>,
    pub laptop: Laptop,
}

/// Where journals are kept; a second one stands for another operator's machine.
pub struct Laptop(TempDir);

/// What a run must bring back, or bring about, on one machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    pub names: String,
    pub serial: String,
    pub files: BTreeMap<String, (u32, String)>,
    pub lock: Option<String>,
    pub stopped: bool,
    pub kicks: u32,
    pub rotation: BTreeMap<String, String>,
    pub timers: BTreeSet<String>,
}

impl Laptop {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn state(&self) -> &Path {
        self.0.path()
    }

    pub fn begin(&self, plan: Plan) -> Journal {
        Journal::create(self.state(), clock, "ann@laptop", plan).unwrap()
    }

    pub fn open(&self, run: &str) -> Journal {
        Journal::open(self.state(), clock, run).unwrap()
    }

    pub fn adopt(&self, record: &[u8]) -> Journal {
        Journal::from_node(self.state(), clock, record).unwrap()
    }

    /// The newest run.
    pub fn last(&self) -> String {
        Journal::list(self.state()).unwrap().pop().unwrap().run
    }
}

impl Lab {
    pub fn new(names: &[&str]) -> Self {
        let authority = Authority::new();
        let machines =
            names.iter().map(|name| ((*name).to_owned(), Machine::start(name, &authority))).collect();
        Self { machines, authority, laptop: Laptop::new() }
    }

    pub fn world(&self, laptop: &Laptop) -> World {
        static WIRE: OnceLock<Wire> = OnceLock::new();
        World {
            reach: Arc::new(Wires(self.machines.clone())),
            wire: WIRE.get_or_init(|| Wire::new(Duration::from_secs(5))).clone(),
            now: Timestamp::now,
            random: crate::world::random_octets,
            state: laptop.state().to_owned(),
            operator: "ann@laptop".into(),
        }
    }

    pub fn begin(&self) -> Journal {
        self.laptop.begin(self.plan())
    }

    pub fn apply(&self, journal: &mut Journal) -> Result<(), Stopped> {
        apply(journal, &self.world(&self.laptop), &Terms::default(), &mut Unwatched)
    }

    pub fn undo(&self, journal: &mut Journal) -> Result<(), Stopped> {
        undo(journal, &self.world(&self.laptop), &Terms::default(), &mut Unwatched)
    }

    pub fn disks(&self) -> BTreeMap<String, Disk> {
        self.machines.iter().map(|(name, machine)| (name.clone(), machine.disk().clone())).collect()
    }

    /// Puts every machine back, and forgets all runs.
    pub fn reset(&mut self, disks: &BTreeMap<String, Disk>) {
        self.laptop = Laptop::new();
        for (name, machine) in &self.machines {
            machine.on_act(|_, _| machine::Fault::Nothing);
            *machine.disk() = disks[name].clone();
        }
    }

    /// What each machine serves and holds, run directories aside.
    pub fn told(&self) -> Vec<Told> {
        let wire = self.world(&self.laptop).wire;
        let tell = |machine: &Arc<Machine>| {
            let leaf = wire.presented(&machine.endpoint).unwrap().leaf;
            let disk = machine.disk();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let files = disk.files.iter().filter(|(path, _)| !path.starts_with("/var/lib/cpctl"));
            Told {
                names: leaf.sans.to_string(),
                serial: leaf.serial,
                files: files
                    .map(|(path, (mode, bytes))| (path.display().to_string(), (*mode, text(bytes))))
                    .collect(),
                lock: disk.lock.clone(),
                stopped: disk.stopped,
                kicks: disk.kicks,
                rotation: disk.rotation.clone(),
                timers: disk.timers.clone(),
            }
        };
        self.machines.values().map(tell).collect()
    }

    /// The journal as a node keeps it.
    pub fn record_on(&self, node: &str, run: &str) -> Vec<u8> {
        let path = crate::node::run_directory(run).join(crate::apply::machines::RECORD);
        self.machines[node].disk().files[&path].1.clone()
    }

    pub fn plan(&self) -> Plan {
        self.plan_for(VIP)
    }

    pub fn plan_for(&self, name: &str) -> Plan {
        let servers = self.machines.iter().map(|(name, machine)| (name.clone(), machine.endpoint.clone()));
        Plan {
            schema: plan::SCHEMA,
            title: format!("certs add-san {name}"),
            cluster: Cluster {
                context: "lab".into(),
                trust: self.authority.pem.clone(),
                kubeconfig: vec![],
                servers: servers.collect(),
            },
            nodes: self.machines.keys().map(|name| (name.clone(), Target::from_host(name, name))).collect(),
            steps: self
                .machines
                .values()
                .map(|machine| step(self.proof(machine, name), machine, name))
                .collect(),
            finally: self
                .machines
                .values()
                .map(|machine| Proof { not_serial: None, ..self.proof(machine, name) })
                .collect(),
            provides: names(&[name]),
            relies_on: SanSet::default(),
        }
    }

    fn proof(&self, machine: &Machine, name: &str) -> Proof {
        let leaf = self.world(&self.laptop).wire.presented(&machine.endpoint).unwrap().leaf;
        Proof {
            covers: leaf.sans.union(&names(&[name])),
            not_serial: Some(leaf.serial),
            issuer: Some(leaf.issuer),
            connections: 2,
            within: SOON,
            ..Proof::at(machine.endpoint.clone())
        }
    }
}

pub fn names(texts: &[&str]) -> SanSet {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn step(proof: Proof, machine: &Machine, name: &str) -> Step {
    let entries = Names::listing(&names(&[name]), &machine.text(TEMPLATE)).unwrap();
    Step {
        node: machine.name.clone(),
        why: format!("serve {name}"),
        holds: vec![Hold::Unit {
            unit: KICKER.into(),
            idle: "sleep".into(),
            within: SOON,
            reconcile: vec![Command::new("refresh"), Command::new("render")],
            same: Some((RENDERED.into(), CONF.into())),
        }],
        changes: vec![
            Change::Edit { path: TEMPLATE.into(), edit: Edit::AddNames(entries) },
            Change::Run {
                commands: ["refresh", "sign", "forget"].map(Command::new).to_vec(),
                rewrites: vec![CERT.into()],
                undo: vec![Command::new("recall")],
            },
        ],
        settle: vec![
            Settle::ServesFile {
                endpoint: machine.endpoint.clone(),
                file: CERT.into(),
                within: SOON,
                otherwise: Some(Restart { unit: SERVER.into(), within: SOON, command: None }),
            },
            Settle::AwaitReady { endpoint: machine.endpoint.clone(), within: SOON },
        ],
        proofs: vec![proof],
        notes: vec![],
    }
}
