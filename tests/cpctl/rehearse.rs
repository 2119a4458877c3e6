//! `cpctl rehearse` as a newcomer meets it: it shows the job, can be played with, and leaves nothing.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

use super::harness::{Cpctl, Ran};

/// A home, and a directory for temporary files of its own.
struct Newcomer {
    home: TempDir,
    temporary: TempDir,
}

impl Newcomer {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), temporary: tempfile::tempdir().unwrap() }
    }

    fn cpctl(&self) -> Cpctl {
        Cpctl::at_home(self.home.path()).with("TMPDIR", self.temporary.path())
    }

    fn starts(&self, args: &[&str]) -> Child {
        self.cpctl().command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// What lies in the directory for temporary files and in the home.
    fn left(&self) -> Vec<PathBuf> {
        [&self.temporary, &self.home]
            .into_iter()
            .flat_map(|directory| fs::read_dir(directory.path()).unwrap())
            .map(|entry| entry.unwrap().path())
            .collect()
    }
}

fn interrupt(child: &Child) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

#[test]
fn the_whole_job_is_shown_and_nothing_is_left() {
    let newcomer = Newcomer::new();

    let ran = newcomer.cpctl().run(&["rehearse"]).exits(0);

    for command in ["certs inspect", "verify", "kubeconfig repoint"] {
        assert!(ran.stderr.contains(&format!("$ cpctl {command}\n")), "{command}: {}", ran.shown());
    }
    assert!(ran.stderr.contains("is not among the names of cp1, cp2, cp3"), "{}", ran.shown());
    assert!(ran.stderr.contains("cp3: done"), "{}", ran.shown());
    let line = ran.stdout.lines().find(|line| line.starts_with("requests sent")).unwrap();
    assert!(line.ends_with(", failed 0") && !line.contains("sent 0,"), "{}", ran.shown());
    assert!(ran.stdout.contains("API servers restarted 0, pods killed 0"), "{}", ran.shown());
    let row = |name: &str| {
        let line = ran.stdout.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        line[name.len()..]
            .trim()
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect::<Vec<_>>()
    };
    assert_eq!(row("NAME"), ["cp1", "cp2", "cp3"], "{}", ran.shown());
    assert_eq!(row("kubernetes"), ["as before"; 3], "{}", ran.shown());
    assert_eq!(row("192.0.2.11"), ["as before", "-", "-"], "{}", ran.shown());
    assert_eq!(row("127.0.0.3"), ["new"; 3], "{}", ran.shown());
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.shown());
    assert!(!ran.stderr.contains("cpctl undo"), "there is nothing to take back: {}", ran.shown());
    assert_eq!(newcomer.left(), Vec::<PathBuf>::new());
}

#[test]
fn the_result_is_json_where_json_is_asked_for() {
    let ran = Newcomer::new().cpctl().run(&["rehearse", "--quiet", "-o", "json"]).exits(0);

    assert_eq!(ran.stderr, "");
    let seen: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&seen["requests_failed"], &seen["pods_killed"]), (&0.into(), &0.into()), "{}", ran.shown());
    assert!(seen["requests_sent"].as_u64() > Some(0) && seen["kept"].is_null(), "{}", ran.shown());
}

#[test]
fn it_needs_no_home() {
    let newcomer = Newcomer::new();
    let mut command = newcomer.cpctl().command(&["rehearse", "--quiet"]);

    let ran = Ran::of(command.env_remove("HOME").current_dir("/")).exits(0);

    assert!(ran.stdout.contains("failed 0"), "{}", ran.shown());
}

#[test]
fn a_kept_cluster_can_be_played_with_as_it_says_and_ends_clean() {
    let newcomer = Newcomer::new();
    let mut kept = newcomer.starts(&["rehearse", "--keep", "--quiet"]);
    let mut out = BufReader::new(kept.stdout.take().unwrap());

    let told = told_until(&mut out, "cpctl undo");
    let directory = told.iter().find_map(|line| line.strip_prefix("cd ")).unwrap();
    let inventory = fs::read_to_string(Path::new(directory).join("cpctl.yaml")).unwrap();
    let shown = inventory.lines().map(str::trim).all(|line| told.iter().any(|told| told == line));
    assert!(shown && told.iter().any(|line| line.contains(&format!("{directory}/cpctl.yaml"))), "{told:?}");
    let is_way_in = |line: &&String| line.starts_with("cd ") || line.starts_with("export ");
    let way_in: Vec<&str> = told.iter().filter(is_way_in).map(String::as_str).collect();
    let plays = |words: &str| {
        let script = format!("{}; cpctl {words}", way_in.join(" && "));
        let mut command = Command::new("sh");
        newcomer.cpctl().scrub(command.args(["-c", &script]));
        Ran::of(&mut command)
    };
    assert!(plays("certs inspect --require 127.0.0.3").exits(0).stdout.contains("cp3 ("), "it runs on");
    let runs = plays("runs").exits(0);
    assert_eq!(runs.stdout.matches(" done ").count(), 2, "{}", runs.shown());
    plays("undo --yes").exits(0);
    plays("undo --yes").exits(0);
    let ran = plays("certs inspect --require 127.0.0.3").exits(1);
    assert!(ran.stdout.contains("127.0.0.3 is not among the names"), "{}", ran.shown());
    assert!(
        fs::read_to_string(Path::new(directory).join("kubeconfig")).unwrap().contains("# the first node")
    );

    interrupt(&kept);
    let output = kept.wait_with_output().unwrap();

    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    assert_eq!(newcomer.left(), Vec::<PathBuf>::new());
}

/// The lines that it prints, up to and with the one that says `last`, without their margins.
fn told_until(out: &mut BufReader<ChildStdout>, last: &str) -> Vec<String> {
    let mut told = vec![];
    for line in out.lines() {
        told.push(line.unwrap().trim().to_owned());
        if told.last().is_some_and(|line| line == last) {
            return told;
        }
    }
    panic!("it ended before it said `{last}`: {told:?}");
}

#[test]
fn a_program_that_the_shell_finds_needs_no_path() {
    let newcomer = Newcomer::new();
    let directory = Path::new(Cpctl::binary()).parent().unwrap();
    let mut command = newcomer.cpctl().with("PATH", directory).command(&["rehearse", "--keep", "--quiet"]);
    let mut kept = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    let told = told_until(&mut BufReader::new(kept.stdout.take().unwrap()), "cpctl undo");
    interrupt(&kept);
    kept.wait().unwrap();

    assert!(!told.iter().any(|line| line.contains("PATH=")), "{told:?}");
}

#[test]
fn without_room_for_temporary_files_it_says_what_to_name() {
    let home = tempfile::tempdir().unwrap();

    let ran =
        Cpctl::at_home(home.path()).with("TMPDIR", home.path().join("nowhere")).run(&["rehearse"]).exits(2);

    assert!(ran.stderr.contains("nowhere: cannot make a temporary directory there\n"), "{}", ran.shown());
    assert!(
        ran.stderr.ends_with("hint: name a directory that you may write to: `export TMPDIR=DIR`\n"),
        "{}",
        ran.shown()
    );
}

#[test]
fn a_flag_that_names_another_cluster_is_refused() {
    for (flag, value) in
        [("--kubeconfig", "/nope"), ("--context", "c"), ("--inventory", "/nope"), ("--node", "n")]
    {
        let ran = Newcomer::new().cpctl().run(&["rehearse", flag, value]).exits(2);

        let error = format!("error: `{flag}` names a cluster, and a rehearsal has one of its own\n");
        assert_eq!(ran.stderr, format!("{error}  hint: leave it out: `cpctl rehearse`\n"));
    }
}

#[test]
fn stopped_in_the_middle_it_leaves_nothing() {
    let newcomer = Newcomer::new();
    let mut stopped = newcomer.starts(&["rehearse"]);
    let mut err = BufReader::new(stopped.stderr.take().unwrap()).lines();
    let first = err.find(|line| line.as_ref().unwrap().starts_with("cp1 (1/3)"));
    assert!(first.is_some(), "names are being added");

    interrupt(&stopped);
    let rest: Vec<String> = err.map(Result::unwrap).collect();
    let output = stopped.wait_with_output().unwrap();

    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true), "{rest:?}");
    assert_eq!(rest.last().map(String::as_str), Some("error: stopped as asked"), "{rest:?}");
    assert!(
        !rest.iter().any(|line| line.contains("cpctl resume")),
        "there is nothing to go on with: {rest:?}"
    );
    assert_eq!(newcomer.left(), Vec::<PathBuf>::new());
}

#[test]
fn a_second_interrupt_ends_it_at_once() {
    let newcomer = Newcomer::new();
    let mut kept = newcomer.starts(&["rehearse", "--keep", "--verbose"]);
    let mut err = BufReader::new(kept.stderr.take().unwrap()).lines();
    assert!(err.any(|line| line.unwrap().starts_with("cp1 (1/3)")), "names are being added");

    // Both arrive while a node has its turn, which takes longer than sending them.
    interrupt(&kept);
    let code = loop {
        match kept.try_wait().unwrap() {
            Some(status) => break status.code(),
            None => interrupt(&kept),
        }
    };

    assert_eq!(code, Some(130));
}
