//! `cpctl watch` on a rehearsed cluster: what stops and comes back is seen, and where nothing happens nothing is.

use std::{fs, path::Path};

use cpctl::rehearse::Fault;
use serde_json::Value;

use super::{
    desk::{Desk, NODES},
    harness::Cpctl,
    watching::{GENTLY, Watching, lane},
};

/// A cluster whose certificates name the address of its balancer.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.names_the_endpoint();
    desk
}

#[test]
fn where_nothing_happens_no_failure_is_seen_until_ctrl_c() {
    let desk = desk();
    let mut watching = Watching::start(&desk, &["--per-node"]);

    watching.until(&["new connections", "reused connection", "cp1, new connections"], "ok", 3);
    let (code, result) = watching.ends();

    assert_eq!((code, &result["result"]), (0, &"ok".into()), "{result:#}");
    assert_eq!(result["longest_outage_ms"], Value::Null);
    for lane in result["lanes"].as_array().unwrap() {
        assert_eq!((&lane["failed"], &lane["outages"]), (&0.into(), &Value::Array(vec![])), "{lane:#}");
        let is_asked = lane["lane"] != "idle watch";
        assert_eq!(lane["longest_gap_ms"].as_f64().is_some(), is_asked, "{lane:#}");
        assert!(lane["sent"].as_u64() > Some(0), "{lane:#}");
    }
    let backends = lane(&result, "new connections")["backends"].as_object().unwrap();
    let are_known = backends.keys().all(|name| NODES.contains(&name.as_str()));
    assert!(are_known && !backends.is_empty(), "each by its name: {result:#}");
    let of_node = lane(&result, "cp2, new connections")["backends"].as_object().unwrap();
    assert_eq!(of_node.keys().collect::<Vec<_>>(), ["cp2"]);
}

#[test]
fn an_address_whose_servers_stop_and_come_back_has_had_an_outage() {
    let desk = desk();
    let (page, report) = (desk.path("watch.html"), desk.path("watch.xml"));
    let papers = ["--html", page.to_str().unwrap(), "--junit", report.to_str().unwrap()];
    let mut watching = Watching::start(&desk, &[&["--mark", "it begins"], &papers[..]].concat());
    let lanes = ["new connections", "reused connection"];

    watching.until(&lanes, "ok", 3);
    watching.mark("power off");
    NODES.iter().for_each(|node| desk.cluster.machine(node).unwrap().set(Fault::Dead).unwrap());
    watching.until(&lanes, "tls", 2);
    NODES.iter().for_each(|node| desk.cluster.machine(node).unwrap().clear(Fault::Dead).unwrap());
    watching.until(&lanes, "ok", 3);
    let (code, result) = watching.ends();

    assert_eq!((code, &result["result"]), (1, &"outage".into()), "{result:#}");
    for name in lanes {
        let lane = lane(&result, name);
        let outages = lane["outages"].as_array().unwrap();
        assert!(!outages.is_empty() && outages.iter().all(|outage| outage["is_over"] == true), "{lane:#}");
        assert!(lane["failures"]["tls"].as_u64() >= Some(2), "the balancer hangs up: {lane:#}");
    }
    let ended = lane(&result, "idle watch")["interruptions"].as_array().unwrap();
    assert!(!ended.is_empty(), "the watch ends with its server: {result:#}");
    let marks: Vec<_> = result["marks"].as_array().unwrap().iter().map(|mark| &mark["text"]).collect();
    assert_eq!(marks, ["it begins", "power off"]);
    let (page, report) = (fs::read_to_string(page).unwrap(), fs::read_to_string(report).unwrap());
    assert!(page.contains("<li>") && page.contains("power off") && page.ends_with("</html>\n"), "{page}");
    assert!(report.contains("<failure") && report.ends_with("</testsuites>\n"), "{report}");
}

#[test]
fn a_server_that_stops_behind_a_balancer_is_told_from_the_balancer() {
    let desk = desk();
    let mut watching = Watching::start(&desk, &["--per-node", "--max-outage", "1h"]);
    let machine = desk.cluster.machine("cp2").unwrap();

    watching.until(&["new connections", "cp2, new connections"], "ok", 3);
    machine.set(Fault::Dead).unwrap();
    watching.until(&["cp2, new connections"], "connect-refused", 3);
    watching.until(&["new connections"], "ok", 3);
    machine.clear(Fault::Dead).unwrap();
    watching.until(&["cp2, new connections"], "ok", 3);
    let (code, result) = watching.ends();

    assert_eq!(code, 0, "an hour is allowed: {result:#}");
    let stopped = lane(&result, "cp2, new connections");
    assert!(stopped["failures"]["connect-refused"].as_u64() >= Some(3), "{stopped:#}");
    assert_eq!(stopped["outages"].as_array().unwrap().last().unwrap()["is_over"], true);
    for name in ["cp1, new connections", "cp3, new connections"] {
        assert_eq!(lane(&result, name)["failed"], 0, "{result:#}");
    }
}

#[test]
fn it_ends_by_itself_once_it_is_stable_and_says_so_in_a_sentence() {
    let desk = desk();

    let ran = desk
        .cpctl
        .run_with(&[&["watch", &desk.endpoint(), "--until-stable", "100ms"], &GENTLY[..]].concat(), "");

    let ran = ran.exits(0);
    assert!(
        ran.stdout.contains("no failure seen: at most ") && !ran.stdout.contains("is below"),
        "{}",
        ran.shown()
    );
    assert!(ran.stdout.contains("answered by cp1 "), "{}", ran.shown());
    assert!(!ran.stdout.contains('\x1b') && ran.stderr.is_empty(), "{}", ran.shown());
}

#[test]
fn an_address_that_never_answers_is_one_outage() {
    let desk = Desk::new();

    let ran = desk.run(&[&["watch", &desk.endpoint(), "--for", "100ms"], &GENTLY[..]].concat()).exits(1);

    assert!(ran.stdout.contains("the longest outage took "), "{}", ran.shown());
    assert!(ran.stdout.contains("x509: certificate is valid for "), "no name yet: {}", ran.shown());
    assert!(ran.stderr.contains("new connections fails: x509"), "{}", ran.shown());
}

#[test]
fn without_an_address_it_asks_at_the_inventorys_endpoint() {
    let desk = desk();
    let watch = [&["watch", "--for", "100ms"], &GENTLY[..]].concat();

    let ran = desk.run(&watch).exits(0);
    fs::write(desk.cluster.inventory_path(), "endpoint: [\n").unwrap();
    let unread = desk.run(&watch).exits(2);

    assert!(ran.stdout.starts_with(&desk.endpoint()), "{}", ran.shown());
    assert!(unread.stderr.contains("cpctl.yaml:"), "{}", unread.shown());
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_measured() {
    let desk = Desk::new();

    let ran = desk.run(&["watch", "--html", "nowhere/watch.html"]).exits(2);

    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.starts_with("error: nowhere/watch.html: cannot write\n"), "{}", ran.shown());
    assert!(ran.stderr.contains("hint: check the path: `ls nowhere`"), "{}", ran.shown());
    assert!(Cpctl::at_home(&desk.path("home")).run(&["watch", "--interval", "0s"]).code == 2);
}

#[test]
fn a_result_replaces_nothing_but_a_file_and_has_one_of_its_own() {
    let desk = Desk::new();
    fs::create_dir(desk.path("cluster/pages")).unwrap();

    let onto_directory = desk.run(&["watch", "--html", "pages"]).exits(2);
    let twice = desk.run(&["watch", "--html", "result", "--junit", "result"]).exits(2);

    let told = "error: pages: is a directory\n  hint: name a file in it: `--html pages/watch.html`\n";
    assert_eq!((onto_directory.stdout.as_str(), onto_directory.stderr.as_str()), ("", told));
    assert!(twice.stderr.ends_with("hint: name a file for each\n"), "{}", twice.shown());
}

#[test]
fn how_long_an_outage_may_be_is_told_by_the_inventory_alone_and_by_whose_file() {
    let desk = desk();
    let inventory =
        desk.cluster.inventory_yaml().replace("  - name:", "  - distribution: microk8s\n    name:");
    fs::write(desk.cluster.inventory_path(), &inventory).unwrap();
    let watch = [&["watch", "--predict", "--for", "100ms"], &GENTLY[..]].concat();

    let written = desk.run(&watch).exits(0);
    fs::write(desk.cluster.inventory_path(), inventory + &desk.cluster.balancers_yaml()).unwrap();
    let bare = desk.run(&watch).exits(2);
    let config = desk.cluster.balancer().path(Path::new("/etc/haproxy/haproxy.cfg")).unwrap();
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    fs::copy("fixtures/lint/haproxy/kubeadm.cfg", config).unwrap();
    let had = desk.run(&watch).exits(0);

    let noticed = "a dead server is noticed within ";
    let by = " s by what `lb render haproxy` would write, backend kube_api";
    assert!(written.stdout.contains(noticed) && written.stdout.contains(by), "{}", written.shown());
    assert!(bare.stderr.contains("lb1: none of /etc/haproxy/haproxy.cfg"), "{}", bare.shown());
    let by = "12.0 s by lb1:/etc/haproxy/haproxy.cfg, backend kube_api_nodes";
    assert!(had.stdout.contains(&format!("{noticed}{by}")), "{}", had.shown());
}
