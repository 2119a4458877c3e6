//! All checks at once on real nodes: none finds anything where all is well, each fault is found as what it is, and nothing is changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;

use super::{harness::Ran, lab::Lab};

/// One thing that is broken and mended again, and what is found in between, each `SUBJECT CODE`.
#[derive(Deserialize)]
struct Fault {
    fault: String,
    /// Which machine, or one of two words.
    r#where: String,
    breaks: String,
    #[serde(default)]
    mends: String,
    found: Vec<String>,
}

/// All that a run could change on a machine: files with their times, modes and bytes, and the processes of its services.
/// The kicker renders its file anew every five seconds.
const EVERYTHING: &str = r"
for tree in /etc /snap /var/snap /var/lib/cpctl /root /home; do
  [ -e $tree ] || continue
  find $tree -xdev -not -name 'csr.conf.rendered' \( -type d -printf '%p %m %u:%g\n' -o -printf '%p %y %m %u:%g %T@ %l\n' \) | sort
  find $tree -xdev -type f -not -name 'csr.conf.rendered' -print0 | sort -z | xargs -0r sha256sum
done
systemctl list-units --type=service --state=running --plain --no-legend | cut -d' ' -f1 | grep -v '@' |
  while read -r unit; do echo $unit $(systemctl show -p MainPID --value $unit); done
";

/// The same of the operator's home; kubectl's own cache is not ours.
const HOME: &str = r"find . -path ./.kube/cache -prune -o \( -type d -printf '%p %m\n' -o -printf '%p %y %m %T@ %s\n' \) | sort";

/// Whom the operator's machine asks for names, and a name that it knows by itself.
const RESOLVERS: &str = "echo nameserver 172.22.22.8 > resolvers; mount --bind resolvers /etc/resolv.conf; \
    echo 172.22.22.3 written.example > names; mount --bind names /etc/hosts";

/// Every object that lasts, with the number of its last change.
const OBJECTS: &str = "kubectl get nodes,configmaps,secrets,serviceaccounts,services,clusterroles,clusterrolebindings -A -o \
    'jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}'";

#[test]
fn what_is_well_has_no_finding_and_each_fault_has_its_own_and_nothing_is_changed() {
    let Some(lab) = Lab::start("preflight") else { return };
    do_at_home(&lab, "echo extendedKeyUsage=clientAuth > usage; user_cert -days 3650 -extfile usage")
        .exits(0);
    lab.cpctl(&["migrate", "--to", "172.22.22.3:16443", "--yes"]).exits(0);
    let before = everything(&lab);

    let well = lab.cpctl(&["preflight", "-o", "json"]).exits(0);

    assert_eq!(found(&well, &lab), Vec::<String>::new());
    assert_eq!(everything(&lab), before);
    let wrong: Vec<String> = faults().iter().filter_map(|fault| unlike(fault, &lab)).collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(found(&lab.cpctl(&["preflight", "-o", "json"]).exits(0), &lab), Vec::<String>::new());
    how_long_clients_keep_a_name_is_asked_of_a_nameserver(&lab);
}

/// BIND on a machine in front answers the operator from a zone of its own.
fn how_long_clients_keep_a_name_is_asked_of_a_nameserver(lab: &Lab) {
    lab.on("lb1", &text("named.sh")).exits(0);
    do_at_home(lab, RESOLVERS).exits(0);
    let kept = |name: &str| {
        let to = format!("{name}:16443");
        lab.cpctl(&["preflight", "--to", &to, "--only", "lifetime"]).exits(0).stdout
    };

    for (name, words) in [
        ("slow.corp.example", "the A record of slow.corp.example has a TTL of 3600 s, as 172.22.22.8 says"),
        ("pair.corp.example", "the A record of pair.corp.example has a TTL of 120 s"),
        ("alias.corp.example", "the CNAME record of alias.corp.example has a TTL of 7200 s"),
        ("quick.corp.example", "ok lifetime: has records that clients do not keep for long"),
        ("written.example", "no DNS server tells of it"),
    ] {
        let told = kept(name);
        let words_told: Vec<_> = told.split_whitespace().collect();
        assert!(words_told.join(" ").contains(words), "{name}: {told}");
    }
}

/// What a fault is found as, where that is not what it should be.
fn unlike(fault: &Fault, lab: &Lab) -> Option<String> {
    let Fault { fault: name, r#where: place, breaks, mends, found: expected } = fault;
    match place.as_str() {
        "fault" => break_from_outside(lab, breaks, "on"),
        _ => at(lab, place, breaks),
    };
    let ran = lab.cpctl(&["preflight", "-o", "json"]);
    match place.as_str() {
        "fault" => break_from_outside(lab, breaks, "off"),
        _ => at(lab, place, mends),
    };
    let found = found(&ran, lab);
    (found != *expected).then(|| format!("{name}: {found:?}"))
}

fn break_from_outside(lab: &Lab, words: &str, state: &str) {
    let (name, machine) = words.split_once(' ').expect("a fault's name and a machine");
    lab.fault(name, machine, state);
}

fn at(lab: &Lab, place: &str, words: &str) {
    let ran = match place {
        "home" => do_at_home(lab, words),
        machine => lab.on(machine, &format!("{}\n{words}", text("words.sh"))),
    };
    ran.exits(0);
}

fn do_at_home(lab: &Lab, words: &str) -> Ran {
    let script = format!("cd {}\n{}\n{words}", lab.path("home").display(), text("words.sh"));
    Ran::of(lab.inside(&["bash", "-c", &script]).stdin(Stdio::null()))
}

fn faults() -> Vec<Fault> {
    serde_saphyr::from_str(&text("faults.yaml")).expect("the faults are a list")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).expect("it lies beside this file")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cpctl/preflight_lab")
}

/// Each finding as `SUBJECT CODE`, once.
fn found(ran: &Ran, lab: &Lab) -> Vec<String> {
    let told: serde_json::Value = match serde_json::from_str(&ran.stdout) {
        Ok(told) => told,
        Err(_) => return vec![ran.shown()],
    };
    let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let home = format!("{}/", lab.path("home").display());
    let mut found: Vec<String> = vec![];
    let rows = told["checks"].as_array().into_iter().flatten();
    for finding in rows.flat_map(|row| row["findings"].as_array().into_iter().flatten()) {
        let one = format!("{} {}", word(finding, "subject").replace(&home, ""), word(finding, "code"));
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// All that a run could change: in the cluster's API, in the operator's home, and on each machine.
fn everything(lab: &Lab) -> Vec<String> {
    let objects = do_at_home(lab, OBJECTS).exits(0).stdout;
    let home = do_at_home(lab, HOME).exits(0).stdout;
    let machines =
        ["n1", "n2", "n3", "lb1", "lb2"].map(|machine| lab.on(machine, EVERYTHING).exits(0).stdout);
    assert!(objects.contains("ConfigMap ") && home.contains("cpctl.yaml"), "{objects}{home}");
    assert!(machines[0].contains("server.crt") && machines[0].contains("daemon-kubelite.service "));
    [objects, home].into_iter().chain(machines).collect()
}
