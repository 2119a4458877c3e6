//! What the verbs say and refuse, with the shipped binary on rehearsed nodes.

use std::fs;

use super::{
    harness::{Cpctl, Ran},
    stage::Stage,
};

mod runs;
mod servers;

impl Stage {
    fn run(&self, machine: &str, args: &[&str]) -> Ran {
        Cpctl::at_home(&self.home(machine)).run(args)
    }

    /// With the cluster's own inventory and kubeconfig.
    fn named(&self, machine: &str, args: &[&str]) -> Ran {
        self.run_with(machine, args, &self.inventory(), &self.kubeconfig())
    }

    fn run_with(&self, machine: &str, args: &[&str], inventory: &str, kubeconfig: &str) -> Ran {
        self.run(machine, &[args, &["--inventory", inventory, "--kubeconfig", kubeconfig]].concat())
    }

    fn inventory(&self) -> String {
        self.cluster.inventory_path().display().to_string()
    }

    fn kubeconfig(&self) -> String {
        self.cluster.kubeconfig_path().display().to_string()
    }

    /// A file below the operators' homes.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn api(&self, node: &str) -> String {
        let targets = self.cluster.targets();
        targets.iter().find(|target| target.name == node).unwrap().api.clone().unwrap()
    }

    fn port(&self, node: &str) -> String {
        self.api(node).rsplit(':').next().unwrap().to_owned()
    }

    /// The cluster's kubeconfig with another line in place of its CA.
    fn kubeconfig_with(&self, line: &str) -> String {
        let text = self.cluster.kubeconfig();
        let of = |text: &str| text.trim_start().starts_with("certificate-authority-data:");
        let lines = text.lines().filter_map(|old| match (of(old), line.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("    {line}")),
            (false, _) => Some(old.to_owned()),
        });
        lines.map(|line| line + "\n").collect()
    }

    /// Adds the balancer's address from a machine that then loses its kubeconfig.
    fn names_added_elsewhere(&self) {
        let kubeconfig = self.file("ann/config", &self.cluster.kubeconfig());
        let vip = self.vip();
        self.run_with("ann", &["certs", "add-san", &vip, "--yes"], &self.inventory(), &kubeconfig).exits(0);
        fs::remove_file(kubeconfig).unwrap();
    }
}

fn assert_says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stdout.contains(word) || ran.stderr.contains(word), "{word}: {}", ran.shown());
    }
}
