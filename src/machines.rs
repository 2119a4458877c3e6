//! Every machine that a run can reach: over ssh, here, or rehearsed; one connection each.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    node::{
        Act, Answer, Ask, Done, Errand, Error, Listener, Node, NodeMut, Reached, Talk, Target, Trip,
        local::Local,
        ssh::{self, Prompt, SshOptions},
    },
    plan::HERE,
    rehearse::SimulatedNode,
    world::Reach,
};

/// Opens machines and keeps them open, so that a verb that looks and then changes logs in once.
pub struct Machines {
    options: SshOptions,
    prompt: Box<dyn Prompt + Send + Sync>,
    /// By the whole target: two inventories may give one name to two machines.
    open: Mutex<Vec<(Target, Shared)>>,
    listener: Option<Listener>,
}

/// One open machine in several hands.
#[derive(Clone)]
struct Shared {
    name: String,
    host: String,
    machine: Arc<Mutex<Box<dyn NodeMut>>>,
    /// Nothing can be asked over this connection any more.
    is_broken: Arc<AtomicBool>,
    listener: Option<Listener>,
}

impl Machines {
    pub fn new(options: SshOptions, prompt: Box<dyn Prompt + Send + Sync>) -> Self {
        Self { options, prompt, open: Mutex::default(), listener: None }
    }

    /// The same, with somebody who is told of every round trip.
    pub fn heard_by(self, listener: Option<Listener>) -> Self {
        Self { listener, ..self }
    }

    /// A connection to this very target that still works.
    fn known(&self, target: &Target) -> Option<Shared> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(_, shared)| !shared.is_broken.load(Ordering::Relaxed));
        open.iter().find(|(known, _)| known == target).map(|(_, shared)| shared.clone())
    }

    fn open(&self, target: &Target) -> Result<Box<dyn NodeMut>, Error> {
        if target.name == HERE {
            return Ok(Box::new(Local::new()));
        }
        match &target.rehearsed {
            Some(_) => SimulatedNode::open(target),
            None => ssh::connect(target, &self.options, self.prompt.as_ref()),
        }
    }
}

impl Reach for Machines {
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, Error> {
        if let Some(shared) = self.known(target) {
            return Ok(Box::new(shared));
        }
        // Asking ssh for the host takes longer than many a run on this machine alone.
        let host = self.listener.as_ref().map(|_| self.host(target)).unwrap_or_default();
        let machine =
            timed(&self.listener, &target.name, Errand::Login { host: &host }, || self.open(target))?;
        let shared = Shared {
            name: machine.name().to_owned(),
            host: machine.host().to_owned(),
            machine: Arc::new(Mutex::new(machine)),
            is_broken: Arc::default(),
            listener: self.listener.clone(),
        };
        self.open.lock().unwrap_or_else(PoisonError::into_inner).push((target.clone(), shared.clone()));
        Ok(Box::new(shared))
    }

    fn host(&self, target: &Target) -> String {
        let is_by_ssh = target.rehearsed.is_none() && target.name != HERE;
        if is_by_ssh { ssh::host_of(target, &self.options) } else { target.host.clone() }
    }
}

impl Shared {
    /// Remembers a connection that broke, so that the next to connect gets a new one.
    fn noticed<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Broken { .. } | Error::Connect { .. }) = &result {
            self.is_broken.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Node for Shared {
    fn name(&self) -> &str {
        &self.name
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        let look = || self.machine.lock().unwrap_or_else(PoisonError::into_inner).look(asks);
        self.noticed(timed(&self.listener, &self.name, Errand::Look { asks: asks.len() }, look))
    }

    fn reach(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        let reach =
            || self.machine.lock().unwrap_or_else(PoisonError::into_inner).reach(host, port, within, talk);
        let reached = self.noticed(timed(&self.listener, &self.name, Errand::Reach { host, port }, reach))?;
        self.is_broken.fetch_or(reached == Reached::Silent, Ordering::Relaxed);
        Ok(reached)
    }
}

impl NodeMut for Shared {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        let act = || self.machine.lock().unwrap_or_else(PoisonError::into_inner).act(acts);
        self.noticed(timed(&self.listener, &self.name, Errand::Act { acts: acts.len() }, act))
    }
}

/// Makes a round trip, and tells of it where somebody listens.
fn timed<T>(
    listener: &Option<Listener>,
    node: &str,
    errand: Errand<'_>,
    go: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(listener) = listener else { return go() };
    let begun = Instant::now();
    let result = go();
    listener(Trip { node, errand, took: begun.elapsed(), is_answered: result.is_ok() });
    result
}

/// Where runs are kept: `$XDG_STATE_HOME/cpctl`, or `~/.local/state/cpctl`.
pub fn state_directory(xdg_state_home: Option<&Path>, home: Option<&Path>) -> Option<std::path::PathBuf> {
    let base = match xdg_state_home.filter(|path| path.is_absolute()) {
        Some(path) => path.to_owned(),
        None => home?.join(".local/state"),
    };
    Some(base.join("cpctl"))
}

/// `user@laptop`, for whoever finds what a run left on a node.
pub fn operator(user: Option<String>) -> String {
    let laptop = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{}@{laptop}", user.unwrap_or_else(|| rustix::process::getuid().as_raw().to_string()))
}
