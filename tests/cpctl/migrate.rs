//! The whole job as one run, on rehearsed machines.

use std::{fs, path::Path, time::Duration};

use cpctl::{
    probe::Wire,
    rehearse::{Fault, KUBELITE, Kind},
};

use super::{desk::Desk, haproxy::HaProxy, told::assert_told, wait::until};

const OLD: &str = "192.0.2.11:6443";
const REACHED_WITHIN: Duration = Duration::from_secs(5);
const CURRENT: &str = "/var/snap/microk8s/current";
const PROVIDER: &str = "args/traefik/provider.yaml";

fn path(desk: &Desk, relative: &str) -> std::path::PathBuf {
    let machine = desk.cluster.machine("cp3").unwrap();
    machine.path(&Path::new(CURRENT).join(relative)).unwrap()
}

/// Three machines, of which the last is a worker that is led to the first.
fn with_worker() -> Desk {
    let desk = Desk::of(Kind::MicroK8s);
    let put = |relative: &str, text: &str| {
        fs::create_dir_all(path(&desk, relative).parent().unwrap()).unwrap();
        fs::write(path(&desk, relative), text).unwrap();
    };
    let authority = fs::read_to_string(path(&desk, "certs/ca.crt")).unwrap();
    put("var/lock/clustered.lock", "");
    put("certs/ca.remote.crt", &authority);
    put(
        PROVIDER,
        &format!(
            "tcp:\n  services:\n    kube-apiserver:\n      loadBalancer:\n        servers:\n        - address: {OLD}\n"
        ),
    );
    put("args/apiserver-proxy", "--refresh-interval 30s\n");
    desk.cluster.machine("cp3").unwrap().run_unit("snap.microk8s.daemon-apiserver-proxy").unwrap();
    desk.cluster.machine("cp3").unwrap().stop_unit(KUBELITE).unwrap();
    desk
}

fn provider(desk: &Desk) -> String {
    fs::read_to_string(path(desk, PROVIDER)).unwrap()
}

/// A saved plan whose proofs are waited for only a moment.
fn impatient(plan: &str) -> String {
    let mut plan: serde_json::Value = serde_json::from_str(plan).unwrap();
    for step in plan["steps"].as_array_mut().unwrap() {
        let proofs = match &mut step["proof"] {
            serde_json::Value::Array(proofs) => proofs.as_mut_slice(),
            proof => std::slice::from_mut(proof),
        };
        proofs.iter_mut().filter(|proof| proof.is_object()).for_each(|proof| {
            proof["within"] = serde_json::json!({ "secs": 2, "nanos": 0 });
        });
    }
    plan.to_string()
}

#[test]
fn nobody_is_led_to_an_address_behind_which_a_server_lacks_the_name_until_it_is_put_right() {
    let desk = with_worker();
    let (endpoint, before) = (desk.endpoint(), provider(&desk));
    let saved = desk.run(&["migrate", "--to", &endpoint, "--from", OLD, "--dry-run", "-o", "json"]).exits(0);
    fs::write(desk.path("plan.json"), impatient(&saved.stdout)).unwrap();
    let plan = desk.path("plan.json");
    desk.cluster.machine("cp3").unwrap().run_unit(KUBELITE).unwrap();
    until("cp3 is behind the address", || {
        Wire::new(REACHED_WITHIN).presented(&desk.api_servers()[2]).is_ok()
    });

    let stopped = desk.run(&["apply", plan.to_str().unwrap(), "--yes"]).exits(3);
    let untouched = provider(&desk);
    desk.cluster.machine("cp3").unwrap().stop_unit(KUBELITE).unwrap();
    desk.run(&["resume"]).exits(0);

    let told = desk.told(&["apply", "plan.json"], &stopped);
    assert_told!(
        "migrate-stopped",
        told.replace("2 of 8 fresh", "N of 8 fresh").replace("3 of 8 fresh", "N of 8 fresh")
    );
    assert_eq!(untouched, before);
    assert_eq!(provider(&desk), before.replace(OLD, &format!("\"{endpoint}\"")));
}

#[test]
fn names_come_first_and_clients_after_they_were_seen_and_one_undo_takes_all_back() {
    let desk = with_worker();
    let (endpoint, before) = (desk.endpoint(), provider(&desk));
    let kubeconfig = fs::read(desk.kubeconfig()).unwrap();
    let migrate = ["migrate", "--to", &endpoint, "--from", OLD];

    let plan = desk.says(&[&migrate[..], &["--dry-run"]].concat());
    let ran = desk.run(&[&migrate[..], &["--yes", "-v"]].concat()).exits(0);

    assert_told!("migrate-plan", plan);
    assert_eq!(provider(&desk), before.replace(OLD, &format!("\"{endpoint}\"")));
    let seen = ran.stderr.find("from cp3").unwrap();
    assert!(ran.stderr[seen..].contains("provider.yaml"), "{}", ran.shown());
    let serves =
        |at| Wire::new(REACHED_WITHIN).presented(at).unwrap().leaf.covers(&desk.cluster.endpoint().host);
    assert!(desk.api_servers()[..2].iter().all(serves));
    assert!(desk.run(&[&migrate[..], &["--yes"]].concat()).exits(0).stdout.contains("nothing to do"));
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!(provider(&desk), before);
    assert_eq!(fs::read(desk.kubeconfig()).unwrap(), kubeconfig);
}

#[test]
fn a_server_that_is_left_out_and_lacks_the_name_keeps_everybody_where_they_are() {
    let desk = with_worker();
    let (endpoint, before) = (desk.endpoint(), provider(&desk));

    let ran =
        desk.run(&["migrate", "--to", &endpoint, "--from", OLD, "--limit", "cp1,cp3", "--yes"]).exits(2);

    assert!(ran.stderr.contains("fail cp2: ") && ran.stderr.contains("[san-missing]"), "{}", ran.shown());
    assert!(!ran.stderr.contains("fail cp1: "), "{}", ran.shown());
    assert_eq!(provider(&desk), before);
}

#[test]
fn a_text_that_both_halves_change_is_changed_twice_and_brought_back() {
    let desk = Desk::of(Kind::Kubeadm);
    let register = || fs::read_to_string(desk.cluster.register_path()).unwrap();
    let (endpoint, before) = (desk.endpoint(), register());
    let migrate = ["migrate", "--to", &endpoint, "--from", "192.0.2.11"];

    let plan = desk.run(&[&migrate[..], &["--dry-run"]].concat()).exits(0);
    desk.run(&[&migrate[..], &["--yes"]].concat()).exits(0);

    assert_eq!(plan.stdout.matches("    +").count(), 2, "each change is shown once: {}", plan.shown());
    let host = desk.cluster.endpoint().host.to_string();
    assert!(register().contains(&format!("- {host}\n")) && register().contains(&endpoint), "{}", register());
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!(register(), before);
}

#[test]
fn what_preflight_finds_wrong_stops_it_before_anything_is_changed() {
    let desk = with_worker();
    desk.cluster.machine("cp2").unwrap().set(Fault::DiskFull).unwrap();
    let endpoint = desk.endpoint();

    let ran = desk.run(&["migrate", "--to", &endpoint, "--from", OLD, "--yes"]).exits(2);

    assert!(ran.stderr.contains("fail cp2: ") && ran.stderr.contains("[disk-full]"), "{}", ran.shown());
    assert!(!desk.path("home/.local/state/cpctl/runs").exists());
}

#[test]
fn a_balancer_that_ends_tls_by_then_gets_no_client_and_resume_goes_on_when_it_passes_it_through() {
    let desk = Desk::new();
    let (bind, ending) =
        (format!("ssl crt {}", desk.imported_pair()), desk.servers("tcp", "ssl verify none"));
    let Some(balancer) = HaProxy::start("127.0.0.9", "", &desk.servers("tcp", "")) else { return };
    let (to, before) = (balancer.address().to_owned(), fs::read(desk.kubeconfig()).unwrap());
    let from = desk.api_servers()[0].to_string();
    let migrate = ["migrate", "--to", &to, "--from", &from];
    let saved = desk.run(&[&migrate[..], &["--dry-run", "-o", "json"]].concat()).exits(0);
    fs::write(desk.path("plan.json"), impatient(&saved.stdout)).unwrap();
    drop(balancer);

    let balancer = HaProxy::start(&to, &bind, &ending).unwrap();
    let refused = desk.run(&[&migrate[..], &["--yes"]].concat()).exits(2);
    let stopped = desk.run(&["apply", desk.path("plan.json").to_str().unwrap(), "--yes"]).exits(3);
    let untouched = fs::read(desk.kubeconfig()).unwrap();
    drop(balancer);
    let _balancer = HaProxy::start(&to, "", &desk.servers("tcp", "")).unwrap();
    desk.run(&["resume"]).exits(0);

    assert!(refused.stderr.contains("[tls-reencrypted]"), "{}", refused.shown());
    for told in ["[tls-reencrypted]", "cp1, cp2, cp3 are changed", "localhost is untouched", "cpctl resume "]
    {
        assert!(stopped.stderr.contains(told), "{told}: {}", stopped.shown());
    }
    assert_eq!(untouched, before);
    assert_ne!(fs::read(desk.kubeconfig()).unwrap(), before);
}

#[test]
fn what_stands_in_front_as_a_worker_sees_it_keeps_it_where_it_is_until_it_is_put_right() {
    let (desk, stranger) = (with_worker(), Desk::new());
    let host = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &host, "--limit", "cp1", "--yes"]).exits(0);
    let ending = format!("ssl crt {}", desk.imported_pair());
    desk.run(&["undo", "--yes"]).exits(0);
    let (endpoint, before) = (desk.endpoint(), provider(&desk));
    let saved = desk.run(&["migrate", "--to", &endpoint, "--from", OLD, "--dry-run", "-o", "json"]).exits(0);
    fs::write(desk.path("plan.json"), impatient(&saved.stdout)).unwrap();
    let worker = desk.cluster.machine("cp3").unwrap();
    let plan = desk.path("plan.json");
    let behind = |desk: &Desk, mode: &str, options: &str| -> Vec<String> {
        desk.servers(mode, options).into_iter().filter(|line| !line.starts_with("server cp3 ")).collect()
    };
    let mut go_on = vec!["apply", plan.to_str().unwrap(), "--yes"];

    for (bind, lines, code) in [
        (&*ending, behind(&desk, "tcp", "ssl verify none"), "[tls-reencrypted]"),
        ("", behind(&desk, "http", "ssl verify none"), "[api-in-clear]"),
        ("", behind(&stranger, "tcp", ""), "[wrong-cluster]"),
    ] {
        let Some(balancer) = HaProxy::start("127.0.0.9", bind, &lines) else { return };
        worker.lead_astray(desk.cluster.endpoint(), &balancer.address().parse().unwrap()).unwrap();

        let stopped = desk.run(&go_on).exits(3);

        assert!(stopped.stderr.contains("seen from cp3"), "{}", stopped.shown());
        assert!(stopped.stderr.contains(code), "{code}: {}", stopped.shown());
        assert_eq!(provider(&desk), before);
        go_on = vec!["resume"];
    }
    worker.lead_straight().unwrap();
    desk.run(&go_on).exits(0);
    assert_eq!(provider(&desk), before.replace(OLD, &format!("\"{endpoint}\"")));
}
