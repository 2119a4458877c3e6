//! A lab of real nodes that lives as long as the value that holds it.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, ChildStdin, Command, Stdio},
};

use serde::Deserialize;

use super::{
    harness::{Cpctl, Ran},
    left_out::left_out,
    wait::{awaited, until},
};

/// What the nodes of a lab are; each has a folder in `tests/lab`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Distribution {
    MicroK8s,
    /// Kubernetes the Hard Way, in its editions for three controllers.
    ByHand,
    /// Its newest edition.
    ByHandNew,
    Kubeadm,
    K3s,
    /// As it was before a restart took in names.
    K3sOld,
    Rke2,
}

/// Three control planes of a distribution and two balancers, with MicroK8s a worker too; gone when this is dropped, and
/// when this process dies.
pub struct Lab {
    distribution: Distribution,
    run: PathBuf,
    keeper: Child,
    lease: Option<ChildStdin>,
}

/// What a node counts of the things that must not happen.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Count {
    pub kicks: u32,
    pub pods_killed: u32,
    pub kubelite_pid: u32,
    pub kubelite_starts: u32,
    pub pods: BTreeMap<String, u32>,
}

/// The open-loop probe, at work until it is asked for its tally.
pub struct Probe {
    process: Child,
    stdin: Option<ChildStdin>,
    said: BufReader<ChildStderr>,
}

/// What the probe saw.
#[derive(Debug, Deserialize)]
pub struct Tally {
    /// Seconds since 1970.
    pub begun: f64,
    pub sent: u64,
    pub ok: u64,
    pub kinds: BTreeMap<String, u64>,
    /// When the first and the last answer went missing, in seconds since it began.
    pub first_bad_s: Option<f64>,
    pub last_bad_s: Option<f64>,
}

impl Distribution {
    fn folder(self) -> &'static str {
        match self {
            Self::MicroK8s => "microk8s",
            Self::ByHand => "by-hand",
            Self::ByHandNew => "by-hand-new",
            Self::Kubeadm => "kubeadm",
            Self::K3s => "k3s",
            Self::K3sOld => "k3s-old",
            Self::Rke2 => "rke2",
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::MicroK8s => 16443,
            Self::ByHand | Self::ByHandNew | Self::Kubeadm | Self::K3s | Self::K3sOld | Self::Rke2 => 6443,
        }
    }
}

impl Lab {
    /// Starts a lab of MicroK8s.
    pub fn start(name: &str) -> Option<Self> {
        Self::of(Distribution::MicroK8s, name)
    }

    /// Starts a lab, or says why there is none: `./test` sets `CPCTL_LAB` to what this machine can do.
    pub fn of(distribution: Distribution, name: &str) -> Option<Self> {
        if std::env::var("CPCTL_LAB").as_deref() != Ok("1") {
            left_out(&format!("{name} needs the lab of real nodes"));
            return None;
        }
        let run = PathBuf::from(format!("/run/cpctl-lab-{name}-{}", std::process::id()));
        let mut keeper = script("up")
            .args([distribution.folder(), "--lease"])
            .env("CPCTL_LAB_RUN", &run)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tests/lab/up starts");
        let lease = keeper.stdin.take();
        let mut answer = String::new();
        let mut out = BufReader::new(keeper.stdout.take().expect("it is piped"));
        out.read_line(&mut answer).expect("tests/lab/up answers");
        let lab = Self { distribution, run, keeper, lease };
        assert_eq!(answer.trim(), "up", "the lab did not start");
        Some(lab)
    }

    /// The directory of the operator's home and of the lab's keys.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.run.join(relative)
    }

    /// The operator's laptop: the binary inside the lab's network, in the operator's home.
    pub fn cpctl(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.cpctl_command(args))
    }

    pub fn cpctl_command(&self, args: &[&str]) -> Command {
        let mut words = vec![Cpctl::binary()];
        words.extend(args);
        self.inside(&words)
    }

    /// Any program inside the lab's network, in the operator's home.
    pub fn inside(&self, words: &[&str]) -> Command {
        let mut command = script("in");
        command.args(words);
        Cpctl::at_home(&self.path("home")).scrub(&mut command);
        command.env("CPCTL_LAB_RUN", &self.run);
        command.envs(std::env::var_os("CPCTL_LAB_CACHE").map(|cache| ("CPCTL_LAB_CACHE", cache)));
        command
    }

    /// A command on one of the machines, as root and not over its network.
    pub fn on(&self, node: &str, command: &str) -> Ran {
        Ran::of(script("on").arg(node).arg(command).env("CPCTL_LAB_RUN", &self.run).stdin(Stdio::null()))
    }

    pub fn fault(&self, name: &str, node: &str, state: &str) {
        Ran::of(
            script("fault").args([name, node, state]).env("CPCTL_LAB_RUN", &self.run).stdin(Stdio::null()),
        )
        .exits(0);
    }

    /// The serial number that a node serves, read by OpenSSL.
    pub fn serial(&self, node: &str) -> String {
        let script = format!(
            "openssl s_client -connect {node}:{} </dev/null 2>/dev/null | openssl x509 -noout -serial",
            self.distribution.port()
        );
        self.on(node, &script).exits(0).stdout
    }

    /// The ids of the runs that the operator's machine knows, oldest first.
    pub fn runs(&self) -> Vec<String> {
        let ran = self.cpctl(&["runs", "-o", "json"]).exits(0);
        let seen: serde_json::Value = serde_json::from_str(&ran.stdout).expect("runs prints JSON");
        let runs = seen["runs"].as_array().expect("a list of runs").iter();
        runs.map(|run| run["run"].as_str().expect("an id").to_owned()).collect()
    }

    /// The counts of a node once they are as wanted; polls, and gives up loudly.
    pub fn until(&self, node: &str, is_so: impl Fn(&Count) -> bool) -> Count {
        awaited(&format!("{node} is as wanted"), || Some(self.count(node)).filter(|count| is_so(count)))
    }

    /// Waits until a node's API server says that it is ready.
    pub fn until_ready(&self, node: &str) {
        let address = self.on(node, "hostname -I | cut -d' ' -f1").exits(0).stdout;
        let script = format!(
            "cd '{}' && curl -sf --max-time 3 --cacert ca.crt --cert balancer.crt --key balancer.key https://{}:{}/readyz",
            self.path("pki").display(),
            address.trim(),
            self.distribution.port()
        );
        self.until_works(&["sh", "-c", &script]);
    }

    /// Waits until the balancer sends every one of several requests to a server that answers.
    pub fn until_balanced(&self) {
        let script = format!(
            "probe --for 1s 172.22.22.3:{} | grep -q '\"ok\":20,\"failed\":0,'",
            self.distribution.port()
        );
        self.until_works(&["sh", "-c", &script]);
    }

    fn until_works(&self, words: &[&str]) {
        until(&format!("{words:?} works"), || Ran::of(&mut self.inside(words)).code == 0);
    }

    pub fn count(&self, node: &str) -> Count {
        serde_json::from_str(&self.counted(node)).expect("what tests/lab/count prints of MicroK8s")
    }

    /// Names both balancers in the inventory, so that nodes are drained there.
    pub fn name_balancers(&self) {
        let inventory = self.path("home/cpctl.yaml");
        let mut text = fs::read_to_string(&inventory).unwrap();
        text.push_str("balancers:\n");
        for (name, host) in [("lb1", "172.22.22.8"), ("lb2", "172.22.22.9")] {
            text.push_str(&format!("  - name: {name}\n    host: {host}\n    user: root\n"));
        }
        fs::write(inventory, text).unwrap();
    }

    /// The processes of a node that must or must not change, each under its name.
    pub fn processes(&self, node: &str) -> BTreeMap<String, u32> {
        serde_json::from_str(&self.counted(node)).expect("what tests/lab/count prints of such a node")
    }

    fn counted(&self, node: &str) -> String {
        Ran::of(script("count").arg(node).env("CPCTL_LAB_RUN", &self.run).stdin(Stdio::null()))
            .exits(0)
            .stdout
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.lease.take());
        let _ = self.keeper.wait();
    }
}

impl Probe {
    /// Asks from here on, twenty times a second unless told otherwise; `args` are those of `tests/lab/programs/probe`.
    pub fn start(lab: &Lab, args: &[&str]) -> Self {
        let words = [&["probe"], args].concat();
        let mut process = lab
            .inside(&words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the probe starts");
        let stdin = process.stdin.take();
        let mut said = BufReader::new(process.stderr.take().expect("it is a pipe"));
        let mut first = String::new();
        said.read_line(&mut first).expect("the probe writes text");
        if first != "probing\n" {
            let _ = (process.kill(), process.wait());
            panic!("{first}{}", io::read_to_string(&mut said).unwrap_or_default());
        }
        Self { process, stdin, said }
    }

    /// Ends the probing and returns what was seen.
    pub fn tally(mut self) -> Tally {
        drop(self.stdin.take());
        let output = self.process.wait_with_output().expect("the probe ends");
        let complaint = io::read_to_string(&mut self.said).expect("the probe writes text");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("the probe prints JSON: {error}: {complaint}"))
    }
}

/// What `tests/lab/setup` made and fetched.
pub fn cache() -> PathBuf {
    std::env::var_os("CPCTL_LAB_CACHE").map_or_else(|| "/var/cache/cpctl-lab".into(), PathBuf::from)
}

fn script(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab").join(name))
}
