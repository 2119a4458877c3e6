//! The binary killed at every record of a run on a real server of K3s, which restarts in the middle of it.

use super::{
    crashes::{has_strace, struck},
    harness::Ran,
    lab::{Distribution, Lab},
};

/// A shell's status for a command that SIGKILL ended.
const KILLED: i32 = 137;

/// The configuration with modes and owners, and no lock.
const FILES: &str = "cd /etc/rancher && find . -printf '%p %M %u:%g ' \
    \\( -type f -exec sha256sum {} \\; -o -printf '\\n' \\) | sort; find /var/lib/cpctl -name '*lock*' 2>/dev/null; true";

/// No certificate gives a name up, so each run adds one of its own.
#[test]
fn a_server_of_k3s_is_finished_or_taken_back_at_whichever_record_the_binary_is_killed() {
    if !has_strace("killing the binary on a real server") {
        return;
    }
    let Some(lab) = Lab::of(Distribution::K3s, "k3scrashes") else { return };
    let files = || lab.on("n2", FILES).exits(0).stdout;
    let (before, running) = (files(), pods(&lab));
    let mut killed = 0;

    loop {
        let name = format!("cp{killed}.example.internal");
        if !is_killed(&lab, killed + 1, &["certs", "add-san", &name, "--limit", "n2", "--yes"]) {
            break;
        }
        killed += 1;
        if killed % 2 == 0 {
            lab.cpctl(&["resume"]).exits(0);
            assert!(names(&lab).contains(&name), "killed at record {killed}");
            assert!(files().contains("zz-site_cpctl.yaml"), "killed at record {killed}");
        }
        lab.cpctl(&["undo", "--yes"]).exits(0);
        assert_eq!(files(), before, "killed at record {killed}");
    }

    assert!(killed > 5, "{killed}");
    assert_eq!(pods(&lab), running);
}

fn is_killed(lab: &Lab, record: usize, args: &[&str]) -> bool {
    let words = struck("KILL", record, std::path::Path::new("/dev/null"));
    let words: Vec<_> = words.iter().map(String::as_str).chain(args.iter().copied()).collect();
    let ran = Ran::of(&mut lab.inside(&words));
    assert!([0, KILLED].contains(&ran.code), "{}", ran.shown());
    ran.code == KILLED
}

fn names(lab: &Lab) -> String {
    let script = "openssl s_client -noservername -connect 172.22.22.12:6443 </dev/null 2>/dev/null \
        | openssl x509 -noout -ext subjectAltName";
    lab.on("n2", script).exits(0).stdout
}

fn pods(lab: &Lab) -> Vec<u32> {
    let processes = lab.processes("n2");
    ["pod-a", "pod-b"].map(|pod| processes[pod]).to_vec()
}
