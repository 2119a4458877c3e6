//! How often a node is asked, counted on the whole verb.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use clap::Parser;
use cpctl::{
    apply::{Event, Watch},
    cli::Cli,
    command,
    error::Error,
    machines::Machines,
    node::{self, Act, Answer, Ask, Done, Node, NodeMut, Password, Target, ssh::Prompt, ssh::SshOptions},
    operator::{Agreement, Operator, Sight},
    outcome::{Applied, Deed, Inspected, Outcome, Preview},
    probe::Wire,
    rehearse::{Cluster, Kind},
    watch::Recording,
    world::{Reach, World},
};
use jiff::Timestamp;

/// What a node was asked for, by its name.
type Counts = Arc<Mutex<BTreeMap<String, Count>>>;

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Count {
    looks: u32,
    acts: u32,
}

/// Every machine as the program reaches it, with a tally of what goes there.
struct Counting {
    machines: Machines,
    counts: Counts,
}

impl Reach for Counting {
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, node::Error> {
        let machine = self.machines.connect(target)?;
        Ok(Box::new(Counted { machine, counts: Arc::clone(&self.counts) }))
    }

    fn host(&self, target: &Target) -> String {
        self.machines.host(target)
    }
}

struct Counted {
    machine: Box<dyn NodeMut>,
    counts: Counts,
}

impl Counted {
    fn count(&self, add: impl FnOnce(&mut Count)) {
        add(self.counts.lock().unwrap().entry(self.machine.name().to_owned()).or_default());
    }
}

impl Node for Counted {
    fn name(&self) -> &str {
        self.machine.name()
    }

    fn host(&self) -> &str {
        self.machine.host()
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, node::Error> {
        self.count(|count| count.looks += 1);
        self.machine.look(asks)
    }
}

impl NodeMut for Counted {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, node::Error> {
        self.count(|count| count.acts += 1);
        self.machine.act(acts)
    }
}

/// Is never asked, and has nothing to say.
struct Silent;

impl Prompt for Silent {
    fn passphrase(&self, _: &Path, _: bool) -> Option<Password> {
        None
    }
}

impl Watch for Silent {
    fn event(&mut self, _: Event<'_>) {}
}

impl Operator for Silent {
    fn agrees(&mut self, _: &Preview) -> Agreement {
        Agreement::NobodyToAsk
    }

    fn confirms(&mut self, _: &str) -> Agreement {
        Agreement::NobodyToAsk
    }

    fn saw(&mut self, _: &Inspected) {}

    fn watched(&mut self, _: Sight<'_>, _: &Recording) {}

    fn shows(&mut self, _: &str) {}

    fn showed(&mut self, _: &Result<Outcome, Error>) {}

    fn acknowledgement(&mut self) -> Box<dyn FnOnce() + Send> {
        Box::new(|| {})
    }

    fn note(&mut self, _: &str) {}

    fn concluded(&mut self, _: &Outcome) {}
}

/// Adds the endpoint's name to every node that lacks it, and counts what each node was asked for.
fn counted(kinds: &[Kind], flags: &[&str]) -> BTreeMap<String, Count> {
    let (outcome, counts) = asked(kinds, &["add-san", "VIP", "--yes"], flags);

    assert!(matches!(outcome, Outcome::Applied(Applied { deed: Deed::Done, .. })), "{outcome:?}");
    counts
}

/// What a verb of certificates comes to on a cluster of its own, and what each node was asked for.
fn asked(kinds: &[Kind], verb: &[&str], flags: &[&str]) -> (Outcome, BTreeMap<String, Count>) {
    let directory = tempfile::tempdir().unwrap();
    let cluster = Cluster::start_of(kinds, &directory.path().join("cluster"), Timestamp::now()).unwrap();
    let (kubeconfig, inventory) = (cluster.kubeconfig_path(), cluster.inventory_path());
    let vip = cluster.endpoint().host.to_string();
    let counts = Counts::default();
    let machines = Machines::new(SshOptions::default(), Box::new(Silent));
    let world = World {
        reach: Arc::new(Counting { machines, counts: Arc::clone(&counts) }),
        wire: Wire::new(Duration::from_secs(5)),
        now: Timestamp::now,
        random: cpctl::world::random_octets,
        state: directory.path().join("state"),
        operator: "ann@laptop".into(),
    };
    let files = [kubeconfig, inventory].map(|path| path.display().to_string());
    let verb = verb.iter().map(|word| if *word == "VIP" { vip.as_str() } else { word });
    let args = ["cpctl", "certs"].into_iter().chain(verb).chain(["--kubeconfig", &files[0], "--inventory"]);
    let cli = Cli::parse_from(args.chain([files[1].as_str()]).chain(flags.iter().copied()));

    let outcome = command::run(&cli, &world, &mut Silent).unwrap();

    let counts = std::mem::take(&mut *counts.lock().unwrap());
    (outcome, counts)
}

#[test]
fn a_node_is_asked_twice_to_look_and_six_times_to_change() {
    let each = Count { looks: 2, acts: 6 };

    assert_eq!(
        counted(&[Kind::MicroK8s; 3], &[]),
        ["cp1", "cp2", "cp3"].map(|node| (node.to_owned(), each)).into()
    );
}

#[test]
fn a_node_without_a_step_is_locked_and_unlocked_and_nothing_else() {
    let counted = counted(&[Kind::MicroK8s; 3], &["--limit", "cp2"]);

    let (left_out, changed) = (Count { looks: 2, acts: 2 }, Count { looks: 2, acts: 6 });
    let each = [("cp1", left_out), ("cp2", changed), ("cp3", left_out)];
    assert_eq!(counted, each.map(|(node, count)| (node.to_owned(), count)).into());
}

#[test]
fn ten_nodes_of_every_kind_are_asked_twice_each() {
    let kinds = [Kind::ALL; 2];

    let counted = counted(&kinds.as_flattened()[..10], &[]);

    assert_eq!(counted.len(), 10);
    assert!(counted.values().all(|count| count.looks == 2), "{counted:?}");
}

#[test]
fn drift_asks_each_node_twice_and_changes_nothing() {
    let (outcome, counted) = asked(&[Kind::MicroK8s; 3], &["drift"], &[]);

    assert!(matches!(outcome, Outcome::Drift(_)), "{outcome:?}");
    let each = Count { looks: 2, acts: 0 };
    assert_eq!(counted, ["cp1", "cp2", "cp3"].map(|node| (node.to_owned(), each)).into());
}

#[test]
fn a_renewal_that_is_not_due_asks_each_node_twice_and_locks_none() {
    let (outcome, counted) =
        asked(&[Kind::MicroK8s; 3], &["renew", "--if-expires-within", "30d", "--yes"], &[]);

    assert!(matches!(outcome, Outcome::Applied(Applied { deed: Deed::NotDue, .. })), "{outcome:?}");
    let each = Count { looks: 2, acts: 0 };
    assert_eq!(counted, ["cp1", "cp2", "cp3"].map(|node| (node.to_owned(), each)).into());
}
