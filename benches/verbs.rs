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

fn main() {
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_cpctl")).expect("the binary").len();
    println!("the binary: {:.1} MB", size as f64 / 1e6);
    let starts =
        (0..STARTS).map(|_| Measured::of(Command::new(env!("CARGO_BIN_EXE_cpctl")).arg("--version")));
    show("--version", starts.collect());

    let directory = tempfile::tempdir().expect("a directory");
    let cluster = Cluster::start(&directory.path().join("cluster"), Timestamp::now()).expect("a cluster");
    let name = cluster.endpoint().host.to_string();
    let script: [&[&str]; 11] = [
        &["nodes"],
        &["certs", "add-san", &name, "--dry-run"],
        &["certs", "add-san", &name, "--yes"],
        &["certs", "add-san", &name, "--yes"],
        // Before the names are there it says no, and with it the exit code.
        &["certs", "inspect"],
        &["kubeconfig", "repoint", "--dry-run"],
        &["kubeconfig", "repoint"],
        &["verify"],
        &["runs"],
        &["undo", "--yes"],
        &["undo", "--yes"],
    ];
    let mut taken: Vec<Vec<Measured>> = script.iter().map(|_| vec![]).collect();
    for round in 0..ROUNDS {
        // Undone runs stay in the record; each round starts with none.
        let home = directory.path().join(format!("home-{round}"));
        for (verb, taken) in script.iter().zip(&mut taken) {
            taken.push(Measured::of(&mut command(verb, &cluster, &home)));
        }
    }
    let notes = [
        "",
        "",
        " (three nodes)",
        " (nothing to do)",
        "",
        "",
        "",
        "",
        "",
        " (the kubeconfig)",
        " (the names)",
    ];
    for ((verb, note), taken) in script.iter().zip(notes).zip(taken) {
        show(&format!("{}{note}", verb.join(" ").replace(&name, "NAME")), taken);
    }
}

fn command(verb: &[&str], cluster: &Cluster, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpctl"));
    command.args(verb).arg("--quiet").env("HOME", home).env_remove("XDG_STATE_HOME");
    command.arg("--kubeconfig").arg(cluster.kubeconfig_path());
    command.arg("--inventory").arg(cluster.inventory_path());
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
