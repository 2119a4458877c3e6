//! The servers of a simulated balancer: who is in rotation, and how many connections each has.

use std::{io, net::SocketAddr, path::PathBuf};

use super::{machine::Machine, node::SimulatedNode};
use crate::node::{Done, Drain, Error, run_directory};

/// The only backend.
pub const BACKEND: &str = "kube_api";

/// One server as it is noted: its name, its address and one of `ready`, `unchecked`, `drain`, `maint` and `down`.
struct Noted {
    name: String,
    address: SocketAddr,
    state: String,
}

impl Noted {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ').map(str::to_owned);
        let (name, address, state) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        Some(Self { name, address, state })
    }

    /// Whether new connections may go there.
    fn is_up(&self) -> bool {
        matches!(self.state.as_str(), "ready" | "unchecked")
    }

    /// Its status and its administrative state, as HAProxy tells them.
    fn status(&self) -> (&'static str, u8) {
        match self.state.as_str() {
            "drain" => ("DRAIN", 8),
            "maint" => ("MAINT", 1),
            "down" => ("DOWN", 0),
            "unchecked" => ("no check", 0),
            _ => ("UP", 0),
        }
    }
}

impl Machine {
    /// Makes the machine a balancer in front of these servers, all of them ready.
    pub(super) fn balance(&self, servers: &[(&str, SocketAddr)]) -> io::Result<()> {
        let lines = servers.iter().map(|(name, address)| format!("{name} {address} ready\n"));
        self.note("haproxy", &lines.collect::<String>())
    }

    /// What a balancer does with a server: `ready`, `unchecked`, `drain`, `maint` or `down`.
    pub fn server_state(&self, name: &str) -> Option<String> {
        self.noted().into_iter().find(|server| server.name == name).map(|server| server.state)
    }

    pub fn set_server_state(&self, name: &str, state: &str) -> io::Result<()> {
        let line = |server: Noted| {
            let state = if server.name == name { state } else { &server.state };
            format!("{} {} {state}\n", server.name, server.address)
        };
        self.note("haproxy", &self.noted().into_iter().map(line).collect::<String>())
    }

    /// Whether new connections may go there.
    pub(super) fn is_in_rotation(&self, address: SocketAddr) -> bool {
        self.noted().iter().any(|server| server.address == address && server.is_up())
    }

    pub(super) fn note_sessions(&self, address: SocketAddr, count: u32) -> io::Result<()> {
        self.note(&sessions(address), &count.to_string())
    }

    /// What HAProxy's admin socket says of its servers; `None` where the machine balances nothing.
    pub(super) fn balancer_said(&self) -> Option<String> {
        self.told("haproxy")?;
        let servers = self.noted();
        let state = servers.iter().enumerate().map(|(number, server)| {
            let (name, ip, port, (_, admin)) =
                (&server.name, server.address.ip(), server.address.port(), server.status());
            format!("3 {BACKEND} {number} {name} {ip} 2 {admin} 1 1 0 6 3 7 6 0 0 0 - {port}\n")
        });
        let stat = servers.iter().map(|server| {
            format!("{BACKEND},{},0,0,0,0,,0,0,0,,0,,0,0,0,0,{}\n", server.name, server.status().0)
        });
        Some(format!(
            "1\n# be_id be_name\n{}\n# pxname,svname\n{}",
            state.collect::<String>(),
            stat.collect::<String>()
        ))
    }

    fn noted(&self) -> Vec<Noted> {
        self.told("haproxy").unwrap_or_default().lines().filter_map(Noted::read).collect()
    }
}

impl SimulatedNode {
    pub(super) fn drain(&self, drain: &Drain) -> Result<Done, Error> {
        let servers = self.machine.noted();
        let name = drain.server.trim_start_matches(BACKEND).trim_start_matches('/');
        let (ours, others): (Vec<_>, Vec<_>) = servers.iter().partition(|server| server.name == name);
        let deed = format!("drain {}", drain.server);
        let Some(ours) = ours.first() else { return Err(self.cannot(deed)(io::ErrorKind::NotFound.into())) };
        let mark = mark(&drain.run, name);
        if self.read(&mark)?.is_none() && ours.status().1 != 0 {
            return Ok(Done::Already);
        }
        let down: Vec<_> = others
            .iter()
            .filter(|server| !server.is_up())
            .map(|server| format!("{BACKEND}/{} is {}", server.name, server.status().0))
            .collect();
        if !down.is_empty() || others.is_empty() {
            let others =
                if others.is_empty() { format!("{BACKEND} has no other server") } else { down.join(", ") };
            return Err(Error::NotSpared { node: self.name.clone(), server: drain.server.clone(), others });
        }
        self.make_directory(&run_directory(&drain.run))?;
        self.create_new(&mark, b"", 0o600)?;
        self.machine.set_server_state(name, "drain").map_err(self.cannot(deed))?;
        let begun = std::time::Instant::now();
        while self.machine.number(&sessions(ours.address)).unwrap_or(0) > 0 && begun.elapsed() < drain.rest {
            std::thread::sleep(super::acts::LOOK_AGAIN);
        }
        Ok(Done::Done)
    }

    pub(super) fn undrain(&self, server: &str, run: &str) -> Result<Done, Error> {
        let name = server.trim_start_matches(BACKEND).trim_start_matches('/');
        let mark = mark(run, name);
        if self.read(&mark)?.is_some() {
            if self.machine.server_state(name).as_deref() == Some("drain") {
                let put_back = self.machine.set_server_state(name, "ready");
                put_back.map_err(self.cannot(format!("put {server} back")))?;
            }
            self.remove(&mark)?;
        }
        let is_out = matches!(self.machine.server_state(name).as_deref(), Some("drain" | "maint"));
        Ok(if is_out { Done::Already } else { Done::Done })
    }
}

fn sessions(address: SocketAddr) -> String {
    format!("sessions-{}", address.port())
}

/// The file that says that the run took the server out.
fn mark(run: &str, name: &str) -> PathBuf {
    run_directory(run).join(format!("back-{BACKEND}-{name}"))
}
