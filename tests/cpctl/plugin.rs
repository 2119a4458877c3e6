//! `kubectl cpctl`: the program as kubectl's plugin, by the kubectl that is there.

use std::{fs, os::unix::fs::symlink, path::Path};

use tempfile::TempDir;

use super::{
    harness::{Cpctl, Ran},
    kubectl::kubectl,
    left_out::left_out,
};

/// A directory on the PATH with kubectl and the plugin as a package lays them.
fn laid() -> Option<(TempDir, Cpctl)> {
    let Some(kubectl) = kubectl() else {
        left_out("the program behind kubectl, because there is no kubectl");
        return None;
    };
    let home = tempfile::tempdir().unwrap();
    let hook = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/kubectl_complete-cpctl");
    for (name, to) in [
        ("kubectl", kubectl.as_path()),
        ("kubectl-cpctl", Cpctl::binary().as_ref()),
        ("kubectl_complete-cpctl", &hook),
    ] {
        symlink(to, home.path().join(name)).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", home.path().display());
    let cpctl = Cpctl::at_home(home.path()).with("PATH", path);
    Some((home, cpctl))
}

fn behind(cpctl: &Cpctl, words: &[&str]) -> Ran {
    let mut command = std::process::Command::new("sh");
    cpctl.scrub(&mut command);
    Ran::of(command.args(["-c", "exec kubectl \"$@\"", "sh"]).args(words))
}

#[test]
fn kubectl_starts_the_plugin_whose_help_errors_and_hints_name_it_so() {
    let Some((home, cpctl)) = laid() else { return };
    fs::write(home.path().join("cpctl.yaml"), "").unwrap();

    let help = behind(&cpctl, &["cpctl", "certs", "add-san", "--help"]).exits(0);
    let wrong = behind(&cpctl, &["cpctl", "certs", "add-sna"]).exits(2);
    let hinted = behind(&cpctl, &["cpctl", "apply", "cpctl.yaml", "--yes"]).exits(2);

    assert!(help.stdout.contains("Usage: kubectl cpctl certs add-san [OPTIONS]"), "{}", help.shown());
    assert!(wrong.stderr.contains("Usage: kubectl cpctl certs"), "{}", wrong.shown());
    assert!(hinted.stderr.contains("`kubectl cpctl certs add-san NAME --dry-run"), "{}", hinted.shown());
    for ran in [help, wrong, hinted] {
        let all = [ran.stdout, ran.stderr].concat().replace("kubectl cpctl ", "");
        assert!(!all.contains("cpctl certs") && !all.contains("kubectl-cpctl"), "{all}");
    }
}

#[test]
fn what_a_program_reads_is_the_same_behind_kubectl() {
    let Some((_home, cpctl)) = laid() else { return };

    for words in [&["explain", "-o", "json"][..], &["completions", "bash"], &["--version"]] {
        let own = cpctl.run(words).exits(0);

        let behind = behind(&cpctl, &[&["cpctl"], words].concat());

        assert_eq!(behind, own, "{words:?}");
    }
}

#[test]
fn kubectl_completes_the_plugin_through_its_hook() {
    let Some((_home, cpctl)) = laid() else { return };

    let told = behind(&cpctl, &["__complete", "cpctl", "explain", "san-m"]).exits(0).stdout;

    assert!(told.starts_with("san-missing\t"), "{told}");
    assert!(told.ends_with(":4\n"), "{told}");
}
