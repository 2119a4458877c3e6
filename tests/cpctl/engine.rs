//! The whole engine on rehearsed MicroK8s nodes: looked at, planned, carried out, cut off, finished and taken back.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use cpctl::{
    apply::{Stopped, Terms, Unwatched, apply, undo},
    distro::{self, Given, Observed, Served, Want},
    endpoint::Endpoint,
    journal::{Journal, State},
    machines::Machines,
    node::{
        Password, Target,
        ssh::{Prompt, SshOptions},
    },
    plan::{Cluster as Scope, Plan, Proof, SCHEMA},
    probe::Wire,
    rehearse::{self, Fault, SimulatedNode},
    san::SanSet,
    world::World,
};
use jiff::Timestamp;
use tempfile::TempDir;

struct Nobody;

impl Prompt for Nobody {
    fn passphrase(&self, _: &Path, _: bool) -> Option<Password> {
        None
    }
}

/// What a machine serves and holds: the names, the serial number, and the files of MicroK8s with their modes.
#[derive(Debug, Eq, PartialEq)]
struct Told {
    names: SanSet,
    serial: String,
    files: BTreeMap<String, (u32, String)>,
}

struct Bench {
    cluster: rehearse::Cluster,
    world: World,
    _directory: TempDir,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cluster = rehearse::Cluster::start(&directory.path().join("cluster"), Timestamp::now()).unwrap();
        let world = World {
            reach: Arc::new(Machines::new(SshOptions::default(), Box::new(Nobody))),
            wire: Wire::new(Duration::from_secs(5)),
            now: Timestamp::now,
            random: cpctl::world::random_octets,
            state: directory.path().join("state"),
            operator: "ann@laptop".into(),
        };
        Self { cluster, world, _directory: directory }
    }

    fn plan(&self) -> Plan {
        let wanted: SanSet = [self.cluster.endpoint().host.clone()].into_iter().collect();
        let given =
            || Given { now: Timestamp::now(), serial: cpctl::world::random_octets().into(), signer: None };
        let (mut steps, mut servers) = (vec![], BTreeMap::new());
        for target in self.cluster.targets() {
            let node = SimulatedNode::open(&target).unwrap();
            let Observed::Known(plane) = distro::observe(&*node, None).unwrap() else { panic!() };
            let endpoint: Endpoint = target.api.as_ref().unwrap().parse().unwrap();
            let presented = self.world.wire.presented(&endpoint).unwrap();
            let served = Served::alone(&endpoint, &presented);
            steps.extend(plane.plan(&Want::Add(wanted.clone()), &served, &given()).unwrap());
            servers.insert(target.name, endpoint);
        }
        let through_the_balancer = Proof {
            covers: wanted.clone(),
            connections: 3,
            within: Duration::from_secs(5),
            ..Proof::at(self.cluster.endpoint().clone())
        };
        Plan {
            schema: SCHEMA,
            title: format!("certs add-san {wanted}"),
            cluster: Scope {
                context: "rehearsal".into(),
                trust: self.cluster.trust().into(),
                kubeconfig: vec![],
                servers,
            },
            nodes: self.cluster.targets().into_iter().map(|target| (target.name.clone(), target)).collect(),
            steps,
            finally: vec![through_the_balancer],
            provides: wanted,
            relies_on: SanSet::default(),
        }
    }

    fn begin(&self) -> Journal {
        Journal::create(&self.world.state, Timestamp::now, "ann@laptop", self.plan()).unwrap()
    }

    fn apply(&self, journal: &mut Journal) -> Result<(), Stopped> {
        apply(journal, &self.world, &Terms::default(), &mut Unwatched)
    }

    fn undo(&self, journal: &mut Journal) -> Result<(), Stopped> {
        undo(journal, &self.world, &Terms::default(), &mut Unwatched)
    }

    fn told(&self) -> Vec<Told> {
        let tell = |target: Target| {
            let machine = self.cluster.machine(&target.name).unwrap();
            let endpoint = target.api.as_ref().unwrap().parse().unwrap();
            let leaf = self.world.wire.presented(&endpoint).unwrap().leaf;
            let mut files = BTreeMap::new();
            let current = machine.path(Path::new("/var/snap/microk8s/current")).unwrap();
            for folder in ["certs", "args", "credentials", "var/lock"] {
                read_all(&current.join(folder), &mut files);
            }
            // The CA's counter of serial numbers never goes back.
            files.retain(|name, _| !name.ends_with("ca.srl"));
            Told { names: leaf.sans, serial: leaf.serial, files }
        };
        self.cluster.targets().into_iter().map(tell).collect()
    }

    fn kicks(&self) -> u32 {
        self.cluster.machines().map(|(_, machine)| machine.kicks()).sum()
    }
}

fn read_all(folder: &Path, files: &mut BTreeMap<String, (u32, String)>) {
    use std::os::unix::fs::PermissionsExt;

    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
        files.insert(path.display().to_string(), (mode, text));
    }
}

#[test]
fn a_name_comes_to_every_node_and_goes_again_without_a_kick() {
    let bench = Bench::new();
    let vip = bench.cluster.endpoint().host.clone();
    bench.cluster.machines().for_each(|(_, machine)| machine.set(Fault::EagerKicker).unwrap());
    let before = bench.told();
    let mut journal = bench.begin();

    bench.apply(&mut journal).unwrap();

    assert!(bench.told().iter().all(|told| told.names.contains(&vip)));
    assert!(bench.plan().is_empty(), "all is served and persisted");
    bench.undo(&mut journal).unwrap();
    assert_eq!(bench.told(), before);
    assert_eq!(bench.kicks(), 0);
}

#[test]
fn a_connection_cut_at_any_act_leaves_a_run_that_is_finished_or_taken_back() {
    let bench = Bench::new();
    let vip = bench.cluster.endpoint().host.clone();
    let before = bench.told();
    let mut cuts = 0;

    loop {
        let mut journal = bench.begin();
        let machine = bench.cluster.machine("cp2").unwrap();
        machine.cut_after(cuts).unwrap();
        let ended = bench.apply(&mut journal);
        machine.mend().unwrap();
        if cuts % 2 == 0 && journal.account().state() == State::Unfinished {
            bench.apply(&mut journal).unwrap_or_else(|stopped| panic!("{cuts}: {stopped:?}"));
            assert!(bench.told().iter().all(|told| told.names.contains(&vip)), "{cuts}");
        }
        bench.undo(&mut journal).unwrap_or_else(|stopped| panic!("{cuts}: {stopped:?}"));
        assert_eq!(bench.told(), before, "{cuts}");
        if ended.is_ok() {
            break;
        }
        cuts += 1;
    }

    assert!(cuts > 15, "{cuts}");
    assert_eq!(bench.kicks(), 0);
}
