//! What every verb says, on standard output, on standard error and by its exit code, on a rehearsed cluster.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use cpctl::{outcome::Exit, rehearse};
use insta::assert_snapshot;
use jiff::Timestamp;

use super::{
    desk::Desk,
    harness::{Cpctl, Ran},
};

/// Compares with the snapshot of this name, whatever the day, the certificates and the run.
macro_rules! assert_says {
    ($name:expr, $text:expr) => {
        insta::with_settings!({ filters => vec![
            (r"\b\d{8}-\d{6}-[0-9a-z]{4}\b", "yyyymmdd-hhmmss-rand"),
            (r"\b[0-9a-f]{64}\b", "[sha256]"),
            (r"\b[0-9a-f]{30,40}\b", "[serial]"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-01-01 00:00"),
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-01-01T00:00:00Z"),
            (r"-----BEGIN CERTIFICATE-----(\\n|[A-Za-z0-9+/=\s])+-----END CERTIFICATE-----", "[certificate]"),
            (r"\b27[345] days", "274 days"),
        ] }, { assert_snapshot!($name, $text) });
    };
}

#[test]
fn looking_says_what_is_served_and_what_is_wrong() {
    let desk = Desk::new();
    let first = desk.cluster.targets()[0].api.clone().unwrap();

    assert_says!(
        "inspect",
        desk.plays(&[
            &["certs", "inspect"],
            &["certs", "inspect", &first, "--require", "cp.example.internal"]
        ])
    );
    assert_says!("inspect-json", desk.says(&["certs", "inspect", "-o", "json"]));
    assert_says!("verify", desk.plays(&[&["verify"], &["verify", &desk.endpoint()]]));
    assert_says!("verify-json", desk.says(&["verify", "-o", "json"]));
    assert_says!("nodes", desk.plays(&[&["nodes"], &["nodes", "-o", "json"], &["nodes", "-o", "yaml"]]));
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
    assert_says!("inspect-file", desk.plays(&[&file, &[&file[..], &["-o", "json"]].concat()]));
    let from_stdin = desk.run_with(&["certs", "inspect", "-"], &pem.stdout).exits(0);
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
    assert_says!(
        "inspect-many",
        desk.told(&["certs", "inspect", "..."], &Ran { stdout: format!("{of_first}\n"), ..ran })
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

    assert_says!("add-san-dry-run", desk.says(&[&add_san[..], &["--dry-run"]].concat()));
    assert_says!("add-san-plan", desk.says(&[&add_san[..], &dry_run].concat()));
    assert_says!(
        "add-san",
        desk.plays(&[&add_san, &[&add_san[..], &["--yes"]].concat(), &add_san, &add_san_json])
    );
    assert_says!("repoint-plan", desk.says(&[&repoint[..], &dry_run].concat()));
    assert_says!(
        "repoint",
        desk.plays(&[&[&repoint[..], &["--dry-run"]].concat(), &repoint, &repoint, &["verify"]])
    );
    assert_says!(
        "runs",
        desk.plays(&[&["runs"], &["runs", "-o", "json"], &["resume"], &["resume", "-o", "json"]])
    );
    let runs = parsed(&desk.run(&["runs", "-o", "json"]).stdout);
    let first = runs["runs"][0]["run"].as_str().unwrap();
    assert_says!(
        "undo",
        desk.plays(&[
            &["undo", first, "--yes"],
            &["undo"],
            &["undo", "--yes"],
            &["undo", "--yes", "-o", "json"],
            &["undo", "--yes"],
            &["undo", first, "--yes"],
            &["resume", first],
            &["runs"],
        ])
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
    assert_says!("apply", desk.says(&["apply", "plan.json", "--yes"]));

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

    assert_says!("apply-drifted", desk.says(&["apply", "plan.json", "--yes"]));
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
fn what_cannot_be_done_is_refused_with_the_name_the_reason_and_what_to_type() {
    let desk = Desk::new();
    let good = fs::read_to_string(desk.kubeconfig()).unwrap();
    let write = |name: &str, text: &str| fs::write(desk.path("cluster").join(name), text).unwrap();
    write("no-ca", &without_line(&good, "certificate-authority-data"));
    write("other-ca", &with_other_ca(&good));
    write("misspelt-ca", &good.replace("certificate-authority-data", "certificate-authorty-data"));
    write("plain-http", &good.replace("server: https://", "server: http://"));
    write("broken", &good.replace("contexts:", "contexts: ["));
    write("bad.yaml", "endpoint: 172.22.22.3:16443\nnodes:\n  - name: cp1\n    hots: 10.0.0.1\n");
    write("empty.yaml", "");
    write("plan.txt", "not a plan");
    write("no.crt", "no certificate");

    let shown = |commands: &[&[&str]]| {
        for args in commands {
            let ran = desk.run(args);
            assert!([1, 2].contains(&ran.code), "{args:?}: {}", ran.shown());
        }
        desk.plays(commands)
    };
    assert_says!(
        "refused-kubeconfigs",
        shown(&[
            &["verify", "--kubeconfig", "nowhere"],
            &["verify", "--context", "rehearsel"],
            &["verify", "--kubeconfig", "broken"],
            &["verify", "--kubeconfig", "plain-http"],
            &["verify", "--kubeconfig", "no-ca"],
            &["verify", "--kubeconfig", "misspelt-ca"],
            &["verify", "--kubeconfig", "other-ca"],
            &["certs", "add-san", "cp.example.internal", "--yes", "--kubeconfig", "no-ca"],
            &["certs", "add-san", "cp.example.internal", "--yes", "--kubeconfig", "other-ca"],
            &["kubeconfig", "repoint", "--kubeconfig", "no-ca"],
            &["kubeconfig", "repoint", "--kubeconfig", "other-ca"],
        ])
    );
    assert_says!(
        "refused-inventories",
        shown(&[
            &["nodes", "--inventory", "nowhere.yaml"],
            &["nodes", "--inventory", "bad.yaml"],
            &["nodes", "--inventory", "empty.yaml"],
            &["nodes", "--inventory", "cpctl.yaml", "--node", "cp1"],
            &["certs", "add-san", "cp.example.internal", "--limit", "cp9"],
        ])
    );
    assert_says!(
        "refused-files",
        shown(&[
            &["certs", "inspect", "./nowhere.crt"],
            &["certs", "inspect", "no.crt"],
            &["apply", "nowhere.json"],
            &["apply", "plan.txt"],
            &["undo", "20200101-000000-zzzz", "--yes"],
        ])
    );
    assert_says!(
        "refused-addresses",
        shown(&[
            &["kubeconfig", "repoint"],
            &["kubeconfig", "repoint", "--to", "127.0.0.1:1"],
            &["kubeconfig", "repoint", "--to", "http://127.0.0.3"],
            &["verify", "127.0.0.1:1"],
            &["certs", "inspect", "127.0.0.1:1"],
            &["certs", "inspect", "[::1"],
        ])
    );
    assert_says!(
        "refused-words",
        shown(&[
            &["certs", "add-san", "cp.example.internal", "--dryrun"],
            &["cert", "inspect"],
            &["certs", "add-san"],
            &["verify", "--request-timeout", "5h"],
            &["completions", "tcsh"],
            &["certs", "inspect", "-q", "-v"],
        ])
    );
    assert_eq!(journalled(&desk), Vec::<serde_json::Value>::new(), "nothing was begun");
}

#[test]
fn an_invalid_name_is_refused_before_anything_is_asked() {
    let desk = Desk::new();
    let long = "a".repeat(300);
    let names =
        ["*.10.0.0.1", "10.0.0.256", "[::1", "", &long, "under score", "-dash.example", "https://host"];
    for name in names {
        let ran = desk.run(&["certs", "add-san", "--yes", "--", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name:?}: {}", ran.shown());
    }

    assert_says!("refused-names", names.map(|name| desk.says(&["certs", "add-san", "--", name])).join("\n"));
}

#[test]
fn a_refusal_is_json_where_json_was_asked_for() {
    let desk = Desk::new();

    assert_says!(
        "refused-json",
        desk.plays(&[&["kubeconfig", "repoint", "-o", "json"], &["apply", "nowhere.json", "-o", "json"]])
    );
}

#[test]
fn the_slips_of_a_kubeconfig_written_by_hand_are_named() {
    let desk = Desk::new();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeconfigs/blog-typos.yaml");
    fs::copy(fixture, desk.path("cluster/by-hand")).unwrap();
    fs::remove_file(desk.cluster.inventory_path()).unwrap();

    let dry_run = ["kubeconfig", "repoint", "--to", "172.22.22.3:16443", "--no-verify", "--dry-run"];
    assert_says!("slips", desk.says(&[&dry_run[..], &["--kubeconfig", "by-hand"]].concat()));
}

#[test]
fn a_node_that_is_down_stops_a_change_and_is_told_by_a_check() {
    let desk = Desk::new();
    let inventory = fs::read_to_string(desk.cluster.inventory_path()).unwrap();
    let second = desk.cluster.targets()[1].api.clone().unwrap();
    fs::write(desk.cluster.inventory_path(), inventory.replace(&second, "127.0.0.1:1")).unwrap();

    assert_says!(
        "down",
        desk.plays(&[
            &["certs", "add-san", "cp.example.internal", "--yes"],
            &["verify"],
            &["verify", "-o", "json"],
            &["certs", "inspect"]
        ])
    );
}

#[test]
fn quiet_says_nothing_but_results_and_errors_and_verbose_says_each_wait() {
    let desk = Desk::new();

    let ran = desk.run(&["certs", "add-san", "cp.example.internal", "--yes", "--quiet"]).exits(0);
    assert!(ran.stderr.is_empty() && ran.stdout.contains("done on cp1, cp2, cp3"), "{}", ran.shown());
    let ran = desk.run(&["undo", "--yes", "--verbose"]).exits(0);
    assert!(ran.stderr.contains("cp1: wait until ") && ran.stderr.lines().count() > 10, "{}", ran.shown());
    let ran = desk.run(&["apply", "nowhere.json", "--quiet"]).exits(2);
    assert!(ran.stderr.contains("nowhere.json: cannot read"), "{}", ran.shown());
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
    desk.cluster.machine("cp2").unwrap().set(rehearse::Fault::NoHotReload).unwrap();

    let apply = ["apply", "plan.json", "--yes"];
    assert_says!("taken-back", desk.says(&apply));
    assert_says!("taken-back-json", desk.says(&[&apply[..], &["-o", "json", "--quiet"]].concat()));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    let first = desk.cluster.targets()[0].api.clone().unwrap();
    let mut many = vec!["certs", "inspect"];
    many.extend(std::iter::repeat_n(first.as_str(), 40));
    for args in [&["certs", "inspect", "-o", "json"][..], &["completions", "bash"], &["--help"], &many] {
        let mut child =
            desk.cpctl.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());

        let output = child.wait_with_output().unwrap();

        assert!([Some(0), Some(Exit::No as i32)].contains(&output.status.code()), "{args:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let desk = Desk::new();
    let cpctl = || Cpctl::at_home(&desk.path("home")).from(&desk.path("cluster"));
    let has_colours = |ran: &Ran| ran.stdout.contains('\x1b') || ran.stderr.contains('\x1b');

    let forced = cpctl().with("CLICOLOR_FORCE", "1");
    assert!(has_colours(&forced.run(&["verify"])), "they can be forced, so their absence means something");
    assert!(has_colours(&forced.run(&["apply", "nowhere.json"])));
    let without = cpctl().with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1");
    for args in
        [&["verify"][..], &["apply", "nowhere.json"], &["kubeconfig", "repoint"], &["certs", "inspect"]]
    {
        assert!(!has_colours(&without.run(args)), "{args:?}");
    }
}

#[test]
fn a_closed_standard_input_answers_no_question() {
    let desk = Desk::new();
    let line = format!("exec {} certs add-san cp.example.internal <&-", Cpctl::binary());
    let mut command = std::process::Command::new("sh");
    desk.cpctl.scrub(command.args(["-c", &line]));

    let ran = Ran::of(&mut command).exits(2);

    assert!(ran.stderr.contains("nobody can be asked"), "{}", ran.shown());
}

fn without_line(text: &str, word: &str) -> String {
    text.lines().filter(|line| !line.contains(word)).map(|line| format!("{line}\n")).collect()
}

/// The kubeconfig with the CA of another cluster of the same kind.
fn with_other_ca(text: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let other = rehearse::Cluster::start(directory.path(), Timestamp::now()).unwrap().kubeconfig();
    let line = |text: &str| {
        text.lines().find(|line| line.contains("certificate-authority-data")).unwrap().to_owned()
    };
    text.replace(&line(text), &line(&other))
}
