//! A machine with a socket that answers as HAProxy does.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixListener,
    sync::{Arc, Mutex},
};

use super::super::*;
use crate::node::Drain;

pub const SYSTEMD: &str = r#"#!/bin/sh
echo "$(basename "$0") $*" >>"$(dirname "$0")/told"
"#;

/// A server's administrative state, its status while nobody takes it out, and its connections.
pub type Server = (u32, &'static str, u32);

/// A balancer with HAProxy's words and a machine around it.
pub struct Balancer {
    pub machine: Machine,
    pub servers: Arc<Mutex<BTreeMap<&'static str, Server>>>,
}

impl Balancer {
    pub fn new(shell: &'static str) -> Self {
        let machine = Machine::new(shell);
        machine.program("systemd-run", SYSTEMD);
        machine.program("systemctl", SYSTEMD);
        let servers: BTreeMap<_, Server> = [("n1", (0, "UP", 0)), ("n2", (0, "UP", 7))].into();
        let servers = Arc::new(Mutex::new(servers));
        let listener = UnixListener::bind(machine.at("admin.sock")).unwrap();
        let shared = Arc::clone(&servers);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                BufReader::new(&stream).read_line(&mut line).unwrap();
                stream.write_all(answer(line.trim(), &mut shared.lock().unwrap()).as_bytes()).unwrap();
            }
        });
        Self { machine, servers }
    }

    /// The same where only one of the programs is found that could speak.
    pub fn speaking(program: Option<&str>) -> Option<Self> {
        let mut balancer = Self::new("sh");
        let bin = balancer.machine.at("only");
        fs::create_dir(&bin).unwrap();
        let needed =
            "sh cat sync mktemp rm mkdir mv wc head date stat dirname basename sha256sum flock cut sleep env";
        for name in needed.split(' ').chain(program) {
            let path = Places::default().path;
            let mut places = path.split(':').map(|directory| Path::new(directory).join(name));
            symlink(places.find(|place| place.exists())?, bin.join(name)).unwrap();
        }
        balancer.machine.node.places.path =
            format!("{}:{}", balancer.machine.at("bin").display(), bin.display());
        Some(balancer)
    }

    pub fn drain(&mut self) -> Result<Done, node::Error> {
        let drain = Drain {
            socket: self.machine.at("admin.sock"),
            server: "api/n1".into(),
            run: "r1".into(),
            rest: Duration::ZERO,
            back_after: Duration::from_secs(300),
        };
        self.machine.one(Act::Drain(drain))
    }

    pub fn undrain(&mut self, within: Option<Duration>) -> Result<Done, node::Error> {
        let (socket, server) = (self.machine.at("admin.sock"), "api/n1".into());
        self.machine.one(Act::Undrain { socket, server, run: "r1".into(), within })
    }

    pub fn state(&self) -> u32 {
        self.servers.lock().unwrap()["n1"].0
    }

    pub fn set(&self, name: &'static str, server: Server) {
        self.servers.lock().unwrap().insert(name, server);
    }

    pub fn order(&self) -> PathBuf {
        self.machine.at("state/runs/r1/back-3-api-n1")
    }

    pub fn told(&self) -> String {
        fs::read_to_string(self.machine.at("bin/told")).unwrap_or_default()
    }
}

fn answer(line: &str, servers: &mut BTreeMap<&'static str, Server>) -> String {
    let words: Vec<_> = line.split(' ').collect();
    match words.as_slice() {
        ["show", "cli", "level"] => "admin\n\n".into(),
        ["show", "servers", "state", ..] => {
            let line = |(name, (admin, ..)): (&&str, &Server)| {
                format!("3 api 1 {name} 10.0.0.1 2 {admin} 1 1 3 6 3 4 6 0 0 0 - 6443 - 0 0 - - 0\n")
            };
            format!("1\n# be_id be_name\n{}\n", servers.iter().map(line).collect::<String>())
        }
        ["show", "stat"] => {
            let line = |(name, (admin, status, sessions)): (&&str, &Server)| {
                let status = ["DRAIN", status][usize::from(*admin == 0 || *status != "UP")];
                let status = if admin & 1 == 1 { "MAINT" } else { status };
                format!("api,{name},0,0,{sessions},0,,0,0,0,,0,,0,0,0,0,{status},1,1,0\n")
            };
            let lines = servers.iter().map(line).collect::<String>();
            format!(
                "# pxname,svname\napi,FRONTEND,,,0,0,9984,0,0,0,0,0,0,,,,,OPEN,,\n{lines}api,BACKEND,0,0,0,0,9,0,0,0,0,0,,0,0,0,0,UP,2\n\n"
            )
        }
        ["set", "server", server, "state", state] => {
            let Some(found) = server.strip_prefix("api/").and_then(|name| servers.get_mut(name)) else {
                return "No such server.\n\n".into();
            };
            found.0 = match *state {
                "drain" => found.0 | 8,
                "maint" => found.0 | 1,
                _ => 0,
            };
            "\n".into()
        }
        _ => "Unknown command.\n\n".into(),
    }
}
