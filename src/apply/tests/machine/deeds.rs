//! What each act does to a machine's disk.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{BALANCER, CA_KEY, CERT, CONF, Disk, Machine, TEMPLATE};
use crate::node::{self, Act, Command, Digest, Done, Error, Kept, Output};

impl Machine {
    pub fn carry_out(&self, act: &Act, disk: &mut Disk) -> Result<Done, Error> {
        match act.clone() {
            Act::Lock(lock) | Act::TakeOver(lock) => {
                self.lock(&lock.run, disk)?;
                disk.holder = lock.holder;
            }
            Act::Hold { run, holder } => {
                if (disk.lock.as_ref(), &disk.holder) != (Some(&run), &holder) {
                    return Err(Error::TakenOver { node: self.name.clone(), run });
                }
            }
            Act::Unlock { run } => {
                disk.lock.take_if(|holder| *holder == run);
                disk.holder.clear();
            }
            Act::Record { run, file, bytes } => {
                disk.files.insert(node::run_directory(&run).join(file), (0o600, bytes));
            }
            Act::StopIdle { unit, run, .. } => disk.stop(&unit, &run),
            Act::Start { unit, run } => return Ok(disk.start(&unit, &run)),
            Act::Restart { .. } => {
                disk.restarts += 1;
                disk.loaded = disk.files[Path::new(CERT)].1.clone();
            }
            Act::Drain(drain) => return self.drain(drain, disk),
            Act::Undrain { server, run, within, .. } => return self.undrain(server, &run, within, disk),
            Act::LockFile { path, run, .. } => self.lock_file(path, &run, disk)?,
            Act::UnlockFile { path, run } => {
                if disk.files.get(&path).is_some_and(|(_, holder)| *holder == run.as_bytes()) {
                    disk.files.remove(&path);
                }
            }
            Act::Read(path) => return Ok(Done::Read(disk.files.get(&path).map(|(_, bytes)| bytes.clone()))),
            Act::Keep { file, copy } => {
                let found = disk.files[&file].clone();
                disk.files.entry(copy).or_insert(found);
            }
            Act::PutBack { copy, kept: Kept::Perhaps, .. } if !disk.files.contains_key(&copy) => {}
            Act::PutBack { file, copy, left, .. } => self.put_back(file, &copy, left, disk)?,
            Act::Flush(files) => disk.unflushed.retain(|file| !files.contains(file)),
            Act::Write { path, before, bytes } => self.write(path, &before, bytes, disk)?,
            Act::Create { path, mode, bytes, mark } => self.create(path, (mode, bytes), mark, disk)?,
            Act::Remove { path, made, mark } => self.remove(path, &made, &mark, disk)?,
            Act::Run(command) => self.call(&command, disk).map_err(|()| self.failed(command))?,
            Act::Sign { key, digest, bytes } => {
                assert_eq!((key.as_path(), &*digest), (Path::new(CA_KEY), "sha256"));
                let stdout = self.authority.sign_bytes(&bytes);
                return Ok(Done::Output(Output { stdout, ..Output::default() }));
            }
            Act::Same { left, right } => {
                if disk.files[&left] != disk.files[&right] {
                    return Err(Error::Differ { node: self.name.clone(), path: left, other: right });
                }
            }
        }
        Ok(Done::Done)
    }

    fn call(&self, command: &Command, disk: &mut Disk) -> Result<(), ()> {
        match command.program.as_str() {
            "haproxy" => {
                let text = &disk.files[Path::new(command.args.last().unwrap())].1;
                if text.starts_with(b"broken") { Err(()) } else { Ok(()) }
            }
            "systemctl" => {
                disk.balancing =
                    disk.files.get(Path::new(BALANCER)).map(|(_, text)| text.clone()).unwrap_or_default();
                disk.taken_in.push("reload");
                Ok(())
            }
            "curl" => {
                disk.taken_in.push("look");
                if disk.balancing.starts_with(b"idle") { Err(()) } else { Ok(()) }
            }
            program => self.run(program, disk),
        }
    }

    /// A file stands for its directory: one without another file is missing.
    fn create(
        &self,
        path: PathBuf,
        file: (u32, Vec<u8>),
        mark: PathBuf,
        disk: &mut Disk,
    ) -> Result<(), Error> {
        if let Some((_, there)) = disk.files.get(&path) {
            let drifted = Error::Drifted { node: self.name.clone(), path };
            return if *there == file.1 { Ok(()) } else { Err(drifted) };
        }
        if !disk.files.keys().any(|file| file.parent() == path.parent()) {
            disk.files.insert(mark, (0o600, vec![]));
        }
        disk.files.insert(path, file);
        Ok(())
    }

    fn remove(&self, path: PathBuf, made: &Digest, mark: &Path, disk: &mut Disk) -> Result<(), Error> {
        if disk.files.get(&path).is_some_and(|(_, there)| Digest::of(there) != *made) {
            return Err(Error::Drifted { node: self.name.clone(), path });
        }
        disk.files.remove(&path);
        disk.files.remove(mark);
        Ok(())
    }

    fn lock(&self, run: &str, disk: &mut Disk) -> Result<(), Error> {
        if let Some(holder) = disk.lock.as_ref().filter(|holder| *holder != run) {
            return Err(Error::Locked {
                node: self.name.clone(),
                run: holder.clone(),
                operator: "bob@desk".into(),
                since: "2026-11-21T09:15:00Z".into(),
            });
        }
        disk.lock = Some(run.to_owned());
        Ok(())
    }

    fn lock_file(&self, path: PathBuf, run: &str, disk: &mut Disk) -> Result<(), Error> {
        if disk.files.get(&path).is_some_and(|(_, holder)| *holder != run.as_bytes()) {
            return Err(Error::LockFileHeld { node: self.name.clone(), path, age: Duration::ZERO });
        }
        disk.files.insert(path, (0o600, run.into()));
        Ok(())
    }

    fn put_back(
        &self,
        file: PathBuf,
        copy: &Path,
        left: Option<Digest>,
        disk: &mut Disk,
    ) -> Result<(), Error> {
        let Some(found) = disk.files.get(copy).cloned() else {
            let deed = format!("put back {}", file.display());
            return Err(Error::Deed {
                node: self.name.clone(),
                deed,
                source: io::ErrorKind::NotFound.into(),
            });
        };
        let now = &disk.files[&file].1;
        if *now != found.1 && left.is_some_and(|left| left != Digest::of(now)) {
            return Err(Error::Rewritten { node: self.name.clone(), path: file });
        }
        disk.files.insert(file, found);
        Ok(())
    }

    fn write(&self, path: PathBuf, before: &Digest, bytes: Vec<u8>, disk: &mut Disk) -> Result<(), Error> {
        let found = disk.files.get_mut(&path).unwrap();
        if Digest::of(&found.1) != *before {
            return Err(Error::Drifted { node: self.name.clone(), path });
        }
        found.1 = bytes;
        Ok(())
    }

    fn failed(&self, command: Command) -> Error {
        Error::Failed { node: self.name.clone(), command, status: 1, stderr: "no".into() }
    }
}

impl Disk {
    fn stop(&mut self, unit: &str, run: &str) {
        if !self.stopped {
            self.files.insert(mark(run, unit), (0o600, vec![]));
        }
        self.stopped = true;
    }

    fn start(&mut self, unit: &str, run: &str) -> Done {
        if self.files.remove(&mark(run, unit)).is_none() {
            return Done::Already;
        }
        self.stopped = false;
        self.kicks += u32::from(self.files[Path::new(TEMPLATE)] != self.files[Path::new(CONF)]);
        Done::Done
    }
}

/// The file that says that the run stopped the unit.
fn mark(run: &str, unit: &str) -> PathBuf {
    node::run_directory(run).join(format!("stopped-{unit}"))
}
