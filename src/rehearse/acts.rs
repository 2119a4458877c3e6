//! What can be done to a simulated node, each deed whole and safe to repeat.

use std::{
    io::ErrorKind,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{
    fault::Fault,
    kicker,
    microk8s::{self, Complaint},
    node::SimulatedNode,
};
use crate::node::{Act, Command, Digest, Done, Error, Kept, Lock, NodeMut, Output, UnitSeen, run_directory};

/// The operator's lock on the machine.
const LOCK: &str = "/var/lib/cpctl/lock";
/// How long to wait before looking again whether what is in the way went away.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The file of a run's directory that says that the run stopped the unit.
fn stopped(unit: &str) -> String {
    format!("stopped-{unit}")
}

impl NodeMut for SimulatedNode {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        let _held = self.machine.hold().map_err(self.cannot("take the lock for changes"))?;
        acts.iter().map(|act| self.one_act(act)).collect()
    }
}

impl SimulatedNode {
    fn one_act(&self, act: &Act) -> Result<Done, Error> {
        self.is_there()?;
        if !self.machine.admits_an_act().map_err(self.cannot("count an act"))? {
            return Err(self.broken(ErrorKind::ConnectionReset));
        }
        let done = self.carry_out(act)?;
        if self.machine.has(Fault::EagerKicker) {
            kicker::round_while_held(&self.machine).map_err(self.cannot("run the kicker"))?;
        }
        Ok(done)
    }

    fn carry_out(&self, act: &Act) -> Result<Done, Error> {
        match act {
            Act::Lock(lock) => self.lock(lock),
            Act::Unlock { run } => self.unlock(run),
            Act::Record { run, file, bytes } => self.record(run, file, bytes),
            Act::StopIdle { unit, run, .. } => self.stop_idle(unit, run),
            Act::Start { unit, run } => self.start(unit, run),
            Act::Restart { unit } => self.restart(unit),
            Act::Drain(drain) => self.drain(drain),
            Act::Undrain { server, run, .. } => self.undrain(server, run),
            Act::LockFile { path, run, within } => self.lock_file(path, run, *within),
            Act::UnlockFile { path, run } => self.unlock_file(path, run),
            Act::Read(path) => self.read(path).map(Done::Read),
            Act::Keep { file, copy } => self.keep(file, copy),
            Act::PutBack { file, copy, kept, left } => self.put_back(file, copy, *kept, left.as_ref()),
            Act::Flush(_) => Ok(Done::Done),
            Act::Write { path, before, bytes } => self.write(path, before, bytes),
            Act::Create { path, mode, bytes, mark } => self.create(path, *mode, bytes, mark),
            Act::Remove { path, made, mark } => self.remove_made(path, made, mark),
            Act::Run(command) => self.run(command),
            Act::Sign { key, digest, bytes } => self.sign(key, digest, bytes),
            Act::Same { left, right } => self.same(left, right),
        }
    }

    fn lock(&self, lock: &Lock) -> Result<Done, Error> {
        let bytes = serde_json::to_vec(lock).map_err(|error| self.cannot("take the lock")(error.into()))?;
        self.make_directory(&run_directory(&lock.run))?;
        if self.create_new(Path::new(LOCK), &bytes, 0o600)? {
            return Ok(Done::Done);
        }
        match self.lock_held()? {
            Some(held) if held.run == lock.run => Ok(Done::Already),
            Some(Lock { run, operator, since }) => {
                self.remove_empty(&run_directory(&lock.run));
                Err(Error::Locked { node: self.name.clone(), run, operator, since })
            }
            None => Err(Error::Protocol { node: self.name.clone(), what: format!("{LOCK} cannot be read") }),
        }
    }

    fn unlock(&self, run: &str) -> Result<Done, Error> {
        match self.lock_held()? {
            Some(held) if held.run == run => self.remove(Path::new(LOCK)),
            _ => Ok(Done::Already),
        }
    }

    fn lock_held(&self) -> Result<Option<Lock>, Error> {
        Ok(self.read(Path::new(LOCK))?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    fn record(&self, run: &str, file: &str, bytes: &[u8]) -> Result<Done, Error> {
        let directory = run_directory(run);
        self.make_directory(&directory)?;
        self.replace(&directory.join(file), bytes, 0o600, "root:root")
    }

    fn stop_idle(&self, unit: &str, run: &str) -> Result<Done, Error> {
        match self.machine.unit(unit) {
            UnitSeen::Missing => Err(self.unknown_unit("stop", unit)),
            UnitSeen::Inactive => Ok(Done::Already),
            UnitSeen::Active { .. } if self.machine.has(Fault::NeverIdle) => {
                Err(Error::NeverIdle { node: self.name.clone(), unit: unit.to_owned() })
            }
            UnitSeen::Active { .. } => {
                self.record(run, &stopped(unit), b"")?;
                self.machine.stop_unit(unit).map_err(self.cannot(format!("stop {unit}")))?;
                Ok(Done::Done)
            }
        }
    }

    fn start(&self, unit: &str, run: &str) -> Result<Done, Error> {
        let mark = run_directory(run).join(stopped(unit));
        if self.machine.unit(unit) != UnitSeen::Missing && self.read(&mark)?.is_none() {
            return Ok(Done::Already);
        }
        let done = match self.machine.unit(unit) {
            UnitSeen::Missing => Err(self.unknown_unit("start", unit)),
            UnitSeen::Active { .. } => Ok(Done::Already),
            UnitSeen::Inactive => self.run_unit(unit),
        }?;
        self.remove(&mark)?;
        Ok(done)
    }

    fn restart(&self, unit: &str) -> Result<Done, Error> {
        match self.machine.unit(unit) {
            UnitSeen::Missing => Err(self.unknown_unit("restart", unit)),
            _ => self.run_unit(unit),
        }
    }

    fn run_unit(&self, unit: &str) -> Result<Done, Error> {
        self.machine.start(unit).map_err(self.cannot(format!("start {unit}")))?;
        Ok(Done::Done)
    }

    /// systemd's own answer: 5, "not loaded".
    fn unknown_unit(&self, verb: &str, unit: &str) -> Error {
        let command = Command::new("systemctl").arg(verb).arg(unit);
        self.failed(&command, 5, format!("Unit {unit} not loaded."))
    }

    fn lock_file(&self, path: &Path, run: &str, within: Duration) -> Result<Done, Error> {
        let begun = Instant::now();
        while !self.create_new(path, run.as_bytes(), 0o600)? {
            if self.read(path)?.is_some_and(|bytes| bytes == run.as_bytes()) {
                return Ok(Done::Already);
            }
            if begun.elapsed() >= within {
                let age = begun.elapsed();
                return Err(Error::LockFileHeld { node: self.name.clone(), path: path.to_owned(), age });
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(Done::Done)
    }

    fn unlock_file(&self, path: &Path, run: &str) -> Result<Done, Error> {
        let is_ours = self.read(path)?.is_some_and(|bytes| bytes == run.as_bytes());
        if is_ours { self.remove(path) } else { Ok(Done::Already) }
    }

    fn keep(&self, file: &Path, copy: &Path) -> Result<Done, Error> {
        if let Some(above) = copy.parent() {
            self.make_directory(above)?;
        }
        if self.read(copy)?.is_some() {
            return Ok(Done::Already);
        }
        let cannot = self.cannot(format!("keep {}", file.display()));
        let bytes = self.read(file)?.ok_or_else(|| cannot(ErrorKind::NotFound.into()))?;
        if !self.create_new(copy, &bytes, self.mode(file)?)? {
            return Ok(Done::Already);
        }
        self.machine.set_owner(copy, &self.machine.owner(file)).map_err(cannot)?;
        Ok(Done::Done)
    }

    fn put_back(&self, file: &Path, copy: &Path, kept: Kept, left: Option<&Digest>) -> Result<Done, Error> {
        let Some(bytes) = self.read(copy)? else {
            let gone = || self.cannot(format!("put back {}", file.display()))(ErrorKind::NotFound.into());
            return if kept == Kept::Surely { Err(gone()) } else { Ok(Done::Already) };
        };
        let now = self.read(file)?.filter(|now| *now != bytes);
        if let (Some(now), Some(left)) = (&now, left)
            && Digest::of(now) != *left
        {
            return Err(Error::Rewritten { node: self.name.clone(), path: file.to_owned() });
        }
        let (mode, owner) = (self.mode(copy)?, self.machine.owner(copy));
        let is_back = self.read(file)?.is_some_and(|now| now == bytes)
            && self.mode(file)? == mode
            && self.machine.owner(file) == owner;
        if is_back { Ok(Done::Already) } else { self.replace(file, &bytes, mode, &owner) }
    }

    fn write(&self, path: &Path, before: &Digest, bytes: &[u8]) -> Result<Done, Error> {
        let now = self.read(path)?;
        match now.as_deref() {
            Some(now) if now == bytes => Ok(Done::Already),
            Some(now) if Digest::of(now) == *before => {
                self.replace(path, bytes, self.mode(path)?, &self.machine.owner(path))
            }
            _ => Err(Error::Drifted { node: self.name.clone(), path: path.to_owned() }),
        }
    }

    /// Plays the functions of MicroK8s' `utils.sh`, however they are wrapped; no other program is known.
    fn run(&self, command: &Command) -> Result<Done, Error> {
        let line = command.words().collect::<Vec<_>>().join(" ");
        let mut words = line.split(|c: char| c.is_whitespace() || "\"';".contains(c));
        let function = words
            .by_ref()
            .find(|word| word.ends_with("utils.sh"))
            .and_then(|_| words.find(|word| !word.is_empty()));
        match function.and_then(|function| microk8s::call(&self.machine, function)) {
            Some(Ok(())) => Ok(Done::Output(Output::default())),
            Some(Err(Complaint(complaint))) => Err(self.failed(command, 1, complaint)),
            None => Err(self.failed(command, 127, "command not found".into())),
        }
    }

    fn same(&self, left: &Path, right: &Path) -> Result<Done, Error> {
        let missing =
            |path: &Path| self.cannot(format!("compare {}", path.display()))(ErrorKind::NotFound.into());
        let one = self.read(left)?.ok_or_else(|| missing(left))?;
        let two = self.read(right)?.ok_or_else(|| missing(right))?;
        if one == two {
            return Ok(Done::Done);
        }
        Err(Error::Differ { node: self.name.clone(), path: left.to_owned(), other: right.to_owned() })
    }

    fn failed(&self, command: &Command, status: i32, stderr: String) -> Error {
        Error::Failed { node: self.name.clone(), command: command.clone(), status, stderr }
    }
}
