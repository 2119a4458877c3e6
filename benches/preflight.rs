//! How long all checks take: of three nodes against the slowest one by itself, and of a hundred.

#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(clippy::disallowed_methods, reason = "a bench starts what it measures")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use cpctl::rehearse::{Cluster, Kind};
use jiff::Timestamp;
use measured::{Measured, median};

mod measured;

const ROUNDS: usize = 9;
/// The way to each node and back, as over a network that is not the best.
const LATENCIES_MS: [u64; 3] = [60, 100, 140];
const MANY: usize = 100;

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    three(directory.path());
    many(directory.path());
}

fn three(directory: &Path) {
    let cluster = cluster(&directory.join("three"), 3);
    for ((_, machine), latency) in cluster.machines().zip(LATENCIES_MS) {
        machine.set_latency(Duration::from_millis(latency)).expect("a latency");
    }
    let alone: Vec<f64> =
        ["cp1", "cp2", "cp3"].map(|node| wall(&taken(&cluster, &alone(&cluster, node)))).into();
    let slowest = alone.iter().copied().fold(0.0, f64::max);
    let together = taken(&cluster, &cluster.inventory_path());
    let wall = wall(&together);
    let trip = LATENCIES_MS[2] as f64;
    println!("each node by itself: {:.0}, {:.0} and {:.0} ms", alone[0], alone[1], alone[2]);
    show("three nodes", &together);
    println!(
        "  {:.2} x the slowest node by itself, {:.2} x the {trip:.0} ms of its way there and back",
        wall / slowest,
        wall / trip
    );
}

fn many(directory: &Path) {
    let cluster = cluster(&directory.join("many"), MANY);
    show(&format!("{MANY} nodes"), &taken(&cluster, &cluster.inventory_path()));
}

/// One whose nodes all serve the endpoint's name.
fn cluster(directory: &Path, nodes: usize) -> Cluster {
    let kinds = vec![Kind::MicroK8s; nodes];
    let cluster = Cluster::start_of(&kinds, directory, Timestamp::now()).expect("a cluster");
    let name = cluster.endpoint().host.to_string();
    let mut command = command(&cluster, &cluster.inventory_path());
    let ended = command.args(["certs", "add-san", &name, "--yes"]).output().expect("a run");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    cluster
}

/// An inventory of one node.
fn alone(cluster: &Cluster, node: &str) -> PathBuf {
    let inventory = cluster.inventory_yaml();
    let (head, nodes) = inventory.split_once("nodes:\n").expect("nodes");
    let mut nodes = nodes.split_inclusive("  - ");
    let of_node = nodes.find(|text| text.starts_with(&format!("name: {node}\n"))).expect("a node");
    let text = format!("{head}nodes:\n  - {}", of_node.trim_end_matches("  - "));
    let path = cluster.inventory_path().with_file_name(format!("{node}.yaml"));
    fs::write(&path, text).expect("an inventory");
    path
}

fn taken(cluster: &Cluster, inventory: &Path) -> Vec<Measured> {
    let run = |_| Measured::of(command(cluster, inventory).args(["preflight", "--fail-on", "never"]));
    (0..ROUNDS).map(run).collect()
}

fn command(cluster: &Cluster, inventory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpctl"));
    command.arg("--quiet").arg("--kubeconfig").arg(cluster.kubeconfig_path());
    command.arg("--inventory").arg(inventory);
    let home = cluster.inventory_path().with_file_name("home");
    command.env("HOME", home).env_remove("XDG_STATE_HOME");
    command
}

fn wall(taken: &[Measured]) -> f64 {
    median(taken.iter().map(|it| it.wall_ms).collect())
}

fn show(what: &str, taken: &[Measured]) {
    let of = |number: fn(&Measured) -> f64| median(taken.iter().map(number).collect());
    println!(
        "  {what:14} {:8.1} ms  CPU {:7.1} ms  peak {:5.1} MB",
        of(|it| it.wall_ms),
        of(|it| it.cpu_ms),
        of(|it| it.peak_mb)
    );
}
