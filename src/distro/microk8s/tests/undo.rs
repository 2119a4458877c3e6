//! A step carried out and taken back as the journal does it, on a machine of four files.

use std::collections::BTreeMap;

use super::*;
use crate::{node::Command, plan::Change};

#[derive(Clone, Debug, Eq, PartialEq)]
struct Files {
    held: BTreeMap<String, String>,
    addresses: render::Addresses,
}

impl Files {
    fn of(cluster: &Cluster) -> Self {
        let certs = "/var/snap/microk8s/current/certs/";
        let named = |(path, bytes): (&std::path::PathBuf, &Vec<u8>)| {
            let name = path.to_str()?.strip_prefix(certs)?.to_owned();
            Some((name, String::from_utf8(bytes.clone()).unwrap()))
        };
        let held: BTreeMap<_, _> = cluster.machine.files.iter().filter_map(named).collect();
        Self { held, addresses: addresses(&cluster.machine) }
    }

    /// Before anything happened a watched node has applied what its template renders to.
    fn applied(mut self) -> Self {
        self.run("refresh_csr_conf");
        self
    }

    fn run(&mut self, function: &str) {
        let rendered = render::render(&self.held["csr.conf.template"], &self.addresses);
        match function {
            "render_csr_conf" => drop(self.held.insert("csr.conf.rendered".into(), rendered)),
            "refresh_csr_conf" => {
                self.held.insert("csr.conf.rendered".into(), rendered.clone());
                self.held.insert("csr.conf".into(), rendered);
            }
            "gen_server_cert" => {
                self.held.insert("server.csr".into(), "another request".into());
                self.held.insert("server.crt".into(), format!("signed from {}", self.held["csr.conf"]));
            }
            other => panic!("{other} is no function"),
        }
    }

    fn call(&mut self, commands: &[Command]) {
        commands.iter().for_each(|command| self.run(command.args.last().unwrap()));
    }

    fn edit(&mut self, edit: &crate::edit::Edit) {
        let text = edit.make(&self.held["csr.conf.template"]).unwrap();
        self.held.insert("csr.conf.template".into(), text);
    }

    /// Makes the changes; what it returns is what they were, for the way back.
    fn carry_out(&mut self, step: &Step) -> Self {
        let before = self.clone();
        for change in &step.changes {
            match change {
                Change::Edit { edit, .. } => self.edit(edit),
                Change::Run { commands, .. } => self.call(commands),
                Change::EditObject { .. }
                | Change::Create { .. }
                | Change::Reissue(_)
                | Change::Replace(_) => panic!("{change}"),
            }
        }
        self.let_go(step);
        before
    }

    fn take_back(&mut self, step: &Step, before: &Self) {
        for change in step.changes.iter().rev() {
            match change {
                Change::Edit { edit, .. } => self.edit(&edit.inverse()),
                Change::Create { .. } => panic!("{change}"),
                Change::Run { rewrites, .. } => rewrites.iter().for_each(|path| {
                    let name = path.file_name().unwrap().to_str().unwrap();
                    self.held.insert(name.into(), before.held[name].clone());
                }),
                Change::EditObject { .. } | Change::Reissue(_) | Change::Replace(_) => panic!("{change}"),
            }
        }
        self.let_go(step);
    }

    fn let_go(&mut self, step: &Step) {
        for hold in &step.holds {
            let Hold::Unit { reconcile, same, .. } = hold else { panic!("{hold}") };
            self.call(reconcile);
            if let Some((left, right)) = same {
                let text = |path: &std::path::Path| &self.held[path.file_name().unwrap().to_str().unwrap()];
                assert_eq!(text(left), text(right));
            }
        }
    }

    /// Whether the kicker would find a difference in its next round.
    fn would_kick(&self) -> bool {
        self.held["csr.conf"] != render::render(&self.held["csr.conf.template"], &self.addresses)
    }
}

#[test]
fn the_kicker_finds_no_difference_in_either_direction() {
    let stopped = |machine: Machine| machine.without_unit("snap.microk8s.daemon-apiserver-kicker");
    for cluster in
        [Cluster::shipped(), Cluster::shipped().serving(&["172.22.22.3"]), Cluster::shipped().on(stopped)]
    {
        let step = cluster.step(&["172.22.22.3"]);
        let start = Files::of(&cluster).applied();
        let mut files = start.clone();

        let before = files.carry_out(&step);
        assert!(!files.would_kick());
        assert!(files.held["csr.conf"].contains("IP.101 = 172.22.22.3"));

        files.take_back(&step, &before);
        assert!(!files.would_kick());
        assert_eq!(files, start);
    }
}

#[test]
fn the_kicker_stays_quiet_when_the_addresses_changed_since() {
    let cluster = Cluster::shipped();
    let step = cluster.step(&["172.22.22.3"]);
    let mut files = Files::of(&cluster).applied();
    let before = files.carry_out(&step);
    files.addresses.all.push("172.22.22.4".into());

    files.take_back(&step, &before);

    assert!(!files.would_kick());
    assert_eq!(files.held["csr.conf.template"], before.held["csr.conf.template"]);
    assert_eq!(files.held["server.crt"], before.held["server.crt"]);
}

#[test]
fn a_node_that_nothing_watches_gets_every_file_back_byte_by_byte() {
    let pinned = fixture("args/kube-apiserver-advertised");
    let advertised =
        |machine: Machine| machine.with_file("/var/snap/microk8s/current/args/kube-apiserver", &pinned);
    for cluster in [
        Cluster::shipped().joined(),
        Cluster::shipped().joined().serving(&["172.22.22.3"]),
        Cluster::shipped().on(advertised),
    ] {
        let step = cluster.step(&["172.22.22.3"]);
        let start = Files::of(&cluster);
        let mut files = start.clone();

        let before = files.carry_out(&step);
        assert!(!files.would_kick());
        files.take_back(&step, &before);

        assert_eq!(files, start);
    }
}
