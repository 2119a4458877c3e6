//! Agents: where each is led to its servers, and what leads it elsewhere.

use rcgen::{CertificateParams, DnType, KeyPair};

use super::*;
use crate::{
    distro::{Found, Move, Place, Reference, Role, plan_move},
    plan::Listener,
    report::Code,
};

const ENV: &str = "/etc/systemd/system/k3s-agent.service.env";
const UNIT: &str = "/etc/systemd/system/k3s-agent.service";
const MEMORY: &str = "/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json";
const TEXT: &str = "K3S_TOKEN='K10secret'\nK3S_URL='https://10.0.3.2:6443'\n";

/// One as the install script makes it.
fn agent() -> Server {
    let server = Server::started_by("k3s-agent", "units/agent.service", "/usr/local/bin/k3s", "1.34.2");
    let ca = pem(&server.authority.cert);
    server.with_file(ENV, TEXT).with_file("/var/lib/rancher/k3s/agent/server-ca.crt", &ca)
}

fn command_line(server: Server, words: &str) -> Server {
    let text = fixture("units/agent.service").replace("    agent \\\n", &format!("    agent {words} \\\n"));
    let file = text.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    let mut server = server.with_file(UNIT, &file);
    server.machine.units.insert("k3s-agent.service".into(), text);
    server
}

fn wanted() -> Move {
    Move { from: vec!["10.0.3.2:6443".parse().unwrap()], to: "10.0.3.100:6443".parse().unwrap() }
}

fn reference(server: &Server) -> Reference {
    let mut references = server.observe().references();
    assert_eq!(references.len(), 1, "{references:?}");
    references.remove(0)
}

fn moved(server: &Server) -> Option<Step> {
    let references = server.observe().references();
    let found = Found { node: "w1".into(), known_as: Some("w1".into()), references };
    plan_move(&[found], &wanted()).map(|mut moved| moved.steps.pop()).unwrap()
}

fn refusals(server: &Server) -> Vec<Finding> {
    server.observe().findings_of_move(&wanted(), now())
}

#[test]
fn a_variable_of_the_install_script_is_led_elsewhere_and_the_agent_restarted() {
    let step = moved(&agent()).unwrap();

    insta::assert_snapshot!(told(&step));
    assert_eq!(agent().observe().role(), Role::Worker);
}

#[test]
fn nothing_else_of_the_file_changes_and_undo_brings_every_byte_back() {
    let step = moved(&agent()).unwrap();

    let after = agent().after(&step);

    assert_eq!(after.text(ENV), TEXT.replace("10.0.3.2", "10.0.3.100"));
    assert!(moved(&after).is_none(), "it leads there already");
    assert_eq!(after.back(&step).text(ENV), TEXT);
}

#[test]
fn neither_the_plan_nor_a_finding_tells_the_token() {
    let step = moved(&agent()).unwrap();

    let plan = serde_json::to_string(&step).unwrap();

    assert!(plan.contains("10.0.3.100") && !plan.contains("secret"), "{plan}");
    assert!(!format!("{:?}", agent().observe().references()).contains("secret"));
}

#[test]
fn a_flag_counts_before_the_files_and_those_before_a_variable() {
    let variable = || agent();
    let file = || variable().config("token: x\nserver: https://10.0.3.2:6443\n");
    let drop_in = || file().drop_in("10-site.yaml", "server: \"https://10.0.3.2:6443\"\n");
    let flag = || command_line(drop_in(), "--server https://10.0.3.2:6443");

    for (server, path) in [
        (variable(), ENV),
        (file(), CONFIG),
        (drop_in(), "/etc/rancher/k3s/config.yaml.d/10-site.yaml"),
        (flag(), UNIT),
    ] {
        assert_eq!(reference(&server).place, Place::File(path.into()));
        let step = moved(&server).unwrap();
        assert!(moved(&server.after(&step)).is_none(), "{path}");
    }
}

#[test]
fn every_spelling_of_a_flag_is_moved_where_it_stands() {
    for words in
        ["--server https://10.0.3.2:6443", "--server=https://10.0.3.2:6443", "-s https://10.0.3.2:6443"]
    {
        let server = command_line(agent(), words);

        let step = moved(&server).unwrap();

        let Change::Edit { path, .. } = &step.changes[0] else { panic!("{step:?}") };
        let text = server.after(&step).text(path.to_str().unwrap());
        assert!(text.contains(&words.replace("10.0.3.2", "10.0.3.100")), "{text}");
    }
}

#[test]
fn a_flag_of_a_drop_in_is_found_in_the_drop_in() {
    let drop_in = "/etc/systemd/system/k3s-agent.service.d/site.conf";
    let text = "[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s agent --server https://10.0.3.2:6443\n";
    let mut server = agent().with_file(drop_in, text);
    let cat = format!("{}\n# {drop_in}\n{text}", fixture("units/agent.service"));
    server.machine.units.insert("k3s-agent.service".into(), cat);

    assert_eq!(reference(&server).place, Place::File(drop_in.into()));
}

#[test]
fn an_address_that_stands_in_no_file_of_its_own_is_refused_with_where_it_comes_from() {
    let server = command_line(agent(), "$WAY").with_file(ENV, "WAY='--server https://10.0.3.2:6443'\n");

    let refusals = refusals(&server);

    assert_eq!(ids(&refusals), ["reference-uneditable"]);
    assert!(refusals[0].remedy.as_ref().unwrap().contains("systemctl cat k3s-agent"), "{refusals:?}");
    assert!(server.observe().references().is_empty());
}

#[test]
fn an_agent_that_tells_no_server_is_refused() {
    let elsewhere = agent().with_file(ENV, "K3S_CONFIG_FILE=https://config.example.com/k3s\n");
    let nonsense = agent().with_file(ENV, "").config("server: [\n");

    for server in [elsewhere, nonsense] {
        assert_eq!(ids(&refusals(&server)), ["reference-uneditable"]);
        assert!(server.observe().references().is_empty());
    }
}

#[test]
fn what_stands_in_the_way_of_a_move_is_told_of_an_agent() {
    let locked = agent().with_file("/var/lib/cpctl/lock", "{}");
    let stopped = agent().on(|machine| machine.without_unit("k3s-agent"));
    let full = agent().on(|machine| crate::distro::tests::machine::Machine { space: (0, 0), ..machine });

    assert_eq!(ids(&refusals(&agent())), Vec::<&str>::new());
    assert_eq!(ids(&refusals(&locked)), ["node-locked"]);
    assert_eq!(ids(&refusals(&stopped)), ["service-stopped"]);
    assert_eq!(ids(&refusals(&full)), ["disk-full", "disk-full"]);
}

#[test]
fn what_the_balancer_learned_from_the_old_address_is_told_to_be_forgotten() {
    let memory =
        r#"{"ServerURL": "https://10.0.3.2:6443", "ServerAddresses": ["10.0.3.2:6443", "10.0.3.7:6443"]}"#;

    let notes = reference(&agent().with_file(MEMORY, memory)).notes;

    assert_eq!(notes.len(), reference(&agent()).notes.len() + 1);
    assert!(notes.iter().any(|note| note.contains("forgets the 2 servers")), "{notes:?}");
}

#[test]
fn the_node_is_called_what_the_kubelets_certificate_says() {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::OrganizationName, "system:nodes");
    params.distinguished_name.push(DnType::CommonName, "system:node:worker-7.example");
    let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    let server = agent().with_file("/var/lib/rancher/k3s/agent/client-kubelet.crt", &certificate);

    let step = moved(&server).unwrap();

    assert!(told(&step).contains("wait until node worker-7.example is ready again"), "{}", told(&step));
}

#[test]
fn an_agent_sees_an_address_with_the_cas_that_it_has_itself() {
    let trial = agent().observe().trial().unwrap();

    assert_eq!((trial.listener, trial.authorities.len()), (Listener::Supervisor, 1));
    assert_eq!(trial.file, PathBuf::from("/var/lib/rancher/k3s/agent/server-ca.crt"));
    assert!(Server::installed().observe().trial().is_none(), "a server is led nowhere");
}

#[test]
fn a_server_that_joined_long_ago_is_left_as_it_is_and_that_is_told() {
    let server = Server::installed().config("server: https://10.0.3.2:6443\n");

    assert!(server.observe().references().is_empty());
    assert_eq!(refusals(&server)[0].code, Code::ReferenceUnused);
    assert!(refusals(&Server::installed()).is_empty());
}

#[test]
fn a_server_without_etcd_is_told_to_be_led_elsewhere_by_hand() {
    let joined = "server: https://10.0.3.2:6443\n";
    let says = |more: &str| Server::installed().config(&format!("{joined}{more}\n"));

    let found = &refusals(&says("disable-etcd: true"))[0];

    assert_eq!(found.code, Code::ReferenceLeft);
    let remedy =
        "let /etc/rancher/k3s/config.yaml name https://10.0.3.100:6443, then `sudo systemctl restart k3s`";
    assert_eq!(found.remedy.as_deref(), Some(remedy));
    assert_eq!(refusals(&says("disable-etcd: false"))[0].code, Code::ReferenceUnused);
    let text = fixture("units/installed.service").replace("'servicelb' \\", "'servicelb' --disable-etcd");
    let by_flag = says("").on(|mut machine| {
        machine.units.insert("k3s.service".into(), text);
        machine
    });
    assert_eq!(refusals(&by_flag)[0].code, Code::ReferenceLeft);
}
