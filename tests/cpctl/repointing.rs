//! The shipped binary over every kubeconfig of the fixtures: moved by one value, or refused and left as it is.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use super::{
    desk::Desk,
    harness::{Cpctl, Ran},
};

const TO: &str = "172.22.22.3:16443";

/// The fixtures as they are before any move.
fn fixtures() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeconfigs");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    fixtures.retain(|path| !path.to_str().unwrap().ends_with(".after.yaml"));
    fixtures.sort();
    fixtures
}

/// What `kubeconfig repoint` comes to on a copy of a file, and the copy's bytes afterwards.
fn repointed(file: &Path) -> (Ran, Vec<u8>) {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("config");
    fs::copy(file, &copy).unwrap();
    let args = ["kubeconfig", "repoint", "--cluster", "microk8s-cluster", "--to", TO, "--no-verify"];

    let mut ran = Cpctl::at_home(home.path()).run(&[&args[..], &["--kubeconfig", "config"]].concat());

    for directory in [home.path().canonicalize().unwrap(), home.path().to_owned()] {
        ran.stderr = ran.stderr.replace(directory.to_str().unwrap(), "/home/ada");
    }
    (ran, fs::read(&copy).unwrap())
}

#[test]
fn every_fixture_is_moved_to_the_byte_or_refused_with_its_bytes_as_they_were() {
    let mut told = String::new();
    for fixture in fixtures() {
        let name = fixture.file_stem().unwrap().to_str().unwrap();
        let moved = fixture.with_extension("after.yaml");
        let expected = fs::read(if moved.exists() { &moved } else { &fixture }).unwrap();

        let (ran, bytes) = repointed(&fixture);

        let code = if moved.exists() || name == "there-already" { 0 } else { 2 };
        assert_eq!(ran.code, code, "{name}: {}", ran.shown());
        assert!(bytes == expected, "{name}: {}", ran.shown());
        if code == 2 {
            assert_eq!(ran.stdout, "", "{name}");
            told.push_str(&format!("== {name}\n{}", ran.stderr));
        }
    }

    insta::assert_snapshot!("refused-fixtures", told);
}

#[test]
fn a_repoint_starts_no_ssh() {
    let desk = Desk::new();
    let directory = desk.path("programs");
    fs::create_dir_all(&directory).unwrap();
    let (ssh, mark) = (directory.join("ssh"), desk.path("mark"));
    fs::write(&ssh, format!("#!/bin/sh\necho \"$@\" >> {}\nexit 255\n", mark.display())).unwrap();
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", directory.display());
    let run = |flags: &[&str]| {
        let args = ["kubeconfig", "repoint", "--to", TO, "--no-verify"];
        let mut command = desk.cpctl.command(&[&args[..], flags].concat());
        Ran::of(command.env("PATH", &path))
    };

    run(&["--verbose"]).exits(0);

    assert_eq!(fs::read_to_string(&mark).ok(), None);
    assert!(fs::read_to_string(desk.kubeconfig()).unwrap().contains(TO));
    let nodes = ["nodes", "--node", "root@192.0.2.1", "--ssh", "system"];
    Ran::of(desk.cpctl.command(&nodes).env("PATH", &path)).exits(2);
    assert!(mark.exists(), "an ssh that is started leaves its mark");
}
