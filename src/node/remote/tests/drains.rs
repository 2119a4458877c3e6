//! Servers drained and put back through a socket that answers as HAProxy does, with each program that can speak to one.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixListener,
    sync::{Arc, Mutex},
};

use super::*;
use crate::node::Drain;

const SYSTEMD: &str = r#"#!/bin/sh
echo "$(basename "$0") $*" >>"$(dirname "$0")/told"
"#;

/// A server's administrative state, its status while nobody takes it out, and its connections.
type Server = (u32, &'static str, u32);

/// A balancer with HAProxy's words and a machine around it.
struct Balancer {
    machine: Machine,
    servers: Arc<Mutex<BTreeMap<&'static str, Server>>>,
}

impl Balancer {
    fn new(shell: &'static str) -> Self {
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
    fn speaking(program: Option<&str>) -> Option<Self> {
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

    fn drain(&mut self) -> Result<Done, node::Error> {
        let drain = Drain {
            socket: self.machine.at("admin.sock"),
            server: "api/n1".into(),
            run: "r1".into(),
            rest: Duration::ZERO,
            back_after: Duration::from_secs(300),
        };
        self.machine.one(Act::Drain(drain))
    }

    fn undrain(&mut self, within: Option<Duration>) -> Result<Done, node::Error> {
        let (socket, server) = (self.machine.at("admin.sock"), "api/n1".into());
        self.machine.one(Act::Undrain { socket, server, run: "r1".into(), within })
    }

    fn state(&self) -> u32 {
        self.servers.lock().unwrap()["n1"].0
    }

    fn set(&self, name: &'static str, server: Server) {
        self.servers.lock().unwrap().insert(name, server);
    }

    fn order(&self) -> PathBuf {
        self.machine.at("state/runs/r1/back-api-n1")
    }

    fn told(&self) -> String {
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

#[test]
fn a_server_is_drained_with_an_order_to_put_it_back_and_put_back_with_the_order_gone() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);

        let drained = balancer.drain().unwrap();
        let (state, order) = (balancer.state(), balancer.order());
        assert!(order.exists());
        let again = balancer.drain().unwrap();
        let back = balancer.undrain(Some(Duration::ZERO)).unwrap();
        let told = balancer.told();
        let once_more = balancer.undrain(Some(Duration::ZERO)).unwrap();

        assert!([drained, again, back, once_more].iter().all(|done| *done == Done::Done), "{shell}");
        assert_eq!((state, balancer.state(), order.exists()), (8, 0, false));
        let socket = balancer.machine.at("admin.sock");
        let armed = format!(
            "systemd-run --quiet --collect --unit=cpctl-r1-api-n1 --on-active=300 \
             --timer-property=AccuracySec=1s /bin/sh {} {} api/n1\n",
            order.display(),
            socket.display()
        );
        let stop = "systemctl stop cpctl-r1-api-n1.timer\n";
        assert_eq!(told, [stop, &armed, stop, &armed, stop].concat());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "systemd runs the order")]
fn the_order_puts_the_server_back_by_itself() {
    for shell in shells() {
        for (state, after) in [(8, 0), (9, 9)] {
            let mut balancer = Balancer::new(shell);
            balancer.drain().unwrap();
            balancer.set("n1", (state, "UP", 0));
            let told = balancer.told();
            let words: Vec<_> = told.lines().last().unwrap().split(' ').collect();
            let order = &words[words.len() - 4..];

            let ran = Command::new(order[0]).args(&order[1..]).output().unwrap();

            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            assert_eq!((balancer.state(), balancer.order().exists()), (after, false), "{shell}");
        }
    }
}

#[test]
fn what_somebody_else_took_out_is_neither_drained_nor_put_back() {
    for shell in shells() {
        for theirs in [1, 8, 9] {
            let mut balancer = Balancer::new(shell);
            balancer.set("n1", (theirs, "UP", 0));

            let drained = balancer.drain().unwrap();
            let back = balancer.undrain(Some(Duration::ZERO)).unwrap();

            assert!(drained == Done::Already && back == Done::Already, "{shell}");
            assert_eq!((balancer.state(), balancer.order().exists()), (theirs, false));
            assert!(!balancer.told().contains("systemd-run"));
        }
    }
}

#[test]
fn a_server_in_maintenance_by_another_hand_since_stays_there() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);
        balancer.drain().unwrap();
        balancer.set("n1", (9, "UP", 0));

        let back = balancer.undrain(Some(Duration::ZERO)).unwrap();

        assert!(back == Done::Already, "{shell}");
        assert_eq!((balancer.state(), balancer.order().exists()), (9, false));
    }
}

#[test]
fn the_last_server_is_not_drained() {
    for shell in shells() {
        for (other, why) in
            [("DOWN", "api/n2 is DOWN"), ("UP 1/2", "api/n2 is UP 1/2"), ("", "api has no other server")]
        {
            let mut balancer = Balancer::new(shell);
            match other {
                "" => drop(balancer.servers.lock().unwrap().remove("n2")),
                other => balancer.set("n2", (0, other, 0)),
            }

            let error = balancer.drain().unwrap_err();

            assert_eq!(error.to_string(), format!("cp1: api/n1 cannot be spared: {why}"), "{shell}");
            assert_eq!((balancer.state(), balancer.order().exists()), (0, false));
        }
    }
}

#[test]
fn a_server_that_is_not_up_again_is_told_unless_nobody_expects_it() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);
        balancer.drain().unwrap();
        balancer.set("n1", (8, "DOWN", 0));

        let error = balancer.undrain(Some(Duration::ZERO)).unwrap_err();
        let unseen = balancer.undrain(None).unwrap();

        assert_eq!(error.to_string(), "cp1: api/n1 is back and not up: it is DOWN", "{shell}");
        assert!(unseen == Done::Done);
        assert_eq!((balancer.state(), balancer.order().exists()), (0, false));
    }
}

#[test]
fn a_drain_waits_for_the_connections_to_end() {
    let mut balancer = Balancer::new("sh");
    balancer.set("n1", (0, "UP", 1));
    let servers = Arc::clone(&balancer.servers);
    let ending = std::thread::spawn(move || {
        while servers.lock().unwrap()["n1"].0 == 0 {
            std::thread::yield_now();
        }
        servers.lock().unwrap().get_mut("n1").unwrap().2 = 0;
    });
    let socket = balancer.machine.at("admin.sock");
    let (server, run) = ("api/n1".to_owned(), "r1".to_owned());
    let rest = Duration::from_secs(600);

    let drained = balancer.machine.one(Act::Drain(Drain { socket, server, run, rest, back_after: rest }));

    ending.join().unwrap();
    assert!(drained.unwrap() == Done::Done);
    assert_eq!(balancer.servers.lock().unwrap()["n1"].2, 0);
}

#[test]
fn a_server_that_haproxy_does_not_know_is_an_error() {
    let mut balancer = Balancer::new("sh");
    balancer.servers.lock().unwrap().remove("n1");

    let error = balancer.drain().unwrap_err();

    let node::Error::Deed { deed, source, .. } = &error else { panic!("{error:?}") };
    assert_eq!((deed.as_str(), &*source.to_string()), ("drain api/n1", "HAProxy does not know api/n1"));
}

#[test]
fn a_server_with_a_name_that_is_none_is_not_even_sent() {
    for server in ["api", "api/n1; rm", "/n1", "api/", "api/n1/n2", "$(x)/y"] {
        let mut balancer = Balancer::new("sh");
        let (socket, run) = (balancer.machine.at("admin.sock"), "r1".to_owned());

        let act = Act::Undrain { socket, server: server.into(), run, within: None };

        assert!(balancer.machine.one(act).is_err(), "{server}");
        assert_eq!(balancer.told(), "");
    }
}

#[test]
fn every_program_that_can_speak_to_a_socket_does() {
    for program in ["socat", "perl", "python3"] {
        let Some(mut balancer) = Balancer::speaking(Some(program)) else {
            left_out(&format!("HAProxy's socket with {program}, because there is no {program}"));
            continue;
        };

        let answers =
            balancer.machine.node.look(&[Ask::Balancer(balancer.machine.at("admin.sock"))]).unwrap();
        let drained = balancer.drain().unwrap();

        let [Answer::Said(said)] = answers.as_slice() else { panic!("{program}: {answers:?}") };
        assert!(said.contains("3 api 1 n1 10.0.0.1") && said.contains("api,n2,0,0,7"), "{program}: {said}");
        assert!(drained == Done::Done && balancer.state() == 8, "{program}");
    }
}

#[test]
fn a_balancer_that_cannot_be_asked_says_why() {
    for shell in shells() {
        let machine = Machine::new(shell);
        let socket = machine.at("admin.sock");

        let absent = machine.node.look(&[Ask::Balancer(socket.clone())]).unwrap();
        drop(UnixListener::bind(&socket).unwrap());
        machine.program("systemd-run", SYSTEMD);
        let silent = machine.node.look(&[Ask::Balancer(socket)]).unwrap_err();

        assert_eq!(absent, [Answer::Absent], "{shell}");
        let node::Error::Deed { source, .. } = &silent else { panic!("{silent:?}") };
        assert!(source.to_string().to_lowercase().contains("refused"), "{source}");
    }
}

#[test]
fn a_machine_with_nothing_that_speaks_to_a_socket_says_what_to_install() {
    let Some(balancer) = Balancer::speaking(None) else { panic!("the programs of every machine are there") };

    let answers = balancer.machine.node.look(&[Ask::Balancer(balancer.machine.at("admin.sock"))]).unwrap();

    let why = "nothing there can speak to HAProxy: install socat";
    assert_eq!(answers, [Answer::No(why.into())]);
}
