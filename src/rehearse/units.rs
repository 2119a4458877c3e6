//! The units of a simulated machine, and the processes that they are.

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{disk, machine::Machine};
use crate::node::{LoadedUnit, ProcessSeen, UnitSeen};

const STARTS_WITHIN: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// Where an administrator puts the files of units.
const UNITS: &str = "/etc/systemd/system";

impl Machine {
    pub fn unit(&self, unit: &str) -> UnitSeen {
        match self.told(&unit_file(unit)) {
            None => UnitSeen::Missing,
            Some(pid) => pid.parse().map_or(UnitSeen::Inactive, |main_pid| UnitSeen::Active { main_pid }),
        }
    }

    /// Starts a unit as a new process, running or not, known or not.
    pub fn run_unit(&self, unit: &str) -> io::Result<()> {
        let pid = self.new_pid()?;
        self.note(&unit_file(unit), &pid.to_string())
    }

    /// Says what the unit's process is: a line of arguments, of which the first is the program.
    pub fn set_arguments(&self, unit: &str, line: &str) -> io::Result<()> {
        disk::make_directory(&self.state("arguments"))?;
        self.note(&format!("arguments/{unit}"), line)
    }

    pub(super) fn arguments(&self, unit: &str) -> Option<String> {
        self.told(&format!("arguments/{unit}"))
    }

    /// The processes of a program in the units that run, by the base name of the first argument.
    pub(super) fn processes(&self, program: &str) -> Vec<ProcessSeen> {
        let units = fs::read_dir(self.state("arguments")).into_iter().flatten().flatten();
        let process = |unit: String| {
            let UnitSeen::Active { main_pid } = self.unit(&unit) else { return None };
            let line = self.arguments(&unit)?;
            let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            let is_it = Path::new(arguments.first()?).file_name()? == program;
            is_it.then(|| ProcessSeen {
                pid: main_pid,
                group: format!("/system.slice/{unit}.service"),
                arguments,
            })
        };
        units.filter_map(|entry| process(entry.file_name().into_string().ok()?)).collect()
    }

    /// The units of a pattern such as `k3s*.service` whose files lie where an administrator puts them.
    pub(super) fn units(&self, pattern: &str) -> io::Result<Vec<LoadedUnit>> {
        let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
        let mut units = vec![];
        for entry in fs::read_dir(self.path(Path::new(UNITS))?).into_iter().flatten() {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(start) && name.ends_with(end) {
                let text = fs::read_to_string(self.path(&Path::new(UNITS).join(&name))?)?;
                units.push(LoadedUnit { state: self.unit(&name), name, text });
            }
        }
        units.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(units)
    }

    /// What a service of type `notify` tells systemd.
    pub(super) fn tell_ready(&self, main_pid: u32) -> io::Result<()> {
        self.note("ready", &main_pid.to_string())
    }

    /// What is left of that once its process has ended.
    pub(super) fn tell_silent(&self) -> io::Result<()> {
        self.forget("ready")
    }

    /// Waits for it, as starting such a service does.
    pub(super) fn await_ready(&self, unit: &str) -> io::Result<()> {
        let is_ready = || matches!(self.unit(unit), UnitSeen::Active { main_pid } if self.number("ready") == Some(main_pid));
        awaited(is_ready)
    }

    /// Waits until the API server that was stopped has ended, as stopping its unit does.
    pub(super) fn await_silence(&self) -> io::Result<()> {
        awaited(|| self.number("ready").is_none())
    }

    pub fn stop_unit(&self, unit: &str) -> io::Result<()> {
        self.note(&unit_file(unit), "")
    }
}

fn awaited(is_so: impl Fn() -> bool) -> io::Result<()> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > STARTS_WITHIN {
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// systemd takes a service's name with its ending and without.
fn unit_file(unit: &str) -> String {
    format!("units/{}", unit.strip_suffix(".service").unwrap_or(unit))
}
