//! A machine made of a map, with a kicker and an API server on loopback that serves what is on its disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use super::server::{self, Authority};
use crate::{endpoint::Endpoint, node::Act};

mod deeds;
mod rotation;
mod wires;

pub use wires::{Wires, kill};

pub const TEMPLATE: &str = "/certs/csr.conf.template";
pub const RENDERED: &str = "/certs/csr.conf.rendered";
pub const CONF: &str = "/certs/csr.conf";
pub const CERT: &str = "/certs/server.crt";
pub const CA_KEY: &str = "/certs/ca.key";
/// What others know of the certificate: no file of it is kept.
pub const KNOWN: &str = "/elsewhere/certificate";
pub const KICKER: &str = "kicker";
pub const SERVER: &str = "kubelite";
/// A balancer's configuration; one that says `broken` is not approved of.
pub const BALANCER: &str = "/etc/haproxy/haproxy.cfg";

/// What goes wrong with one act.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    Nothing,
    /// This process is killed before the act.
    KilledBefore,
    /// This process is killed once the act is done.
    KilledAfter,
    /// The connection breaks once the act is done.
    CutAfter,
    /// The machine loses power before the act.
    PowerOff,
    /// The act cannot be done.
    Fails,
}

type Hook = Box<dyn FnMut(&str, &Act) -> Fault + Send>;

pub struct Machine {
    pub name: String,
    pub endpoint: Endpoint,
    authority: Arc<Authority>,
    disk: Mutex<Disk>,
    hook: Mutex<Hook>,
}

/// All that a machine holds and that a run may change.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Disk {
    pub files: BTreeMap<PathBuf, (u32, Vec<u8>)>,
    pub lock: Option<String>,
    /// The process that took it.
    pub holder: String,
    pub stopped: bool,
    pub kicks: u32,
    pub restarts: u32,
    pub batches: u32,
    pub loaded: Vec<u8>,
    pub is_off: bool,
    /// What a balancer runs on: its configuration as it was at its last reload.
    pub balancing: Vec<u8>,
    /// How it came to that: its reloads, and the looks at what it does.
    pub taken_in: Vec<&'static str>,
    /// Files that a power cut would leave empty.
    pub unflushed: BTreeSet<PathBuf>,
    /// Whether the API server serves a new file by itself.
    pub reloads: bool,
    /// The servers of a balancer, and what each is: `UP`, `DRAIN`, `MAINT` or `DOWN`.
    pub rotation: BTreeMap<String, String>,
    /// The servers that the balancer has an order to put back by itself.
    pub timers: BTreeSet<String>,
    /// What a server is that is put back, where it is not up.
    pub comes_back: Option<String>,
}

impl Machine {
    pub fn start(name: &str, authority: &Arc<Authority>) -> Arc<Self> {
        let template = b"[ alt_names ]\nDNS.1 = kubernetes\nIP.1 = 127.0.0.1\n#MOREIPS\n".to_vec();
        let files = [TEMPLATE, RENDERED, CONF].map(|path| (PathBuf::from(path), (0o660, template.clone())));
        let known = (PathBuf::from(KNOWN), (0o600, b"known".to_vec()));
        let files = files.into_iter().chain([known]);
        let disk = Disk { files: files.collect(), reloads: true, ..Disk::default() };
        server::start(|endpoint| {
            let machine = Self {
                name: name.into(),
                endpoint,
                authority: Arc::clone(authority),
                disk: Mutex::new(disk),
                hook: Mutex::new(Box::new(|_, _| Fault::Nothing)),
            };
            machine.run("sign", &mut machine.disk()).unwrap();
            let mut disk = machine.disk();
            disk.loaded = disk.files[Path::new(CERT)].1.clone();
            disk.unflushed.clear();
            drop(disk);
            machine
        })
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap()
    }

    pub fn on_act(&self, hook: impl FnMut(&str, &Act) -> Fault + Send + 'static) {
        *self.hook.lock().unwrap() = Box::new(hook);
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.disk().files[Path::new(path)].1.clone()).unwrap()
    }

    pub fn put(&self, path: &str, text: &str) {
        self.disk().files.entry(path.into()).or_insert((0o640, vec![])).1 = text.into();
    }

    /// The certificate that the next handshake presents, and the CA's key to it.
    pub fn served(&self) -> Option<(Vec<u8>, Arc<Authority>)> {
        let mut disk = self.disk();
        if disk.is_off {
            return None;
        }
        if disk.reloads {
            disk.loaded = disk.files[Path::new(CERT)].1.clone();
        }
        Some((disk.loaded.clone(), Arc::clone(&self.authority)))
    }

    /// Comes up again: the kicker starts by itself, and signs where what it would render differs.
    pub fn reboot(&self) {
        let mut disk = self.disk();
        (disk.is_off, disk.stopped) = (false, false);
        if disk.files[Path::new(TEMPLATE)] != disk.files[Path::new(CONF)] {
            self.run("refresh", &mut disk).unwrap();
            self.run("sign", &mut disk).unwrap();
        }
    }

    fn run(&self, program: &str, disk: &mut Disk) -> Result<(), ()> {
        let template = disk.files[Path::new(TEMPLATE)].1.clone();
        match program {
            "end-server" => {
                disk.restarts += 1;
                disk.loaded = disk.files[Path::new(CERT)].1.clone();
            }
            "render" => {
                disk.files.insert(RENDERED.into(), (0o660, template));
            }
            "refresh" => {
                disk.files.insert(RENDERED.into(), (0o660, template.clone()));
                disk.files.insert(CONF.into(), (0o660, template));
            }
            "sign" => {
                let conf = String::from_utf8(disk.files[Path::new(CONF)].1.clone()).unwrap();
                let names =
                    conf.lines().filter_map(|line| line.split_once(" = ")).map(|(_, name)| name.to_owned());
                disk.files.insert(CERT.into(), (0o660, self.authority.sign(names.collect()).into()));
                disk.unflushed.insert(CERT.into());
            }
            "forget" => drop(disk.files.insert(KNOWN.into(), (0o600, b"forgotten".into()))),
            "recall" => drop(disk.files.insert(KNOWN.into(), (0o600, b"known".into()))),
            _ => return Err(()),
        }
        Ok(())
    }
}
