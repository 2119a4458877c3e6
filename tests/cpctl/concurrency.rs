//! Many runs at one kubeconfig, and the lock that they share with kubectl.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::Read,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, SystemTime},
};

use tempfile::TempDir;

use super::harness::{Cpctl, Ran};

const RUNS: usize = 200;

/// A home with a kubeconfig of so many clusters, each with a server of its own.
struct Desk {
    home: TempDir,
    cpctl: Cpctl,
}

impl Desk {
    fn new(clusters: usize) -> Self {
        let home = tempfile::tempdir().unwrap();
        let cpctl = Cpctl::at_home(home.path());
        let desk = Self { home, cpctl };
        fs::create_dir(desk.home.path().join(".kube")).unwrap();
        fs::write(desk.kubeconfig(), kubeconfig(clusters, &server_before)).unwrap();
        fs::set_permissions(desk.kubeconfig(), Permissions::from_mode(0o600)).unwrap();
        desk
    }

    fn kubeconfig(&self) -> PathBuf {
        self.home.path().join(".kube/config")
    }

    /// The lock that kubectl takes for this file.
    fn lock(&self) -> PathBuf {
        self.home.path().join(".kube/config.lock")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.kubeconfig()).unwrap()
    }

    /// Makes the lock file as kubectl does: empty, and without any mode bit.
    fn lock_as_kubectl(&self) -> File {
        OpenOptions::new().write(true).create_new(true).mode(0o000).open(self.lock()).unwrap()
    }

    /// Starts a run that moves one cluster, and does not wait for it.
    fn start(&self, cluster: usize) -> Child {
        let (name, to) = (format!("c{cluster}"), server_after(cluster));
        let args = ["kubeconfig", "repoint", "--no-verify", "--cluster", &name, "--to", &to];
        let mut command = self.cpctl.command(&args);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// What lies beside the kubeconfig, and is not it.
    fn beside(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.home.path().join(".kube")).unwrap();
        entries.map(|entry| entry.unwrap().path()).filter(|path| *path != self.kubeconfig()).collect()
    }
}

fn server_before(cluster: usize) -> String {
    format!("https://10.1.0.{cluster}:6443")
}

fn server_after(cluster: usize) -> String {
    format!("https://10.2.0.{cluster}:16443")
}

fn kubeconfig(clusters: usize, server: &dyn Fn(usize) -> String) -> String {
    let mut text = String::from("apiVersion: v1\nkind: Config # of many hands\nclusters:\n");
    for cluster in 0..clusters {
        let server = server(cluster);
        text += &format!("- name: c{cluster}\n  cluster: {{server: \"{server}\", team: t{cluster}}}\n");
    }
    text
}

/// The end of a run, with what it said on standard error where it did not do its work.
fn ended(mut child: Child) -> Result<(), String> {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let status = child.wait().unwrap();
    if status.success() { Ok(()) } else { Err(format!("{status}: {said}")) }
}

#[test]
fn two_hundred_runs_at_once_on_one_file_are_two_hundred_applied() {
    let desk = Desk::new(RUNS);

    let started: Vec<Child> = (0..RUNS).map(|cluster| desk.start(cluster)).collect();
    let ends: Vec<_> = started.into_iter().map(ended).collect();

    assert_eq!(ends.into_iter().filter_map(Result::err).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(desk.text(), kubeconfig(RUNS, &server_after));
    assert_eq!(desk.beside(), Vec::<PathBuf>::new(), "no lock and no copy is left");
    let runs = desk.cpctl.run(&["runs", "-o", "json"]).exits(0).stdout;
    let runs: serde_json::Value = serde_json::from_str(&runs).unwrap();
    let states: Vec<_> = runs["runs"].as_array().unwrap().iter().map(|run| run["state"].clone()).collect();
    assert_eq!(states, vec!["done"; RUNS]);
}

#[test]
fn a_lock_that_kubectl_holds_is_waited_for() {
    let desk = Desk::new(1);
    let before = desk.text();
    let _held = desk.lock_as_kubectl();

    let mut waiting = desk.start(0);
    while !stands_at_the_lock(desk.home.path()) {
        assert!(waiting.try_wait().unwrap().is_none(), "it ended: {:?}", ended(waiting));
        std::thread::yield_now();
    }
    assert_eq!(desk.text(), before);
    fs::remove_file(desk.lock()).unwrap();

    assert_eq!(ended(waiting), Ok(()));
    assert_eq!(desk.text(), kubeconfig(1, &server_after));
    assert_eq!(desk.beside(), Vec::<PathBuf>::new());
}

/// Whether the journal of the only run says that it is about to take its locks.
fn stands_at_the_lock(home: &Path) -> bool {
    let journals = fs::read_dir(home.join(".local/state/cpctl/runs")).into_iter().flatten();
    let texts = journals.filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok());
    texts.into_iter().any(|text| text.contains("\"entering\""))
}

#[test]
fn a_lock_that_was_left_behind_is_told_with_its_age_and_what_to_type() {
    let desk = Desk::new(1);
    let before = desk.text();
    let two_hours_ago = SystemTime::now() - Duration::from_secs(2 * 60 * 60);
    desk.lock_as_kubectl().set_modified(two_hours_ago).unwrap();

    let Ran { code, stderr, .. } = desk.cpctl.run(&[
        "kubeconfig",
        "repoint",
        "--no-verify",
        "--cluster",
        "c0",
        "--to",
        "10.2.0.0:16443",
    ]);

    let lock = desk.lock().display().to_string();
    assert_eq!(code, 2, "{stderr}");
    let age = stderr.split("for ").nth(1).and_then(|rest| rest.split(" s").next()?.parse::<u64>().ok());
    assert!(age.is_some_and(|age| (7200..7300).contains(&age)), "{stderr}");
    assert!(stderr.contains(&format!("`rm {lock}`")), "{stderr}");
    assert_eq!(desk.text(), before);
    assert!(desk.lock().exists(), "it is another program's");
}
