//! What needs no real node to be wrong: the command line, files of a rehearsed node, and two operators at once.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use cpctl::{probe::Wire, rehearse::Machine};

use super::{refused, with};
use crate::{
    harness::{Cpctl, Ran},
    stage::{Stage, close},
    wait::{PATIENCE, until},
};

mod faults;
mod operators;

const SOMEBODYS: &str =
    r#"{"run":"20261120-101112-abcd","operator":"bob@desk","since":"2026-11-20T10:11:12Z"}"#;

impl Stage {
    fn operator(&self, name: &str) -> Cpctl {
        Cpctl::at_home(&self.home(name))
            .from(self.cluster.inventory_path().parent().unwrap())
            .with("KUBECONFIG", self.cluster.kubeconfig_path())
            .with("USER", name)
    }

    fn add(&self, flags: &[&str]) -> Ran {
        let vip = self.vip();
        self.operator("ann").run(&with(&["certs", "add-san", &vip], flags))
    }

    fn machine(&self, node: &str) -> &Machine {
        self.cluster.machine(node).unwrap()
    }

    fn path(&self, node: &str, path: &str) -> PathBuf {
        self.machine(node).path(Path::new(path)).unwrap()
    }

    /// Everything that lies on the machines but what the kicker renders again and again.
    fn told(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut told = BTreeMap::new();
        for (node, _) in self.cluster.machines() {
            for folder in ["/var/snap", "/snap", "/var/lib"] {
                read_all(&self.path(node, folder), &mut told);
            }
        }
        told.retain(|path, _| !path.ends_with("csr.conf.rendered"));
        told
    }

    /// Demands a refusal that changes nothing on any machine.
    fn refuses(&self, flags: &[&str], says: &[&str]) {
        let before = self.told();

        let ran = self.add(flags);

        refused(ran, says);
        assert!(self.told() == before, "a refusal changed a machine: {says:?}");
    }

    /// A run of an operator that is on its way.
    fn start(&self, operator: &str, flags: &[&str]) -> Child {
        let vip = self.vip();
        let args = with(&["certs", "add-san", &vip, "--yes"], flags);
        let mut command = self.operator(operator).command(&args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn until_opening(&self, operator: &str) {
        let runs = self.directory.path().join(operator).join(".local/state/cpctl/runs");
        until(&format!("{operator} takes a lock"), || {
            let mut journals = BTreeMap::new();
            read_all(&runs, &mut journals);
            let mut texts = journals.values().flatten().map(|bytes| String::from_utf8_lossy(bytes));
            texts.any(|text| text.contains(r#""record":"opening""#))
        });
    }

    fn run_of(&self, operator: &str) -> String {
        let ran = self.operator(operator).run(&["runs", "-o", "json"]).exits(0);
        let seen: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        seen["runs"][0]["run"].as_str().unwrap().to_owned()
    }

    fn serves(&self, node: usize) -> bool {
        let endpoint = self.cluster.targets()[node].api.as_ref().unwrap().parse().unwrap();
        let presented = Wire::new(PATIENCE).presented(&endpoint).unwrap();
        presented.leaf.sans.contains(&self.cluster.endpoint().host)
    }
}

fn read_all(folder: &Path, told: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            read_all(&path, told);
        }
        told.insert(path.clone(), fs::read(&path).ok());
    }
}
