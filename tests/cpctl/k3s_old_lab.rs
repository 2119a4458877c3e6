//! Servers of K3s before 1.28.1: no restart takes a name in, unless the certificate's version is forgotten first.

use std::collections::BTreeMap;

use super::{
    crashes::laptop::{Laptop, record_of_the_edit, record_of_the_restart},
    harness::Ran,
    lab::{Distribution, Lab, Probe},
    rolling::{NAMES, NODES, files_below},
    stories, undo_by_hand,
    wait::until,
};

const VIP: &str = NAMES[0];
const NAME: &str = NAMES[1];
const ADDRESS: &str = "172.22.22.99";
const EDIT: &str = "/etc/rancher/k3s/config.yaml.d/10-site.yaml";

/// Nothing of it may be left.
const LOCKS: &str = "find /var/lib/cpctl -name '*lock*' 2>/dev/null; true";

/// Serial number, key and names of what a server presents.
const SERVED: &str = "openssl s_client -noservername -connect $(hostname -I | cut -d' ' -f1):6443 </dev/null 2>/dev/null \
    | openssl x509 -noout -serial -pubkey -ext subjectAltName";

/// The copies that undo needs, which hold a key, and the directory that nobody else may look into.
const COPIES: &str = "find /var/lib/cpctl/runs -name '*dynamic-cert*' -printf '%u %f\\n'; stat -c '%u %a' /var/lib/cpctl/runs/*";

/// Where secrets would be seen that left a node, or that came into a journal on one.
const ON_THE_LAPTOP: &str = ".local/state/cpctl/runs/*.jsonl";
const ON_A_NODE: &str = "/var/lib/cpctl/runs/*/*.jsonl";

#[test]
fn an_old_k3s_takes_names_in_with_its_key_and_all_names_and_gives_them_back() {
    let Some(lab) = Lab::of(Distribution::K3sOld, "k3sold") else { return };
    lab.name_balancers();

    a_story_is_true_and_is_undone_by_hand(&lab);
    names_that_clients_ask_for_stay(&lab);
    let before = Snapshot::of(&lab);
    names_are_added(&lab, &before);
    nothing_of_the_secret_left_the_nodes(&lab);
    let again = lab.cpctl(&["certs", "add-san", ADDRESS, NAME, "--yes"]).exits(0);
    assert!(again.stdout.contains("nothing to do"), "{}", again.shown());
    lab.cpctl(&["undo", "--yes"]).exits(0);
    settled(&lab);
    assert_eq!(Snapshot::of(&lab), before);
    killed_at_any_record_it_is_finished_and_taken_back(&lab, &before);
    a_certificate_that_no_server_changes_is_found_before_the_first_change(&lab);
}

/// What a server presents.
#[derive(Debug, Eq, PartialEq)]
struct Served {
    serial: String,
    key: String,
    names: String,
}

fn served(lab: &Lab, node: &str) -> Served {
    let text = lab.on(node, SERVED).exits(0).stdout;
    let (serial, rest) = text.split_once('\n').unwrap();
    let (key, names) = rest.split_once("X509v3").unwrap();
    Served { serial: serial.into(), key: key.into(), names: names.into() }
}

#[derive(Debug, Eq, PartialEq)]
struct Snapshot {
    served: Vec<Served>,
    files: Vec<String>,
    pods: Vec<BTreeMap<String, u32>>,
}

impl Snapshot {
    fn of(lab: &Lab) -> Self {
        let pods = |node| {
            let mut all = lab.processes(node);
            all.remove("k3s");
            all
        };
        let script = files_below("/etc/rancher", ". ! -name k3s.yaml");
        let files = |node| lab.on(node, &format!("{script}; {LOCKS}")).exits(0).stdout;
        Self {
            served: NODES.map(|node| served(lab, node)).into(),
            files: NODES.map(files).into(),
            pods: NODES.map(pods).into(),
        }
    }
}

/// One certificate for all: servers that follow another one may still be at it when the last one is done.
fn settled(lab: &Lab) {
    until("all serve one certificate", || {
        let [one, two, three] = NODES.map(|node| served(lab, node).serial);
        one == two && two == three
    });
}

/// A name that stands in the configuration while clients are refused, as every guide warns of; then it is taken in, and
/// goes again by what a page says to type.
fn a_story_is_true_and_is_undone_by_hand(lab: &Lab) {
    let before = Snapshot::of(lab);
    stories::retells("opnsense", lab);
    let run = undo_by_hand::run_of_a_story(lab, "opnsense");
    lab.on("n1", &format!("rm -r $(dirname {EDIT})")).exits(0);

    undo_by_hand::on_a_server_of_old_k3s(lab, "n1", &run);

    settled(lab);
    assert_eq!(Snapshot::of(lab), before);
    lab.until_balanced();
}

/// Nothing keeps them out of such a certificate; the address is one that every probe here asks for.
fn names_that_clients_ask_for_stay(lab: &Lab) {
    let asked = "asked.example.internal";
    lab.on("n2", &format!("openssl s_client -servername {asked} -connect 127.0.0.1:6443 </dev/null"))
        .exits(0);
    Ran::of(&mut lab.inside(&["curl", "-sk", &format!("https://{VIP}:6443/ping")])).exits(0);
    until("names that were asked for are served by all", || {
        NODES.iter().all(|node| [asked, VIP].iter().all(|name| served(lab, node).names.contains(name)))
    });
}

fn names_are_added(lab: &Lab, before: &Snapshot) {
    let probe = Probe::start(lab, &["172.22.22.3:6443"]);

    let ran = lab.cpctl(&["certs", "add-san", ADDRESS, NAME, "--yes"]);

    let address = probe.tally();
    ran.exits(0);
    assert!(address.sent > 0 && address.ok == address.sent, "{address:?}");
    settled(lab);
    let after = Snapshot::of(lab);
    assert_eq!(after.pods, before.pods);
    for (new, old) in after.served.iter().zip(&before.served) {
        assert_ne!(new.serial, old.serial);
        assert_eq!(new.key, old.key);
        let names = |served: &Served| {
            served.names.split([',', '\n']).map(|name| name.trim().to_owned()).collect::<Vec<_>>()
        };
        let added: Vec<_> = names(new).into_iter().filter(|name| !names(old).contains(name)).collect();
        assert_eq!(added, [format!("DNS:{NAME}"), format!("IP Address:{ADDRESS}")]);
        assert!(names(old).iter().all(|name| names(new).contains(name)), "{new:?}");
    }
}

fn nothing_of_the_secret_left_the_nodes(lab: &Lab) {
    let home = lab.path("home");
    let on_laptop =
        |script: &str| Ran::of(&mut lab.inside(&["sh", "-c", &format!("cd {} && {script}", home.display())]));
    on_laptop(&format!("grep -l k3s-serving {ON_THE_LAPTOP}")).exits(0);
    on_laptop("! grep -rlE 'tls.key|PRIVATE KEY' .local/state").exits(0);
    for node in NODES {
        let copies = lab.on(node, COPIES).exits(0).stdout;
        assert!(copies.starts_with("root ") && copies.contains("dynamic-cert.json\n0 700\n"), "{copies}");
        lab.on(node, &format!("grep -l k3s-serving {ON_A_NODE}")).exits(0);
        lab.on(node, &format!("! grep -lE 'tls.key|PRIVATE KEY' {ON_A_NODE}")).exits(0);
    }
}

/// From the change before the deletion to the restart after it.
fn killed_at_any_record_it_is_finished_and_taken_back(lab: &Lab, before: &Snapshot) {
    let add = ["certs", "add-san", NAME, "--limit", "n2", "--yes"];
    let undisturbed = Laptop::new(lab, 0);
    undisturbed.cpctl(&add).exits(0);
    let records = undisturbed.journal();
    undisturbed.cpctl(&["undo", "--yes"]).exits(0);
    let struck = record_of_the_edit(&records)..=record_of_the_restart(&records);
    assert!(struck.clone().count() >= 3, "{struck:?}");
    for (number, record) in (1..).zip(struck) {
        settled(lab);
        let laptop = Laptop::new(lab, number);
        laptop.kill_at(record, &add);
        if number % 2 == 1 {
            laptop.cpctl(&["resume"]).exits(0);
            assert!(served(lab, "n2").names.contains(NAME), "killed at record {record}");
        }
        laptop.cpctl(&["undo", "--yes"]).exits(0);
        settled(lab);
        assert_eq!(Snapshot::of(lab), *before, "killed at record {record}");
    }
}

fn a_certificate_that_no_server_changes_is_found_before_the_first_change(lab: &Lab) {
    let annotate = "k3s kubectl -n kube-system annotate secret k3s-serving listener.cattle.io/static=true";
    lab.on("n1", annotate).exits(0);

    let refused = lab.cpctl(&["certs", "add-san", NAME, "--yes"]).exits(2);

    assert!(refused.stderr.contains("says `listener.cattle.io/static`"), "{}", refused.shown());
}
