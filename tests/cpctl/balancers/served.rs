//! Real balancers in front of three servers, from what was written for them.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
};

use super::{
    super::{
        programs::{Network, Programs, Running},
        wait::until,
    },
    Office,
    api::{ApiServer, Authority, answering},
};

/// Three servers and what stands in front of them.
struct Front {
    programs: Programs,
    authority: Authority,
    servers: Vec<ApiServer>,
    address: SocketAddr,
    /// Where HAProxy tells how it is.
    status: SocketAddr,
}

impl Front {
    fn of(kind: &str) -> Option<Self> {
        let programs = Programs::of_the_lab(&format!("{kind} in front of servers"))?;
        let authority = Authority::new();
        let servers: Vec<_> =
            ["cp1", "cp2", "cp3"].map(|name| ApiServer::start(name, &authority)).into_iter().collect();
        let (address, status) = (free(9), free(1));
        let front = Self { programs, authority, servers, address, status };
        front.lay_out(kind);
        Some(front)
    }

    fn lay_out(&self, kind: &str) {
        let mut inventory = format!("endpoint: {}\nvrid: 52\nnodes:\n", self.address);
        for (number, server) in self.servers.iter().enumerate() {
            let name = number + 1;
            inventory +=
                &format!("  - {{name: cp{name}, api: \"{}\", distribution: kubeadm}}\n", server.address);
        }
        inventory += "balancers:\n  - {name: lb1, host: 10.0.0.1, interface: eth0}\n  - {name: lb2, host: 10.0.0.2, interface: eth0}\n";
        let office = Office::new(&inventory);
        for words in [&[kind][..], &["keepalived", "--proxy", kind]] {
            let ran = office.render(&[words, &["-o", "json"]].concat()).exits(0);
            let read: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
            for file in read["files"].as_array().unwrap() {
                let text = file["text"].as_str().unwrap().replace("127.0.0.1:8404", &self.status.to_string());
                let mode = u32::from_str_radix(file["mode"].as_str().unwrap(), 8).unwrap();
                self.programs.put(file["path"].as_str().unwrap(), mode, &text);
            }
        }
        let ca = format!("/etc/{kind}/kubernetes-ca.crt");
        self.programs.put(&ca, 0o644, &self.authority.certificate());
    }

    fn answering(&self) -> Option<String> {
        answering(self.address, &self.authority)
    }

    /// Who answers, out of as many connections as show everybody who does.
    fn all_answering(&self) -> BTreeSet<String> {
        (0..12).map(|_| self.answering().unwrap_or_else(|| "nobody".into())).collect()
    }

    fn script(&self, name: &str) -> i32 {
        self.programs.run(Network::Shared, &[&format!("/usr/local/sbin/chk_lb_{name}.sh")]).code
    }

    fn is(&self, server: &str, state: &str) -> bool {
        let metrics = http(self.status, "/metrics").unwrap_or_default();
        metrics.lines().any(|line| {
            let is_meant =
                ["haproxy_server_status{", "proxy=\"kube_api_nodes\""].iter().all(|part| line.contains(part));
            is_meant
                && line.contains(&format!("server=\"{server}\""))
                && line.contains(&format!("state=\"{state}\""))
                && line.ends_with(" 1")
        })
    }

    fn haproxy(&self) -> Running {
        let running = self.programs.start(&["haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg"]);
        until("every server is up", || ["cp1", "cp2", "cp3"].iter().all(|server| self.is(server, "UP")));
        running
    }
}

/// An address of loopback's own network at a port that nobody has.
fn free(last: u8) -> SocketAddr {
    let address = SocketAddr::from(([127, 0, 0, last], 0));
    TcpListener::bind(address).unwrap().local_addr().unwrap()
}

fn http(at: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(at).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    Some(text)
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn haproxy_leads_nobody_to_a_server_that_says_it_is_not_ready() {
    let Some(front) = Front::of("haproxy") else { return };
    let _running = front.haproxy();
    let all = front.all_answering();

    front.servers[1].says(500);
    until("the server is out", || front.is("cp2", "DOWN"));
    let without = front.all_answering();
    front.servers[1].says(200);
    until("the server is back", || front.is("cp2", "UP"));
    let again = front.all_answering();

    assert_eq!((all, without), (names(&["cp1", "cp2", "cp3"]), names(&["cp1", "cp3"])));
    assert_eq!(again, names(&["cp1", "cp2", "cp3"]));
}

#[test]
fn haproxy_takes_the_next_server_where_one_refuses() {
    let Some(mut front) = Front::of("haproxy") else { return };
    let _running = front.haproxy();

    drop(front.servers.remove(1));
    let after = front.all_answering();

    assert_eq!(after, names(&["cp1", "cp3"]));
}

#[test]
fn the_scripts_behind_haproxy_tell_no_server_from_no_haproxy() {
    let Some(front) = Front::of("haproxy") else { return };
    let running = front.haproxy();
    let well = [front.script("alive"), front.script("backends")];

    front.servers.iter().for_each(|server| server.says(500));
    until("no server is up", || ["cp1", "cp2", "cp3"].iter().all(|server| front.is(server, "DOWN")));
    let without_servers = (front.script("alive"), front.script("backends") == 0);
    drop(running);
    let without_haproxy = [front.script("alive"), front.script("backends")].map(|code| code == 0);

    assert_eq!((well, without_servers, without_haproxy), ([0, 0], (0, false), [false, false]));
}

#[test]
fn nginx_leads_to_all_servers_and_past_one_that_refuses() {
    let Some(mut front) = Front::of("nginx") else { return };
    let _running = front.programs.start(&["nginx", "-g", "daemon off;"]);
    until("NGINX answers", || front.answering().is_some());
    let all = front.all_answering();

    drop(front.servers.remove(1));
    let without = front.all_answering();

    assert_eq!((all, without), (names(&["cp1", "cp2", "cp3"]), names(&["cp1", "cp3"])));
}

#[test]
fn the_scripts_behind_nginx_tell_no_server_from_no_nginx() {
    let Some(front) = Front::of("nginx") else { return };
    let running = front.programs.start(&["nginx", "-g", "daemon off;"]);
    until("NGINX answers", || front.answering().is_some());
    let well = [front.script("alive"), front.script("backends")];

    front.servers.iter().for_each(|server| server.says(500));
    let without_servers = (front.script("alive"), front.script("backends") == 0);
    drop(running);
    let without_nginx = [front.script("alive"), front.script("backends")].map(|code| code == 0);

    assert_eq!((well, without_servers, without_nginx), ([0, 0], (0, false), [false, false]));
}
