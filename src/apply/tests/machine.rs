//! A machine made of a map, with a kicker and an API server on loopback that serves what is on its disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use super::server::{self, Authority};
use crate::{
    endpoint::Endpoint,
    node::{self, Act, Answer, Ask, Done, Error, Kept, Lock, Node, NodeMut, Target},
    world::Reach,
};

pub const TEMPLATE: &str = "/certs/csr.conf.template";
pub const RENDERED: &str = "/certs/csr.conf.rendered";
pub const CONF: &str = "/certs/csr.conf";
pub const CERT: &str = "/certs/server.crt";
pub const KICKER: &str = "kicker";
pub const SERVER: &str = "kubelite";

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
    pub stopped: bool,
    pub kicks: u32,
    pub restarts: u32,
    pub batches: u32,
    pub loaded: Vec<u8>,
    pub is_off: bool,
    /// Files that a power cut would leave empty.
    pub unflushed: BTreeSet<PathBuf>,
    /// Whether the API server serves a new file by itself.
    pub reloads: bool,
}

impl Machine {
    pub fn start(name: &str, authority: &Arc<Authority>) -> Arc<Self> {
        let template = b"[ alt_names ]\nDNS.1 = kubernetes\nIP.1 = 127.0.0.1\n#MOREIPS\n".to_vec();
        let files = [TEMPLATE, RENDERED, CONF].map(|path| (PathBuf::from(path), (0o660, template.clone())));
        let disk = Disk { files: files.into(), reloads: true, ..Disk::default() };
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
            _ => return Err(()),
        }
        Ok(())
    }

    fn carry_out(&self, act: &Act, disk: &mut Disk) -> Result<Done, Error> {
        let node = || self.name.clone();
        match act.clone() {
            Act::Lock(Lock { run, .. }) => match &disk.lock {
                Some(holder) if *holder != run => {
                    return Err(Error::Locked {
                        node: node(),
                        run: holder.clone(),
                        operator: "bob@desk".into(),
                        since: "2026-11-21T09:15:00Z".into(),
                    });
                }
                _ => disk.lock = Some(run),
            },
            Act::Unlock { run } => {
                disk.lock.take_if(|holder| *holder == run);
            }
            Act::Record { run, file, bytes } => {
                disk.files.insert(node::run_directory(&run).join(file), (0o600, bytes));
            }
            Act::StopIdle { unit, run, .. } => {
                if !disk.stopped {
                    disk.files.insert(mark(&run, &unit), (0o600, vec![]));
                }
                disk.stopped = true;
            }
            Act::Start { unit, run } => {
                if disk.files.remove(&mark(&run, &unit)).is_none() {
                    return Ok(Done::Already);
                }
                disk.stopped = false;
                disk.kicks += u32::from(disk.files[Path::new(TEMPLATE)] != disk.files[Path::new(CONF)]);
            }
            Act::Restart { .. } => {
                disk.restarts += 1;
                disk.loaded = disk.files[Path::new(CERT)].1.clone();
            }
            Act::LockFile { path, run, .. } => match disk.files.get(&path) {
                Some((_, holder)) if *holder != run.as_bytes() => {
                    return Err(Error::LockFileHeld { node: node(), path, age: std::time::Duration::ZERO });
                }
                _ => drop(disk.files.insert(path, (0o600, run.into()))),
            },
            Act::UnlockFile { path, run } => {
                if disk.files.get(&path).is_some_and(|(_, holder)| *holder == run.as_bytes()) {
                    disk.files.remove(&path);
                }
            }
            Act::Read(path) => return Ok(Done::Read(disk.files.get(&path).map(|(_, bytes)| bytes.clone()))),
            Act::Keep { file, copy } => {
                if !disk.files.contains_key(&copy) {
                    let found = disk.files[&file].clone();
                    disk.files.insert(copy, found);
                }
            }
            Act::PutBack { file, copy, kept, left } => match disk.files.get(&copy).cloned() {
                Some(found) => {
                    let now = &disk.files[&file].1;
                    if *now != found.1 && left.is_some_and(|left| left != node::Digest::of(now)) {
                        return Err(Error::Rewritten { node: node(), path: file });
                    }
                    disk.files.insert(file, found);
                }
                None if kept == Kept::Perhaps => {}
                None => {
                    let deed = format!("put back {}", file.display());
                    let source = io::ErrorKind::NotFound.into();
                    return Err(Error::Deed { node: node(), deed, source });
                }
            },
            Act::Flush(files) => disk.unflushed.retain(|file| !files.contains(file)),
            Act::Write { path, before, bytes } => {
                let found = disk.files.get_mut(&path).unwrap();
                if node::Digest::of(&found.1) != before {
                    return Err(Error::Drifted { node: node(), path });
                }
                found.1 = bytes;
            }
            Act::Create { path, mode, bytes, mark } => match disk.files.get(&path) {
                Some((_, there)) if *there == bytes => return Ok(Done::Already),
                Some(_) => return Err(Error::Drifted { node: node(), path }),
                None => {
                    let home = path.parent().unwrap();
                    if !disk.files.keys().any(|file| file.parent() == Some(home)) {
                        disk.files.insert(mark, (0o600, vec![]));
                    }
                    disk.files.insert(path, (mode, bytes));
                }
            },
            Act::Remove { path, made, mark } => match disk.files.get(&path) {
                Some((_, there)) if node::Digest::of(there) != made => {
                    return Err(Error::Drifted { node: node(), path });
                }
                _ => {
                    disk.files.remove(&path);
                    disk.files.remove(&mark);
                }
            },
            Act::Run(command) => {
                let failed = |()| Error::Failed {
                    node: node(),
                    command: command.clone(),
                    status: 1,
                    stderr: "no".into(),
                };
                self.run(&command.program, disk).map_err(failed)?;
            }
            Act::Same { left, right } => {
                if disk.files[&left] != disk.files[&right] {
                    return Err(Error::Differ { node: node(), path: left, other: right });
                }
            }
        }
        Ok(Done::Done)
    }

    fn broken(&self) -> Error {
        Error::Broken { node: self.name.clone(), source: io::ErrorKind::ConnectionReset.into() }
    }
}

/// The file that says that the run stopped the unit.
fn mark(run: &str, unit: &str) -> PathBuf {
    node::run_directory(run).join(format!("stopped-{unit}"))
}

/// Ends this process in the way of SIGKILL, as far as the run can tell: nothing after this point is carried out.
pub fn kill() -> ! {
    std::panic::resume_unwind(Box::new("killed"))
}

struct Connection(Arc<Machine>);

impl Node for Connection {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn host(&self) -> &str {
        &self.0.name
    }

    fn look(&self, _: &[Ask]) -> Result<Vec<Answer>, Error> {
        unreachable!("a run acts, it does not look")
    }
}

impl NodeMut for Connection {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        let machine = &self.0;
        machine.disk().batches += 1;
        let mut done = vec![];
        for act in acts {
            if machine.disk().is_off {
                return Err(machine.broken());
            }
            let fault = machine.hook.lock().unwrap()(&machine.name, act);
            match fault {
                Fault::KilledBefore => kill(),
                Fault::PowerOff => {
                    machine.disk().is_off = true;
                    return Err(machine.broken());
                }
                Fault::Fails => {
                    return Err(Error::Deed {
                        node: machine.name.clone(),
                        deed: "do that".into(),
                        source: io::ErrorKind::StorageFull.into(),
                    });
                }
                Fault::Nothing | Fault::KilledAfter | Fault::CutAfter => {}
            }
            done.push(machine.carry_out(act, &mut machine.disk())?);
            match fault {
                Fault::KilledAfter => kill(),
                Fault::CutAfter => return Err(machine.broken()),
                _ => {}
            }
        }
        Ok(done)
    }
}

/// Reaches the machines of a test by their names.
pub struct Wires(pub BTreeMap<String, Arc<Machine>>);

impl Reach for Wires {
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, Error> {
        let machine = &self.0[&target.name];
        if machine.disk().is_off {
            return Err(Error::Connect {
                typed: None,
                node: target.name.clone(),
                at: target.host.clone(),
                source: io::ErrorKind::ConnectionRefused.into(),
            });
        }
        Ok(Box::new(Connection(Arc::clone(machine))))
    }

    fn host(&self, target: &Target) -> String {
        target.host.clone()
    }
}
