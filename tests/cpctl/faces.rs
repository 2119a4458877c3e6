//! What every verb says, on standard output, on standard error and by its exit code, on a rehearsed cluster.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cpctl::rehearse::{Fault, Kind};

use super::{desk::Desk, harness::Ran, told::assert_told};

mod certificates;
mod refusals;
mod streams;

#[test]
fn looking_says_what_is_served_and_what_is_wrong() {
    let desk = Desk::new();
    let first = desk.cluster.targets()[0].api.clone().unwrap();

    assert_told!("verify", &desk.plays(&[&["verify"], &["verify", &desk.endpoint()]]));
    assert_told!("verify-json", &desk.says(&["verify", "-o", "json"]));
    assert_told!("nodes", &desk.plays(&[&["nodes"], &["nodes", "-o", "json"], &["nodes", "-o", "yaml"]]));
    desk.leads_all_to("cp1");
    assert_told!(
        "inspect",
        &desk.plays(&[
            &["certs", "inspect"],
            &["certs", "inspect", &first, "--require", "cp.example.internal"],
        ]),
    );
    assert_told!("inspect-json", &desk.says(&["certs", "inspect", "-o", "json"]));
}

#[test]
fn a_certificate_is_read_from_the_wire_a_file_and_standard_input_alike() {
    let desk = Desk::new();
    let first = desk.cluster.targets()[0].api.clone().unwrap();

    let pem = desk.run(&["certs", "inspect", &first, "-o", "pem"]).exits(0);
    assert!(
        pem.stdout.starts_with("-----BEGIN CERTIFICATE-----\n") && pem.stderr.is_empty(),
        "{}",
        pem.shown()
    );
    fs::write(desk.path("cluster/server.crt"), &pem.stdout).unwrap();

    let file = ["certs", "inspect", "server.crt"];
    assert_told!("inspect-file", &desk.plays(&[&file, &[&file[..], &["-o", "json"]].concat()]));
    let from_stdin = desk.cpctl.run_with(&["certs", "inspect", "-"], &pem.stdout).exits(0);
    assert_eq!(from_stdin.stdout, desk.run(&file).stdout.replacen("server.crt", "-", 1));
    assert_eq!(desk.run(&[&file[..], &["-o", "pem"]].concat()).exits(0).stdout, pem.stdout);
}

#[test]
fn many_servers_are_told_on_a_line_each() {
    let desk = Desk::new();
    let first = desk.cluster.targets()[0].api.clone().unwrap();
    let mut args = vec!["certs", "inspect"];
    args.extend(std::iter::repeat_n(first.as_str(), 16));
    args.push("127.0.0.1:1");

    let ran = desk.run(&args).exits(1);

    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= 140), "{}", ran.shown());
    assert_eq!(lines.len(), 16 + 1 + 2, "a line each, and the finding with its remedy: {}", ran.shown());
    let of_first = lines.iter().find(|line| line.starts_with(first.as_str())).unwrap();
    assert_told!(
        "inspect-many",
        &desk.told(&["certs", "inspect", "..."], &Ran { stdout: format!("{of_first}\n"), ..ran }),
    );
}

#[test]
fn the_main_job_says_what_it_does_from_the_plan_to_the_way_back() {
    let desk = Desk::new();
    let vip = desk.cluster.endpoint().host.to_string();
    let add_san = ["certs", "add-san", &vip];
    let add_san_json = [&add_san[..], &["--yes", "-o", "json"]].concat();
    let repoint = ["kubeconfig", "repoint"];
    let dry_run = ["--dry-run", "-o", "json"];

    assert_told!("add-san-dry-run", &desk.says(&[&add_san[..], &["--dry-run"]].concat()));
    assert_told!("add-san-plan", &desk.says(&[&add_san[..], &dry_run].concat()));
    assert_told!(
        "add-san",
        &desk.plays(&[&add_san, &[&add_san[..], &["--yes"]].concat(), &add_san, &add_san_json]),
    );
    assert_told!("repoint-plan", &desk.says(&[&repoint[..], &dry_run].concat()));
    assert_told!(
        "repoint",
        &desk.plays(&[&[&repoint[..], &["--dry-run"]].concat(), &repoint, &repoint, &["verify"]]),
    );
    assert_told!(
        "runs",
        &desk.plays(&[&["runs"], &["runs", "-o", "json"], &["resume"], &["resume", "-o", "json"]]),
    );
    let runs = parsed(&desk.run(&["runs", "-o", "json"]).stdout);
    let first = runs["runs"][0]["run"].as_str().unwrap();
    assert_told!(
        "undo",
        &desk.plays(&[
            &["undo", first, "--yes"],
            &["undo"],
            &["undo", "--yes"],
            &["undo", "--yes", "-o", "json"],
            &["undo", "--yes"],
            &["undo", first, "--yes"],
            &["resume", first],
            &["runs"],
        ]),
    );
}

#[test]
fn a_saved_plan_is_carried_out_exactly() {
    let desk = Desk::new();
    let plan = desk.run(&["certs", "add-san", "cp.example.internal", "--dry-run", "-o", "json"]).exits(0);
    assert_eq!(plan.stderr, "");
    fs::write(desk.path("cluster/plan.json"), &plan.stdout).unwrap();

    let asked = desk.run(&["apply", "plan.json"]).exits(2);
    assert!(asked.stderr.contains("add DNS.6 = cp.example.internal"), "the plan is shown: {}", asked.shown());
    assert_told!("apply", &desk.says(&["apply", "plan.json", "--yes"]));

    assert_eq!(journalled(&desk), [parsed(&plan.stdout)]);
    let nodes: Vec<String> = desk.cluster.targets().into_iter().filter_map(|target| target.api).collect();
    let require = ["certs", "inspect", "--require", "cp.example.internal", &nodes[0], &nodes[1], &nodes[2]];
    desk.run(&require).exits(0);
}

#[test]
fn a_saved_plan_is_refused_where_the_files_have_changed_since() {
    let desk = Desk::new();
    let plan = desk.run(&["kubeconfig", "repoint", "--no-verify", "--dry-run", "-o", "json"]).exits(0);
    fs::write(desk.path("cluster/plan.json"), &plan.stdout).unwrap();
    let drifted =
        fs::read_to_string(desk.kubeconfig()).unwrap().replace("https://127.0.0.1", "https://127.0.0.8");
    fs::write(desk.kubeconfig(), &drifted).unwrap();

    assert_told!("apply-drifted", &desk.says(&["apply", "plan.json", "--yes"]));
    assert_eq!(fs::read_to_string(desk.kubeconfig()).unwrap(), drifted);
    desk.run(&["apply", "plan.json", "--yes"]).exits(2);
}

fn parsed(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// The plans of all journals here.
fn journalled(desk: &Desk) -> Vec<serde_json::Value> {
    let mut journals = vec![];
    let mut stack = vec![desk.path("home/.local/state/cpctl")];
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "jsonl") {
            journals.push(path);
        }
    }
    let plan = |journal: &PathBuf| {
        parsed(fs::read_to_string(journal).unwrap().lines().next().unwrap())["plan"].clone()
    };
    journals.iter().map(plan).collect()
}

#[test]
fn the_slips_of_a_kubeconfig_written_by_hand_are_named() {
    let desk = Desk::new();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeconfigs/blog-typos.yaml");
    fs::copy(fixture, desk.path("cluster/by-hand")).unwrap();
    fs::remove_file(desk.cluster.inventory_path()).unwrap();

    let dry_run = ["kubeconfig", "repoint", "--to", "172.22.22.3:16443", "--no-verify", "--dry-run"];
    assert_told!("slips", &desk.says(&[&dry_run[..], &["--kubeconfig", "by-hand"]].concat()));
}

#[test]
fn a_node_that_is_down_stops_a_change_and_is_told_by_a_check() {
    let desk = Desk::new();
    let inventory = fs::read_to_string(desk.cluster.inventory_path()).unwrap();
    let second = desk.cluster.targets()[1].api.clone().unwrap();
    fs::write(desk.cluster.inventory_path(), inventory.replace(&second, "127.0.0.1:1")).unwrap();
    desk.leads_all_to("cp2");

    assert_told!(
        "down",
        &desk.plays(&[
            &["certs", "add-san", "cp.example.internal", "--yes"],
            &["verify"],
            &["verify", "-o", "json"],
            &["certs", "inspect"],
        ]),
    );
}

#[test]
fn a_node_that_is_taken_back_is_told_with_what_was_restarted_there() {
    let desk = Desk::new();
    let plan = desk.run(&["certs", "add-san", "cp.example.internal", "--dry-run", "-o", "json"]).exits(0);
    let mut plan = parsed(&plan.stdout);
    plan["steps"][1]["proof"]["covers"] = serde_json::json!(["never.example"]);
    for within in ["/steps/1/proof/within", "/steps/1/settle/0/within"] {
        *plan.pointer_mut(within).unwrap() = serde_json::json!({"secs": 0, "nanos": 0});
    }
    fs::write(desk.path("cluster/plan.json"), plan.to_string()).unwrap();
    desk.cluster.machine("cp2").unwrap().set(Fault::NoHotReload).unwrap();

    let apply = ["apply", "plan.json", "--yes"];
    assert_told!("taken-back", &desk.says(&apply));
    assert_told!("taken-back-json", &desk.says(&[&apply[..], &["-o", "json", "--quiet"]].concat()));
}

#[test]
fn a_plan_over_ten_nodes_of_every_kind_can_be_read() {
    let desk = Desk::mixed(&[Kind::ALL; 2].as_flattened()[..10]);

    let said = desk.says(&["certs", "add-san", "cp.example.internal", "--dry-run"]);

    assert_told!("plan-of-ten", said);
}
