//! Shows that the counts of the main job can fail: the same change by hand, and without hot reload.

use std::fs;

use serde_json::Value;

use super::lab::{Lab, Probe};

#[test]
fn by_hand_pods_die_and_a_restart_loses_requests_whoever_asks_for_it() {
    let Some(lab) = Lab::start("controls") else { return };

    the_edit_by_hand_kills_pods_on_the_first_node(&lab);
    for node in ["n1", "n2", "n3"] {
        lab.fault("slow-start", node, "on");
    }
    a_forced_restart_of_one_undrained_node_loses_requests(&lab);
    the_ladder_reaches_its_restart_by_itself_and_the_probe_counts_what_it_costs(&lab);
}

/// The line above `#MOREIPS`, as the recipes on the web have it.
fn the_edit_by_hand_kills_pods_on_the_first_node(lab: &Lab) {
    let before = lab.count("n1");
    let template = "/var/snap/microk8s/current/certs/csr.conf.template";

    lab.on("n1", &format!("cp -p {template} /root/template && sed -i 's/^#MOREIPS/IP.3 = 172.22.22.3\\n#MOREIPS/' {template}")).exits(0);

    let after = lab.until("n1", |count| count.pods_killed > before.pods_killed && count.kubelite_pid > 0);
    assert_eq!(after.kicks, before.kicks + 1);
    assert_ne!(after.kubelite_pid, before.kubelite_pid);
    lab.on("n1", &format!("cp -p /root/template {template}")).exits(0);
    lab.until("n1", |count| count.kicks == before.kicks + 2 && count.kubelite_pid > 0);
    lab.until_ready("n1");
}

fn a_forced_restart_of_one_undrained_node_loses_requests(lab: &Lab) {
    lab.until_balanced();
    let before = lab.count("n2");
    let probe = Probe::start(lab, &["--rate", "50", "172.22.22.3:16443"]);

    lab.on("n2", "systemctl restart snap.microk8s.daemon-kubelite").exits(0);
    lab.until_ready("n2");

    let tally = probe.tally();
    assert!(tally.ok < tally.sent, "a restart without draining loses requests: {tally:?}");
    let after = lab.count("n2");
    assert_ne!(after.kubelite_pid, before.kubelite_pid);
    assert_eq!((after.kicks, after.pods_killed), (before.kicks, before.pods_killed));
}

fn the_ladder_reaches_its_restart_by_itself_and_the_probe_counts_what_it_costs(lab: &Lab) {
    std::thread::scope(|scope| {
        for node in ["n1", "n2", "n3"] {
            scope.spawn(move || lab.fault("no-hot-reload", node, "on"));
        }
    });
    lab.until_balanced();
    let before: Vec<_> = ["n1", "n2", "n3"].map(|node| lab.count(node)).into();
    let plan = lab.cpctl(&["certs", "add-san", "172.22.22.3", "--dry-run", "-o", "json"]).exits(0).stdout;
    fs::write(lab.path("home/plan.json"), patient_with_the_first(&plan)).unwrap();
    let probe = Probe::start(lab, &["172.22.22.3:16443"]);

    let ran = lab.cpctl(&["apply", "plan.json", "--yes"]);

    let tally = probe.tally();
    let ran = ran.exits(0);
    assert_eq!(ran.stderr.matches("did not follow").count(), 3, "{}", ran.shown());
    assert!(tally.ok < tally.sent, "a restart without draining loses requests: {tally:?}");
    for (node, before) in ["n1", "n2", "n3"].iter().zip(&before) {
        let after = lab.count(node);
        assert_ne!(after.kubelite_pid, before.kubelite_pid, "{node} was restarted");
        assert_eq!(
            (after.kicks, after.pods_killed, &after.pods),
            (before.kicks, before.pods_killed, &before.pods),
            "{node}"
        );
    }
    lab.cpctl(&["certs", "inspect", "--require", "172.22.22.3"]).exits(0);
}

/// The plan, with the first node's wire waited for as long as it always is, and that of the others no longer than it takes to be sure.
fn patient_with_the_first(plan: &str) -> String {
    let mut plan: Value = serde_json::from_str(plan).unwrap();
    for step in plan["steps"].as_array_mut().unwrap().iter_mut().skip(1) {
        for settle in step["settle"].as_array_mut().unwrap() {
            if settle["settle"] == "serves-file" {
                settle["within"]["secs"] = 5.into();
            }
        }
    }
    plan.to_string()
}
