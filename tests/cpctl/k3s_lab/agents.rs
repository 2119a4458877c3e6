//! The agent of the lab: led to the address that its servers now name, and back.

use std::collections::BTreeSet;

use crate::{
    harness::Ran,
    lab::{Lab, Probe},
    rolling::files_below,
    wait::until,
};

const MOVE: [&str; 5] = ["endpoint", "move", "--to", "172.22.22.3", "--yes"];
const PLAN: [&str; 5] = ["endpoint", "move", "--to", "172.22.22.3", "--dry-run"];

const ENV: &str = "/etc/systemd/system/k3s-agent.service.env";
const MEMORY: &str = "/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json";

pub fn an_agent_is_led_to_the_address_and_back(lab: &Lab) {
    let before = Agent::of(lab);
    an_address_that_the_agent_does_not_reach_is_refused(lab, &before);
    an_agent_whose_sshd_passes_nothing_on_is_told(lab);
    a_migration_may_take_it_alone_though_nobody_named_it(lab);
    it_is_led_there_and_its_pods_stay(lab, &before);
    a_second_run_touches_nothing(lab);
    undo_leads_it_back(lab, &before);
}

#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    pub variables: String,
    files: BTreeSet<String>,
    pub pods: [u32; 2],
}

impl Agent {
    pub fn of(lab: &Lab) -> Self {
        let processes = lab.processes("w1");
        Self {
            variables: lab.on("w1", &format!("cat {ENV}")).exits(0).stdout,
            files: lab
                .on("w1", &files_below("/etc", "rancher systemd/system default"))
                .exits(0)
                .stdout
                .lines()
                .map(str::to_owned)
                .collect(),
            pods: ["pod-a", "pod-b"].map(|pod| processes[pod]),
        }
    }

    fn process(lab: &Lab) -> u32 {
        lab.processes("w1")["k3s"]
    }
}

/// By both ways of ssh; from the operator's machine all is well.
fn an_address_that_the_agent_does_not_reach_is_refused(lab: &Lab, before: &Agent) {
    lab.on("w1", "ip route add unreachable 172.22.22.3/32").exits(0);

    for way in ["builtin", "system"] {
        let refused = lab.cpctl(&[&["--ssh", way], &MOVE[..]].concat()).exits(2);

        assert!(refused.stderr.contains("fail w1: 172.22.22.3:6443: "), "{}", refused.shown());
        assert!(refused.stderr.contains("[endpoint-unreachable]"), "{}", refused.shown());
    }

    assert_eq!(Agent::of(lab), *before);
    lab.on("w1", "ip route del unreachable 172.22.22.3/32").exits(0);
}

fn an_agent_whose_sshd_passes_nothing_on_is_told(lab: &Lab) {
    let file = "/etc/ssh/sshd_config.d/no-forwarding.conf";
    lab.on("w1", &format!("echo 'AllowTcpForwarding no' > {file} && systemctl reload ssh")).exits(0);

    until("sshd has read its configuration", || {
        lab.cpctl(&PLAN).exits(0).stdout.contains("warn w1: its sshd passes no connections on")
    });

    lab.on("w1", &format!("rm {file} && systemctl reload ssh")).exits(0);
}

fn a_migration_may_take_it_alone_though_nobody_named_it(lab: &Lab) {
    let plan = lab.cpctl(&["migrate", "--to", "172.22.22.3", "--limit", "w1", "--dry-run"]).exits(0).stdout;

    assert!(plan.contains("\nw1: ") && !plan.contains("\nn1: "), "{plan}");
}

fn it_is_led_there_and_its_pods_stay(lab: &Lab, before: &Agent) {
    let (process, probe) = (Agent::process(lab), knocking(lab));

    lab.cpctl(&MOVE).exits(0);

    let (after, tally) = (Agent::of(lab), probe.tally());
    assert_eq!(after.variables, before.variables.replace("172.22.22.11", "172.22.22.3"));
    let others = |agent: &Agent| -> BTreeSet<String> {
        agent.files.iter().filter(|line| !line.contains("k3s-agent.service.env")).cloned().collect()
    };
    assert_eq!(others(&after), others(before));
    assert_eq!(after.pods, before.pods);
    assert_ne!(Agent::process(lab), process, "it was restarted");
    assert!(tally.sent > 0 && tally.ok == tally.sent, "{tally:?}");
    assert!(lab.on("w1", &format!("cat {MEMORY}")).exits(0).stdout.contains("https://172.22.22.3:6443"));
    let shown =
        &["kubectl", "get", "node", "w1", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}"];
    assert_eq!(Ran::of(&mut lab.inside(shown)).exits(0).stdout, "True");
    let kubeconfig = std::fs::read_to_string(lab.path("home/.kube/config")).unwrap();
    assert!(kubeconfig.contains("server: https://172.22.22.3:6443  # the first node"), "{kubeconfig}");
}

fn knocking(lab: &Lab) -> Probe {
    Probe::start(lab, &["172.22.22.3:6443"])
}

fn a_second_run_touches_nothing(lab: &Lab) {
    let times = || {
        let script = "find /etc/rancher /etc/systemd /var/lib/cpctl /run/cpctl* -printf '%p %T@ %i\\n' 2>/dev/null | sort";
        (lab.on("w1", script).stdout, lab.processes("w1"), lab.runs())
    };
    let before = times();

    let ran = lab.cpctl(&MOVE).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_eq!(times(), before);
}

/// What somebody wrote into the file since stays.
fn undo_leads_it_back(lab: &Lab, before: &Agent) {
    lab.on("w1", &format!("echo 'K3S_NODE_LABEL=x' >> {ENV}")).exits(0);

    lab.cpctl(&["undo", "--yes"]).exits(0);

    lab.on("w1", &format!("sed -i /K3S_NODE_LABEL/d {ENV}")).exits(0);
    assert_eq!(Agent::of(lab), *before);
    assert!(lab.on("w1", &format!("cat {MEMORY}")).exits(0).stdout.contains("https://172.22.22.11:6443"));
}
