//! A rehearsed cluster, and an operator in front of it with the shipped binary.

use std::{fs, path::PathBuf, time::Duration};

use cpctl::{cert::ServingCert, endpoint::Endpoint, probe::Wire, rehearse};
use jiff::Timestamp;
use tempfile::TempDir;

use super::{
    harness::{Cpctl, Ran},
    wait::until,
};

/// What three machines are called.
pub const NODES: [&str; 3] = ["cp1", "cp2", "cp3"];

/// A rehearsed cluster, and an operator whose working directory holds its inventory and whose home holds its kubeconfig.
pub struct Desk {
    pub cluster: rehearse::Cluster,
    pub cpctl: Cpctl,
    directory: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self::of(rehearse::Kind::MicroK8s)
    }

    /// Three machines that run this.
    pub fn of(kind: rehearse::Kind) -> Self {
        Self::mixed(&[kind; 3])
    }

    /// Machines that run these.
    pub fn mixed(kinds: &[rehearse::Kind]) -> Self {
        Self::since(Timestamp::now(), kinds)
    }

    /// Machines that were set up at another time, and whose clocks are right.
    pub fn since(then: Timestamp, kinds: &[rehearse::Kind]) -> Self {
        let directory = tempfile::Builder::new().prefix("desk-").tempdir().unwrap();
        let cluster = rehearse::Cluster::start_of(kinds, &directory.path().join("cluster"), then).unwrap();
        for (_, machine) in cluster.machines() {
            machine.set_clock_offset(0).unwrap();
            machine.set(rehearse::Fault::SleepyKicker).unwrap();
        }
        let home = directory.path().join("home");
        fs::create_dir_all(home.join(".kube")).unwrap();
        fs::rename(cluster.kubeconfig_path(), home.join(".kube/config")).unwrap();
        let cpctl = Cpctl::at_home(&home).from(&directory.path().join("cluster"));
        Self { cluster, cpctl, directory }
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(relative)
    }

    pub fn kubeconfig(&self) -> PathBuf {
        self.path("home/.kube/config")
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.cpctl.run(args)
    }

    /// Names the balancer's address in every certificate.
    pub fn names_the_endpoint(&self) {
        let host = self.cluster.endpoint().host.to_string();
        self.run(&["certs", "add-san", &host, "--yes"]).exits(0);
    }

    /// Has the balancer lead everybody to one server: how many connections a command makes is its own affair.
    pub fn leads_all_to(&self, node: &str) {
        let balancer = self.cluster.balancer();
        for (name, _) in self.cluster.machines().filter(|(name, _)| *name != node) {
            balancer.set_server_state(name, "maint").unwrap();
        }
    }

    /// A command and all that it says.
    pub fn says(&self, args: &[&str]) -> String {
        self.told(args, &self.run(args))
    }

    /// Several commands, one after the other, and all that they say.
    pub fn plays(&self, commands: &[&[&str]]) -> String {
        commands.iter().map(|args| self.says(args)).collect::<Vec<_>>().join("\n")
    }

    /// What was said, with what differs from run to run named instead, each by as many letters.
    pub fn told(&self, args: &[&str], ran: &Ran) -> String {
        assert!(
            !ran.stdout.contains('\x1b') && !ran.stderr.contains('\x1b'),
            "colours for nobody: {}",
            ran.shown()
        );
        let mut text = format!("$ cpctl {}\n{}", args.join(" "), ran.shown());
        let nodes = self.cluster.targets().into_iter().filter_map(|target| target.api);
        for (number, address) in nodes.chain([self.endpoint()]).enumerate() {
            let (_, port) = address.rsplit_once(':').unwrap();
            // With its colon, because the name of a run may hold the same digits.
            text = text.replace(&format!(":{port}"), &format!(":PORT{}", number + 1));
        }
        let directory = self.directory.path();
        let real = directory.canonicalize().unwrap();
        text.replace(real.to_str().unwrap(), "/desk").replace(directory.to_str().unwrap(), "/desk")
    }

    /// Whether a journal here holds the text.
    pub fn has_journalled(&self, text: &str) -> bool {
        let entries = fs::read_dir(self.path("home/.local/state/cpctl/runs")).into_iter().flatten();
        let journals = entries.filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok());
        journals.into_iter().any(|journal| journal.contains(text))
    }

    /// Where each API server is.
    pub fn api_servers(&self) -> Vec<Endpoint> {
        self.cluster.targets().into_iter().map(|target| target.api.unwrap().parse().unwrap()).collect()
    }

    /// Turns a machine off, and waits until its API server is silent.
    pub fn loses(&self, node: &str) {
        self.cluster.machine(node).unwrap().set(rehearse::Fault::Dead).unwrap();
        until("the API server is silent", || !self.hears(node));
    }

    /// Whether an API server answers.
    pub fn hears(&self, node: &str) -> bool {
        let target = self.cluster.targets().into_iter().find(|target| target.name == node).unwrap();
        Wire::new(Duration::from_secs(5)).presented(&target.api.unwrap().parse().unwrap()).is_ok()
    }

    /// What each API server presents.
    pub fn served(&self) -> Vec<ServingCert> {
        let wire = Wire::new(Duration::from_secs(5));
        self.api_servers().iter().map(|at| wire.presented(at).unwrap().leaf).collect()
    }

    pub fn endpoint(&self) -> String {
        self.cluster.endpoint().to_string()
    }
}
