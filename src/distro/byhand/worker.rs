//! A worker that somebody set up by hand: its kubelet's and its kube-proxy's own arguments say what leads them.
//!
//! <https://github.com/kelseyhightower/kubernetes-the-hard-way>, the workers' chapter.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{NAME, process::Process};
use crate::{
    cert::ServingCert,
    distro::{
        ControlPlane, Given, Move, Place, Reference, Role, Served, Takes, Trial, Want,
        ground::{self, Ground},
        kubeconfigs,
    },
    edit::yaml::Tree,
    endpoint::Endpoint,
    node::{self, Answer, Ask, Node},
    plan::{Listener, Step},
    report::{Code, Finding},
    san::{San, SanSet},
};

pub(super) const KUBELET: &str = "kubelet";
pub(super) const PROXY: &str = "kube-proxy";
/// Where the guide puts kube-proxy's.
const PROXYS: &str = "/var/lib/kube-proxy/kubeconfig";
const PORT: u16 = 6443;

/// The flags that name what a client logs in with, the second until it has a certificate.
const FLAGS: [&str; 2] = ["kubeconfig", "bootstrap-kubeconfig"];

/// A node whose kubelet runs, and no API server. Its kubeconfigs may hold keys, so it has no `Debug`.
pub(super) struct Worker {
    node: String,
    host: String,
    kubelet: Process,
    kubeconfigs: Vec<Kubeconfig>,
    ground: Ground,
}

/// A file that leads a program.
struct Kubeconfig {
    path: PathBuf,
    program: &'static str,
    unit: Option<String>,
    is_needed: bool,
    /// `None` where it is not there, or no text.
    text: Option<String>,
}

impl Worker {
    /// Reads the node in one look, and in a further one where kube-proxy's configuration leads to an unusual place.
    pub fn read(node: &dyn Node, kubelet: Process, proxy: Option<Process>) -> Result<Self, node::Error> {
        let mut kubeconfigs: Vec<_> =
            FLAGS.iter().filter_map(|flag| Kubeconfig::flagged(&kubelet, KUBELET, flag)).collect();
        kubeconfigs.extend(proxy.as_ref().and_then(|proxy| Kubeconfig::of_proxy(proxy, PROXYS)));
        let configuration = proxy.as_ref().and_then(|proxy| proxy.arguments.file("config"));
        let mut asks: Vec<_> = kubeconfigs.iter().map(Kubeconfig::ask).collect();
        asks.extend(Ground::asks(place()));
        asks.extend(configuration.map(Ask::File));
        let mut answers = node.look(&asks)?.into_iter();
        kubeconfigs.iter_mut().for_each(|kubeconfig| kubeconfig.read(answers.next()));
        let ground = Ground::read(node.name(), place(), &mut answers);
        let elsewhere = answers.next().and_then(|answer| kubeconfig_of(&text(&answer)?));
        let elsewhere = elsewhere.filter(|path| kubeconfigs.iter().all(|known| known.path != *path));
        // A configuration file wins over the flag.
        if let (Some(path), Some(proxy)) = (elsewhere, &proxy) {
            kubeconfigs.retain(|kubeconfig| kubeconfig.program != PROXY);
            let mut kubeconfig = Kubeconfig::at(path, proxy, PROXY);
            kubeconfig.read(node.look(&[kubeconfig.ask()])?.pop());
            kubeconfigs.push(kubeconfig);
        }
        kubeconfigs.retain(|kubeconfig| kubeconfig.text.is_some() || kubeconfig.is_needed);
        let (name, host) = (node.name().to_owned(), node.host().to_owned());
        Ok(Self { node: name, host, kubelet, kubeconfigs, ground })
    }

    fn uneditable(&self, path: &Path, reason: &str) -> Finding {
        let message = format!("{} cannot be edited: {reason}", path.display());
        Finding::new(Code::ReferenceUneditable, &self.node, message)
            .remedy(format!("look at it: `sudo grep server: {}`", path.display()))
    }

    /// Why a program's file cannot be led elsewhere.
    fn fault(&self, kubeconfig: &Kubeconfig) -> Option<Finding> {
        let Kubeconfig { path, program, unit, text, .. } = kubeconfig;
        let Some(text) = text else { return Some(self.uneditable(path, "it is not there, or no text")) };
        if let Err(reason) = kubeconfigs::references(&Place::File(path.clone()), text) {
            return Some(self.uneditable(path, &reason));
        }
        unit.is_none().then(|| {
            let message = format!("no unit of systemd runs {program}, so it cannot be restarted");
            Finding::new(Code::LaunchUnclear, &self.node, message)
                .remedy("let systemd run it, or lead this node by hand and leave it out with `--limit`")
        })
    }
}

impl Kubeconfig {
    fn at(path: PathBuf, process: &Process, program: &'static str) -> Self {
        Self { path, program, unit: process.unit.clone(), is_needed: true, text: None }
    }

    /// What a kubelet had until it had a certificate may be gone.
    fn flagged(process: &Process, program: &'static str, flag: &str) -> Option<Self> {
        let path = process.arguments.file(flag)?;
        Some(Self { is_needed: flag == FLAGS[0], ..Self::at(path, process, program) })
    }

    /// That of the flag, or the usual one, which its configuration has to confirm.
    fn of_proxy(proxy: &Process, usual: &str) -> Option<Self> {
        let guessed = || proxy.arguments.file("config").map(|_| Self::at(usual.into(), proxy, PROXY));
        Self::flagged(proxy, PROXY, FLAGS[0]).or_else(guessed)
    }

    fn ask(&self) -> Ask {
        Ask::File(self.path.clone())
    }

    fn read(&mut self, answer: Option<Answer>) {
        self.text = answer.as_ref().and_then(text);
    }

    fn references(&self, node: Option<&str>) -> Vec<Reference> {
        let (Some(text), Some(unit)) = (&self.text, &self.unit) else { return vec![] };
        let note = format!("{unit} is restarted; pods keep running");
        let found = kubeconfigs::references(&Place::File(self.path.clone()), text).unwrap_or_default();
        let takes = Takes::Unit { unit: unit.clone(), node: node.map(str::to_owned) };
        let taken = |reference: Reference| {
            Reference { notes: vec![note.clone()], ..reference }.taken_in_by(takes.clone())
        };
        found.into_iter().map(taken).collect()
    }
}

/// `clientConnection.kubeconfig` of kube-proxy's configuration.
fn kubeconfig_of(text: &str) -> Option<PathBuf> {
    let tree = Tree::parse(text).ok()?;
    let path = tree.first()?.get("clientConnection")?.get("kubeconfig")?.scalar()?.to_string();
    (!path.is_empty()).then(|| Path::new("/").join(path))
}

fn text(answer: &Answer) -> Option<String> {
    String::from_utf8(answer.bytes()?.to_vec()).ok()
}

fn place() -> ground::Place<'static> {
    ground::Place { path: "/var/lib/kubelet".as_ref(), loss: "a full disk leaves an empty kubeconfig" }
}

impl ControlPlane for Worker {
    fn distribution(&self) -> &'static str {
        NAME
    }

    fn role(&self) -> Role {
        Role::Worker
    }

    fn endpoint(&self) -> Endpoint {
        let host = self.host.parse().unwrap_or(San::Ip(std::net::Ipv4Addr::LOCALHOST.into()));
        Endpoint::new(host, PORT)
    }

    fn configured(&self) -> SanSet {
        SanSet::default()
    }

    fn derived(&self) -> SanSet {
        SanSet::default()
    }

    fn needed(&self) -> SanSet {
        SanSet::default()
    }

    fn on_disk(&self) -> Option<&ServingCert> {
        None
    }

    fn findings(&self, _now: Timestamp) -> Vec<Finding> {
        vec![
            Finding::new(
                Code::NodeIsWorker,
                &self.node,
                "it is a worker: a kubelet runs there, and no API server",
            )
            .remedy("leave it out of the inventory or of `--node`; `cpctl endpoint move` leads it elsewhere"),
        ]
    }

    fn plan(
        &self,
        _want: &Want,
        _served: &Served<'_>,
        given: &Given<'_>,
    ) -> Result<Option<Step>, Vec<Finding>> {
        Err(self.findings(given.now))
    }

    fn cautions(&self, _want: &Want) -> Vec<Finding> {
        vec![]
    }

    fn seen(&self) -> Vec<(PathBuf, String)> {
        vec![]
    }

    fn references(&self) -> Vec<Reference> {
        let node = self.kubelet.arguments.value("hostname-override");
        self.kubeconfigs.iter().flat_map(|kubeconfig| kubeconfig.references(node)).collect()
    }

    fn trial(&self) -> Option<Trial> {
        let kubeconfig = self.kubeconfigs.first()?;
        let authorities = kubeconfigs::authorities(kubeconfig.text.as_deref().unwrap_or_default());
        Some(Trial { authorities, file: kubeconfig.path.clone(), pem: None, listener: Listener::ApiServer })
    }

    fn findings_of_move(&self, _wanted: &Move, now: Timestamp) -> Vec<Finding> {
        let ground = &self.ground;
        let faults = self.kubeconfigs.iter().filter_map(|kubeconfig| self.fault(kubeconfig));
        let single = [ground.locked(), ground.clock_off(now)];
        single.into_iter().flatten().chain(ground.narrow()).chain(faults).collect()
    }
}
