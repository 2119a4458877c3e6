//! One cluster of a kubeconfig moved, by cpctl and by kubectl in turn, on files of the same clusters.
//!
//! What is measured is what cargo builds here, or the program that `CPCTL_BINARY` names.

#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(clippy::disallowed_methods, reason = "a bench starts what it measures")]

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use measured::{Measured, median};

mod measured;

/// A number of clusters, how often each program has its turn, and what cpctl may take of kubectl's time and memory
/// where neither waits for a disk.
struct Size {
    clusters: usize,
    rounds: usize,
    most_time: f64,
    most_memory: Option<f64>,
}

const SIZES: [Size; 4] = [
    Size { clusters: 1, rounds: 101, most_time: 1.0 / 20.0, most_memory: None },
    Size { clusters: 100, rounds: 41, most_time: 1.0 / 12.0, most_memory: None },
    Size { clusters: 1000, rounds: 15, most_time: 1.0 / 10.0, most_memory: None },
    Size { clusters: 10_000, rounds: 7, most_time: 1.0 / 10.0, most_memory: Some(1.0 / 3.0) },
];

/// A file system that flushes nothing, as Linux has it.
const MEMORY: &str = "/dev/shm";

fn main() {
    if Command::new("kubectl").args(["version", "--client"]).output().is_err() {
        println!("kubectl is not there, so there is nothing to compare with");
        return;
    }
    let program = env::var_os("CPCTL_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_cpctl").into());
    fs::copy(&program, installed()).expect("the program");
    println!("{}", program.display());
    println!("kubeconfig repoint --no-verify beside kubectl config set-cluster --server, medians.");
    println!("kubectl flushes nothing to the disk; cpctl flushes its journal and the file.");
    for size in &SIZES {
        match tempfile::tempdir_in(MEMORY) {
            Ok(desk) => compare(size, "in memory", desk.path(), Goals::Shown),
            Err(error) => println!("\n{MEMORY} cannot be used: {error}"),
        }
        compare(size, "on disk", tempfile::tempdir().expect("a directory").path(), Goals::LeftOut);
    }
}

/// Whether a row is held against what cpctl may take.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Goals {
    Shown,
    LeftOut,
}

fn compare(size: &Size, place: &str, desk: &Path, goals: Goals) {
    let files = ["cpctl", "kubectl"].map(|name| desk.join(name));
    for file in &files {
        fs::write(file, kubeconfig(size.clusters)).expect("a kubeconfig");
    }
    let megabytes = fs::metadata(&files[0]).expect("a kubeconfig").len() as f64 / 1e6;

    let (mut ours, mut theirs) = (vec![], vec![]);
    for round in 0..size.rounds {
        let server = format!("https://10.9.0.{}:6443", round % 2);
        let name = format!("c{}", size.clusters / 2);
        let (repoint, set) = (repoint(&files[0], &name, &server), set_cluster(&files[1], &name, &server));
        ours.push(turn(repoint, desk, &files[0], &server));
        theirs.push(turn(set, desk, &files[1], &server));
        // Each run keeps the file as it was; the directory that they are kept in stays, as it does at home.
        let runs = desk.join(".local/state/cpctl/runs");
        fs::remove_dir_all(&runs).and_then(|()| fs::create_dir(&runs)).expect("the runs");
    }

    println!("\n{} clusters, {megabytes:.1} MB, {place}, {} rounds", size.clusters, size.rounds);
    let held = |most: Option<f64>| most.filter(|_| goals == Goals::Shown);
    row("wall ms", &ours, &theirs, |it| it.wall_ms, held(Some(size.most_time)));
    row("CPU ms", &ours, &theirs, |it| it.cpu_ms, None);
    row("peak MB", &ours, &theirs, |it| it.peak_mb, held(size.most_memory));
}

/// Where cpctl is copied to, as whoever installs it does: what a linker has just written lies in memory page by page,
/// and takes a fifth longer to start.
fn installed() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cpctl")
}

fn repoint(file: &Path, cluster: &str, server: &str) -> Command {
    let mut command = Command::new(installed());
    command.args(["kubeconfig", "repoint", "--no-verify", "--cluster", cluster, "--to", server]);
    command.arg("--kubeconfig").arg(file);
    command
}

fn set_cluster(file: &Path, cluster: &str, server: &str) -> Command {
    let mut command = Command::new("kubectl");
    command.args(["config", "set-cluster", cluster, "--server", server]).arg("--kubeconfig").arg(file);
    command
}

/// Runs one program, and sees that it did its work.
fn turn(mut command: Command, home: &Path, file: &PathBuf, server: &str) -> Measured {
    command.env("HOME", home).env_remove("XDG_STATE_HOME").env_remove("KUBECONFIG");
    let measured = Measured::of(&mut command);
    let text = fs::read_to_string(file).expect("a kubeconfig");
    assert_eq!(text.matches(&format!("server: {server}\n")).count(), 1, "{command:?}");
    measured
}

fn row(
    what: &str,
    ours: &[Measured],
    theirs: &[Measured],
    number: impl Fn(&Measured) -> f64,
    most: Option<f64>,
) {
    let of = |side: &[Measured]| median(side.iter().map(&number).collect());
    let ratio = median(ours.iter().zip(theirs).map(|(ours, theirs)| number(ours) / number(theirs)).collect());
    let goal = most.map_or(String::new(), |most| {
        let verdict = if ratio <= most { "reached" } else { "MISSED" };
        format!("  goal 1/{:.0} {verdict}", 1.0 / most)
    });
    println!(
        "  {what:8} cpctl {:8.2}  kubectl {:8.2}  ratio 1/{:.1}{goal}",
        of(ours),
        of(theirs),
        1.0 / ratio
    );
}

/// Clusters with the data of a CA as an RSA key of 2048 bits makes it, a context and a user for each.
fn kubeconfig(clusters: usize) -> String {
    let mut text = String::from("apiVersion: v1\nkind: Config\nclusters:\n");
    for index in 0..clusters {
        let ca = authority(index);
        let (high, low) = (index / 256, index % 256);
        writeln!(text, "- name: c{index}\n  cluster:\n    certificate-authority-data: {ca}")
            .expect("a String");
        writeln!(text, "    server: https://10.1.{high}.{low}:6443").expect("a String");
    }
    text.push_str("contexts:\n");
    for index in 0..clusters {
        let context = format!("- name: c{index}\n  context:\n    cluster: c{index}\n    user: u{index}\n");
        text.push_str(&context);
    }
    text.push_str("current-context: c0\nusers:\n");
    for index in 0..clusters {
        text.push_str(&format!("- name: u{index}\n  user:\n    token: token-of-{index}\n"));
    }
    text
}

/// PEM of the usual size in base64. What is in it is nobody's certificate: no one reads it without a connection.
fn authority(seed: usize) -> String {
    let mut state = seed as u64 + 1;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let der: Vec<u8> = (0..816).map(|_| byte()).collect();
    let lines: Vec<String> = der.chunks(48).map(|line| STANDARD.encode(line)).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    STANDARD.encode(pem)
}
