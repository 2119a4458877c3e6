//! What is written for which cluster, and what is asked for where something is missing.

use super::*;

mod errors;
mod files;
mod groups;

/// Three servers behind two machines.
fn wanted(distribution: &str) -> Wanted {
    let server = |number: u8| Server {
        name: format!("cp{number}"),
        host: format!("10.0.0.1{number}"),
        api: None,
        distribution: Some(distribution.to_owned()),
    };
    let machine = |number: u8| Machine {
        name: format!("lb{number}"),
        host: format!("10.0.0.{number}"),
        interface: Some("eth0".into()),
        priority: None,
        socket: "/run/haproxy/admin.sock".into(),
        backend: None,
    };
    Wanted {
        inventory: "cpctl.yaml".into(),
        endpoint: Some("10.0.0.3:6443".parse().unwrap()),
        vip: Some("10.0.0.3/24".parse().unwrap()),
        vrid: Some(52),
        servers: (1..=3).map(server).collect(),
        machines: (1..=2).map(machine).collect(),
        interface: None,
        distribution: None,
        anonymous: None,
        proxy: Proxy::Haproxy,
        gate: Gate::Open,
        ca_file: None,
        check_cert: None,
    }
}

/// The text of the first file.
fn text(kind: Kind, wanted: &Wanted) -> String {
    render(kind, wanted).unwrap().remove(0).text
}

/// The lines that hold a word, without the blanks around them.
fn lines<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    text.lines().map(str::trim).filter(|line| line.contains(word) && !line.starts_with('#')).collect()
}
