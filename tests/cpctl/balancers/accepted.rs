//! What the real programs say of every configuration that is written for them.

use std::process::Command;

use super::{
    super::{
        harness::Ran,
        programs::{Network, Programs},
    },
    Office,
    api::Authority,
};

const DISTRIBUTIONS: [&str; 6] = ["kubeadm", "by-hand", "microk8s", "k3s", "rke2", "k0s"];
const CA: &str = "/etc/haproxy/kubernetes-ca.crt";
const CHECK_CERT: &str = "/etc/haproxy/check.pem";

/// The files of a kind laid over the tree, those of the first machine among them.
fn laid_out(programs: &Programs, office: &Office, words: &[&str]) {
    let root = programs.root().to_str().unwrap();
    office.render(&[words, &["--out", root, "--force"]].concat()).exits(0);
    let own = programs.root().join("lb1");
    if own.exists() {
        Ran::of(Command::new("cp").args(["-a", &format!("{}/.", own.display()), root])).exits(0);
    }
    let authority = Authority::new();
    programs.put(CA, 0o644, &authority.certificate());
    programs.put(CHECK_CERT, 0o600, &authority.certificate_and_key());
}

#[test]
fn haproxy_takes_every_configuration_without_a_warning() {
    let Some(programs) = Programs::of_the_lab("HAProxy's own verdict") else { return };
    let accepts = |office: &Office, words: &[&str], file: &str| {
        laid_out(&programs, office, words);
        let ran = programs.run(Network::Alone, &["haproxy", "-dW", "-c", "-f", file]);
        assert!(ran.code == 0, "{words:?}: {}", ran.shown());
    };

    for distribution in DISTRIBUTIONS {
        let office = Office::of(distribution);
        accepts(&office, &["haproxy"], "/etc/haproxy/haproxy.cfg");
        accepts(&office, &["pfsense"], "/pfsense-haproxy.cfg");
        accepts(&office, &["opnsense"], "/opnsense-haproxy.conf");
        let gated = ["--endpoint", "api.example.com:6443", "--gate", "--check-cert", CHECK_CERT];
        accepts(&office, &[&["haproxy"], &gated[..]].concat(), "/etc/haproxy/haproxy.cfg");
    }
    let six = Office::of("kubeadm");
    accepts(
        &six,
        &["haproxy", "--endpoint", "[fd00::3]:6443", "--vip", "fd00::3/64"],
        "/etc/haproxy/haproxy.cfg",
    );
}

#[test]
fn nginx_takes_every_configuration() {
    let Some(programs) = Programs::of_the_lab("NGINX' own verdict") else { return };
    for distribution in DISTRIBUTIONS {
        laid_out(&programs, &Office::of(distribution), &["nginx"]);

        let ran = programs.run(Network::Alone, &["nginx", "-t"]);

        assert!(ran.code == 0 && !ran.stderr.contains("[warn]"), "{distribution}: {}", ran.shown());
    }
}

#[test]
fn keepalived_takes_the_configuration_of_each_machine() {
    let Some(programs) = Programs::of_the_lab("keepalived's own verdict") else { return };
    for proxy in ["haproxy", "nginx"] {
        laid_out(&programs, &Office::of("kubeadm"), &["keepalived", "--proxy", proxy]);
        for machine in ["lb1", "lb2"] {
            let file = programs.root().join(machine).join("etc/keepalived/keepalived.conf");
            let text = std::fs::read_to_string(file).unwrap();
            // Up to 2.2.7 it ends itself with SIGTERM after a test with another user.
            let text = text.replace("script_user keepalived_script", "script_user root");
            programs.put("/etc/keepalived/keepalived.conf", 0o644, &text);

            let ran = programs.run(Network::Alone, &["keepalived", "-t"]);

            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{machine} with {proxy}: {}", ran.shown());
        }
    }
}

#[test]
fn bind_takes_the_zone() {
    let Some(programs) = Programs::of_the_lab("BIND's own verdict") else { return };
    let office = Office::of("kubeadm");
    for vip in ["172.22.22.3", "fd00::3"] {
        let zone =
            office.render(&["dns", "--endpoint", "api.example.com:6443", "--vip", vip]).exits(0).stdout;
        let head = "$TTL 300\n@ IN SOA ns hostmaster 1 3600 600 86400 300\n@ IN NS ns\nns IN A 172.22.22.1\n";
        programs.put("/zone", 0o644, &format!("{head}{zone}"));

        let ran = programs.run(Network::Alone, &["named-checkzone", "example.com", "/zone"]).exits(0);

        assert!(!ran.stdout.contains("warning") && ran.stdout.ends_with("OK\n"), "{}", ran.shown());
    }
}

#[test]
fn shells_take_every_script() {
    for words in [&["keepalived"][..], &["keepalived", "--proxy", "nginx"], &["freebsd-carp"]] {
        let ran = Office::of("microk8s").render(&[words, &["-o", "json"]].concat()).exits(0);
        let read: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();

        let files = read["files"].as_array().unwrap().iter();
        let scripts: Vec<_> = files.filter(|file| file["mode"] == "0755").collect();

        assert_eq!(scripts.len(), 2, "{words:?}");
        for script in scripts {
            let text = script["text"].as_str().unwrap();
            let ran = Ran::of(Command::new("sh").args(["-n", "-c", text]));
            assert!(ran.code == 0 && ran.stderr.is_empty(), "{}: {}", script["path"], ran.shown());
        }
    }
}
