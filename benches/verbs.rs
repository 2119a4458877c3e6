//! What the shipped binary weighs, how soon it starts, and how long each verb takes on a rehearsed cluster.

#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(clippy::disallowed_methods, reason = "a bench starts what it measures")]

use std::{path::Path, process::Command};

use cpctl::rehearse::Cluster;
use jiff::Timestamp;
use measured::{Measured, median};

mod measured;

const STARTS: usize = 201;
const ROUNDS: usize = 9;
/// A name beside the endpoint's.
const OTHER: &str = "cp.example.internal";

fn main() {
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_cpctl")).expect("the binary").len();
    println!("the binary: {:.1} MB", size as f64 / 1e6);
    let starts =
        (0..STARTS).map(|_| Measured::of(Command::new(env!("CARGO_BIN_EXE_cpctl")).arg("--version")));
    show("--version", starts.collect());

    let directory = tempfile::tempdir().expect("a directory");
    let cluster = Cluster::start(&directory.path().join("cluster"), Timestamp::now()).expect("a cluster");
    let name = cluster.endpoint().host.to_string();
    let plan = directory.path().join("plan.json");
    let script = script(&name, plan.to_str().expect("a path"));
    let mut taken: Vec<Vec<Measured>> = script.iter().map(|_| vec![]).collect();
    for round in 0..ROUNDS {
        // Undone runs stay in the record; each round starts with none.
        let home = directory.path().join(format!("home-{round}"));
        save_plan(&name, &plan, &cluster, &home);
        for ((verb, _), taken) in script.iter().zip(&mut taken) {
            taken.push(Measured::of(&mut command(verb, &cluster, &home)));
        }
    }
    for ((verb, note), taken) in script.iter().zip(taken) {
        let verb = verb.join(" ").replace(&name, "NAME").replace(OTHER, "NAME");
        show(&format!("{}{note}", verb.replace(plan.to_str().expect("a path"), "PLAN")), taken);
    }
}

/// What is typed in each round, which ends as it began, and what to say beside it.
fn script<'a>(name: &'a str, plan: &'a str) -> Vec<(Vec<&'a str>, &'static str)> {
    let script: [(&[&str], &str); 30] = [
        (&["nodes"], ""),
        (&["certs", "drift"], ""),
        (&["certs", "add-san", name, "--dry-run"], ""),
        (&["apply", plan, "--yes"], " (three nodes)"),
        (&["undo", "--yes"], " (the names)"),
        (&["migrate", "--from", "127.0.0.1", "--yes"], " (three nodes and the kubeconfig)"),
        (&["undo", "--yes"], " (the migration)"),
        (&["certs", "add-san", name, "--yes"], " (three nodes)"),
        (&["certs", "add-san", name, "--yes"], " (nothing to do)"),
        (&["preflight"], ""),
        (&["lb", "check"], ""),
        (&["lb", "render", "haproxy", "--distribution", "microk8s"], ""),
        // Before the names are there it says no, and with it the exit code.
        (&["certs", "inspect"], ""),
        (&["kubeconfig", "repoint", "--dry-run"], ""),
        (&["kubeconfig", "repoint"], ""),
        (&["verify"], ""),
        (&["runs"], ""),
        (&["resume"], " (nothing left)"),
        (&["completions", "bash"], ""),
        (&["undo", "--yes"], " (the kubeconfig)"),
        (&["endpoint", "move", "--from", "127.0.0.1", "--yes"], " (the kubeconfig)"),
        (&["undo", "--yes"], " (the move)"),
        // Takes longer than a second, so that what is renewed after it ends later than what was signed before it.
        (&["rehearse"], ""),
        (&["certs", "renew", "--yes"], " (three nodes)"),
        (&["certs", "add-san", OTHER, "--yes"], " (three nodes)"),
        (&["certs", "remove-san", OTHER, "--yes"], " (three nodes)"),
        (&["undo", "--yes"], " (the removal)"),
        (&["undo", "--yes"], " (the other name)"),
        (&["undo", "--yes"], " (the renewal)"),
        (&["undo", "--yes"], " (the names)"),
    ];
    script.into_iter().map(|(verb, note)| (verb.to_vec(), note)).collect()
}

fn save_plan(name: &str, plan: &Path, cluster: &Cluster, home: &Path) {
    let mut command = command(&["certs", "add-san", name, "--dry-run", "-o", "json"], cluster, home);
    let said = command.output().expect("a plan");
    std::fs::write(plan, said.stdout).expect("a file for the plan");
}

fn command(verb: &[&str], cluster: &Cluster, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpctl"));
    command.args(verb).arg("--quiet").env("HOME", home).env_remove("XDG_STATE_HOME");
    // A rehearsal has a cluster of its own.
    if verb != ["rehearse"] {
        command.arg("--kubeconfig").arg(cluster.kubeconfig_path());
        command.arg("--inventory").arg(cluster.inventory_path());
    }
    command
}

fn show(what: &str, taken: Vec<Measured>) {
    let of = |number: fn(&Measured) -> f64| median(taken.iter().map(number).collect());
    println!(
        "  {what:44} {:8.1} ms  CPU {:7.1} ms  peak {:5.1} MB",
        of(|it| it.wall_ms),
        of(|it| it.cpu_ms),
        of(|it| it.peak_mb)
    );
}
