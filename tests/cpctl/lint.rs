//! `lb lint` as its users start it.

use std::{fs, path::Path};

use cpctl::report::Code;

use super::{
    desk::Desk,
    docs::text,
    harness::{Cpctl, Ran},
    told::assert_told,
};

fn home_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    home
}

fn lint(home: &Path, words: &[&str]) -> Ran {
    Cpctl::at_home(home).run(&[&["lb", "lint"], words].concat())
}

#[test]
fn a_file_is_judged_for_people_and_for_programs() {
    let three = text("fixtures/lint/opnsense/three-servers.cfg");
    let home = home_with(&[("opnsense.cfg", &three)]);

    let people = lint(home.path(), &["opnsense.cfg"]).exits(0);
    let programs = lint(home.path(), &["opnsense.cfg", "-o", "json"]).exits(0);

    assert_told!("lint", [people.shown(), programs.shown()].join("\n"));
}

#[test]
fn the_exit_code_tells_what_was_found_as_bad_as_asked() {
    let good = text("fixtures/lint/haproxy/kubeadm.cfg");
    let warned = good.replace("balance leastconn", "balance source");
    let failed = good.replace("10.0.0.2:6443 check", "10.0.0.2:6443");
    let home = home_with(&[("good", &good), ("warned", &warned), ("failed", &failed)]);

    for (file, code, strict) in [("good", 0, 0), ("warned", 0, 1), ("failed", 1, 1)] {
        assert_eq!(lint(home.path(), &[file]).code, code, "{file}");
        assert_eq!(lint(home.path(), &[file, "--fail-on", "warn"]).code, strict, "{file}");
    }
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let faulty = text("fixtures/lint/haproxy/faulty.cfg");
    let home = home_with(&[("haproxy.cfg", &faulty)]);

    let typed = Cpctl::at_home(home.path()).run_with(&["lb", "lint", "-"], &faulty).exits(1);

    let read = lint(home.path(), &["haproxy.cfg"]).exits(1);
    assert_eq!(typed.stdout.replace(" -:", " haproxy.cfg:").replace("\n-:", "\nhaproxy.cfg:"), read.stdout);
}

#[test]
fn a_file_that_nothing_tells_is_taken_for_what_is_said() {
    let home = home_with(&[("cut.cfg", "server a 10.0.0.1:6443\n")]);

    let unknown = lint(home.path(), &["cut.cfg"]).exits(1);
    let said = lint(home.path(), &["cut.cfg", "--kind", "haproxy"]).exits(0);

    assert!(unknown.stdout.contains("[kind-unknown]\n     say it with `--kind`"), "{}", unknown.shown());
    assert_eq!(said.stdout, "cut.cfg: haproxy, in which no pool of API servers is seen\n");
}

#[test]
fn the_inventory_here_is_what_a_file_is_held_against() {
    let good = text("fixtures/lint/haproxy/kubeadm.cfg");
    let inventory = "nodes:\n- {name: cp1, host: 10.0.0.1}\n- {name: cp4, host: 10.0.0.4}\n";
    let home = home_with(&[("haproxy.cfg", &good), ("cpctl.yaml", inventory)]);

    let told = lint(home.path(), &["haproxy.cfg"]).exits(1);

    let codes: Vec<_> =
        told.stdout.lines().filter_map(|line| line.rsplit_once(" [")).map(|(_, code)| code).collect();
    assert_eq!(codes, ["server-not-in-cluster]", "node-not-in-pool]", "server-not-in-cluster]"]);
}

#[test]
fn what_steers_a_terminal_is_told_in_letters_and_a_long_line_is_cut() {
    let home = home_with(&[]);
    let servers = "server a 10.0.0.1:6443 check\u{1b}]0;x\u{7} ".to_owned() + &"y".repeat(5_000);
    let long = format!("backend kubeapi\n    {servers}\n");

    let told = Cpctl::at_home(home.path()).run_with(&["lb", "lint", "--kind", "haproxy", "-"], &long);

    assert!(told.stdout.contains("check\\u{1b}]0;x\\u{7} yyy"), "{}", told.shown());
    assert!(!told.stdout.contains(['\u{1b}', '\u{7}']), "{}", told.shown());
    let quotes: Vec<_> = told.stdout.lines().filter(|line| line.starts_with("   | ")).collect();
    assert!(!quotes.is_empty() && quotes.iter().all(|quote| quote.chars().count() < 250), "{quotes:?}");
}

#[test]
fn what_is_no_text_is_refused_with_what_to_do() {
    let home = home_with(&[("nul", "global\0\n")]);
    fs::write(home.path().join("latin1"), b"# gr\xfc\xdfe\n").unwrap();
    fs::create_dir(home.path().join("etc")).unwrap();

    for (file, said) in [
        ("nul", "error: nul: is no text\n  hint: see what it is: `file nul`\n"),
        (
            "latin1",
            "error: latin1: is not in UTF-8\n  hint: write it anew: `iconv -f latin1 -t utf-8 latin1`\n",
        ),
        ("etc", "error: etc: is a directory\n  hint: name the files in it: `etc/*`\n"),
    ] {
        assert_eq!(lint(home.path(), &[file]).exits(2).stderr, said);
    }
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let home = home_with(&[]);

    let ran = lint(home.path(), &["none.cfg"]).exits(2);

    assert_eq!(
        ran.stderr,
        "error: none.cfg: cannot read\n  cause: No such file or directory (os error 2)\n  hint: check the path: `ls .`\n"
    );
}

#[test]
fn a_finding_is_explained_at_length_and_all_of_them_in_a_line_each() {
    let home = home_with(&[]);
    let explain = |words: &[&str]| Cpctl::at_home(home.path()).run(&[&["explain"], words].concat());

    let one = explain(&["idle-cut"]).exits(0);
    let told = explain(&["[idle-cut]"]).exits(0);
    let programs = explain(&["idle-cut", "-o", "json"]).exits(0);
    let all = explain(&[]).exits(0);
    let unknown = explain(&["idle-cat"]).exits(2);

    assert_eq!(one, told);
    assert_eq!(all.stdout.lines().count(), Code::ALL.len());
    assert_told!("explained", [one.shown(), programs.shown(), unknown.shown()].join("\n"));
}

#[test]
fn the_files_on_the_balancers_are_read_there() {
    let desk = with_balancers();

    let none = desk.run(&["lb", "lint", "--remote"]).exits(2);
    put(&desk, "/etc/haproxy/haproxy.cfg", text("fixtures/lint/opnsense/three-servers.cfg"));
    let told = desk.run(&["lb", "lint", "--remote"]).exits(0);

    assert!(none.stderr.starts_with("error: lb1: none of /etc/haproxy/haproxy.cfg, "), "{}", none.shown());
    assert!(
        told.stdout.contains("lb1:/etc/haproxy/haproxy.cfg:14: a dead server gets clients for up to 1m"),
        "{}",
        told.shown()
    );
}

fn with_balancers() -> Desk {
    let desk = Desk::new();
    let balancers = desk.cluster.balancers_yaml();
    fs::write(desk.cluster.inventory_path(), desk.cluster.inventory_yaml() + &balancers).unwrap();
    desk
}

fn put(desk: &Desk, path: &str, bytes: impl AsRef<[u8]>) {
    let path = desk.path(&format!("cluster/lb1{path}"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn the_files_that_those_name_are_read_there_too() {
    let desk = with_balancers();
    let write = |path: &str, text: String| put(&desk, path, text);
    let of = |path: &str| text(&format!("fixtures/lint/{path}"));
    write("/etc/keepalived/keepalived.conf", of("keepalived/included/keepalived.conf"));
    write("/etc/keepalived/conf.d/vip.conf", of("keepalived/included/conf.d/vip.conf"));
    let script = of("keepalived/included/conf.d/script.conf")
        .replace("/usr/bin/curl -s https://127.0.0.1:6443/readyz", "/etc/keepalived/check.sh");
    write("/etc/keepalived/conf.d/script.conf", script);
    write("/etc/keepalived/check.sh", "#!/bin/sh\nsystemctl stop keepalived # kube\n".into());
    write("/etc/nginx/nginx.conf", of("nginx/included/nginx.conf"));
    write("/etc/nginx/stream.d/api.conf", of("nginx/included/stream.d/api.conf"));

    let told = desk.run(&["lb", "lint", "--remote"]).exits(1);

    for finding in [
        "lb1:/etc/keepalived/conf.d/vip.conf:4: every example has 51",
        "lb1:/etc/keepalived/check.sh:2: a check that stops something",
        "lb1:/etc/nginx/stream.d/api.conf:",
    ] {
        assert!(told.stdout.contains(finding), "{finding}\n{}", told.shown());
    }
}

#[test]
fn what_the_kernel_of_a_balancer_lets_a_proxy_listen_on_is_asked_there() {
    let desk = with_balancers();
    let write = |path: &str, text: &str| put(&desk, path, text);
    write("/etc/nginx/nginx.conf", &text("fixtures/lint/nginx/pair-bound/nginx.conf"));
    write("/etc/keepalived/keepalived.conf", &text("fixtures/lint/nginx/pair-bound/keepalived.conf"));
    let told = |running: &str, file: &str| {
        write("/proc/sys/net/ipv4/ip_nonlocal_bind", running);
        write("/etc/sysctl.d/60-vip.conf", file);
        let told = desk.run(&["lb", "lint", "--remote"]);
        told.stdout.lines().find(|line| line.ends_with("[bind-away]")).map(str::to_owned)
    };
    let on = "net.ipv4.ip_nonlocal_bind = 1\n";

    assert_eq!(told("1\n", on), None);
    for (running, file, said) in [
        ("0\n", "", "cannot listen there, unless its net.ipv4.ip_nonlocal_bind is 1"),
        ("1\n", "", "after its next start it does not"),
        ("0\n", on, "the kernel has not taken it in"),
    ] {
        let told = told(running, file).unwrap();
        assert!(told.starts_with("note lb1:/etc/nginx/nginx.conf:13: ") && told.contains(said), "{told}");
    }

    put(&desk, "/etc/sysctl.d/50-latin1.conf", [b"# f\xfcr\n", on.as_bytes()].concat());
    assert_eq!(told("1\n", ""), None);
}

#[test]
fn a_balancer_that_keeps_quiet_about_its_loopback_is_asked_there() {
    let desk = with_balancers();
    let of = |file: &str| text(&format!("fixtures/lint/keepalived/loopback-clean/{file}"));
    let is_told = || desk.run(&["lb", "lint", "--remote"]).stdout.contains("[vip-on-loopback]");

    put(&desk, "/etc/keepalived/keepalived.conf", of("keepalived.conf"));
    let loud = is_told();
    put(&desk, "/etc/sysctl.d/60-direct.conf", of("60-direct.conf"));

    assert_eq!((loud, is_told()), (true, false));
}

#[test]
fn to_read_on_balancers_that_nobody_names_is_an_error() {
    let home = home_with(&[]);

    let ran = lint(home.path(), &["--remote"]).exits(2);

    assert_eq!(
        ran.stderr,
        "error: no balancer's machine is named\n  hint: list them below `balancers:` in the inventory\n"
    );
}
