//! What a balancer among the machines does with its servers.

use std::{path::PathBuf, time::Duration};

use super::{Disk, Machine};
use crate::node::{self, Done, Drain, Error};

impl Machine {
    pub fn drain(&self, drain: Drain, disk: &mut Disk) -> Result<Done, Error> {
        let Drain { server, run, .. } = drain;
        let mark = mark(&run, &server);
        if !disk.files.contains_key(&mark) && matches!(&*disk.rotation[&server], "DRAIN" | "MAINT") {
            return Ok(Done::Already);
        }
        let others: Vec<_> =
            disk.rotation.iter().filter(|(other, state)| **other != server && *state != "UP").collect();
        if let Some((other, state)) = others.first() {
            let others = format!("{other} is {state}");
            return Err(Error::NotSpared { node: self.name.clone(), server, others });
        }
        disk.files.insert(mark, (0o600, vec![]));
        disk.timers.insert(server.clone());
        disk.rotation.insert(server, "DRAIN".into());
        Ok(Done::Done)
    }

    pub fn undrain(
        &self,
        server: String,
        run: &str,
        within: Option<Duration>,
        disk: &mut Disk,
    ) -> Result<Done, Error> {
        if disk.files.remove(&mark(run, &server)).is_some() && disk.rotation[&server] == "DRAIN" {
            disk.rotation.insert(server.clone(), disk.comes_back.clone().unwrap_or("UP".into()));
        }
        disk.timers.remove(&server);
        match disk.rotation[&server].as_str() {
            "DRAIN" | "MAINT" => Ok(Done::Already),
            state if state != "UP" && within.is_some() => {
                Err(Error::NotUp { node: self.name.clone(), server, state: state.into() })
            }
            _ => Ok(Done::Done),
        }
    }
}

/// The file that says that the run took the server out.
fn mark(run: &str, server: &str) -> PathBuf {
    node::run_directory(run).join(format!("back-{}", server.replace('/', "-")))
}
