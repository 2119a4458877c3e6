//! kubectl's own view of every repointed kubeconfig: it differs in exactly the one value.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{
    harness::{Cpctl, Ran},
    lab,
    left_out::left_out,
};

const CLUSTER: &str = "microk8s-cluster";
const TO: &str = "https://172.22.22.3:16443";

/// The fixtures that have a version after the move.
fn moved() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeconfigs");
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> = entries.filter(|path| path.with_extension("after.yaml").exists()).collect();
    fixtures.sort();
    fixtures
}

/// A file as kubectl reads it, or why it does not.
fn view(kubectl: &Path, home: &Path, file: &Path) -> Result<Value, String> {
    let mut command = Command::new(kubectl);
    Cpctl::at_home(home).scrub(&mut command);
    command.args(["config", "view", "--raw", "-o", "json", "--kubeconfig"]).arg(file);
    let ran = Ran::of(&mut command);
    if ran.code == 0 { Ok(serde_json::from_str(&ran.stdout).unwrap()) } else { Err(ran.stderr) }
}

/// The machine's kubectl, or one that the lab has built.
pub fn kubectl() -> Option<PathBuf> {
    let built = fs::read_dir(lab::cache()).into_iter().flatten();
    let built = built.filter_map(|entry| Some(entry.ok()?.path()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(built)
        .map(|directory| directory.join("kubectl"))
        .find(|kubectl| kubectl.is_file())
}

#[test]
fn kubectl_reads_every_repointed_file_as_before_but_for_the_one_value() {
    let Some(kubectl) = kubectl() else {
        return left_out("what kubectl reads of the fixtures, because there is no kubectl");
    };
    let home = tempfile::tempdir().unwrap();
    let (mut read, mut unread) = (0, vec![]);

    for fixture in moved() {
        let name = fixture.file_name().unwrap().to_str().unwrap().to_owned();
        let file = home.path().join(&name);
        fs::copy(&fixture, &file).unwrap();
        let Ok(mut before) = view(&kubectl, home.path(), &file) else {
            unread.push(name);
            continue;
        };
        let cpctl = Cpctl::at_home(home.path());
        let to = ["kubeconfig", "repoint", "--to", TO, "--cluster", CLUSTER, "--no-verify", "--kubeconfig"];
        cpctl.run(&[&to[..], &[file.to_str().unwrap()]].concat()).exits(0);

        let after = view(&kubectl, home.path(), &file).unwrap_or_else(|error| panic!("{name}: {error}"));

        assert_ne!(after, before, "{name}");
        *server(&mut before, &name) = TO.into();
        assert_eq!(after, before, "{name}");
        read += 1;
    }

    assert!(read >= 25, "kubectl itself reads only {read} of the fixtures, and not {unread:?}");
}

fn server<'v>(view: &'v mut Value, name: &str) -> &'v mut Value {
    let clusters = view["clusters"].as_array_mut().unwrap();
    let ours = clusters.iter_mut().find(|cluster| cluster["name"] == CLUSTER);
    &mut ours.unwrap_or_else(|| panic!("{name} has no {CLUSTER}"))["cluster"]["server"]
}
