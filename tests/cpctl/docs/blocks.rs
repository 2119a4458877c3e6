//! The blocks of the README that are commands and files, run and read as they stand there.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use super::{Cpctl, Desk, blocks, text};

#[test]
fn the_first_command_of_the_readme_shows_the_whole_job() {
    let home = tempfile::tempdir().unwrap();
    let block = blocks(&text("README.md"), "sh").remove(0);
    let (cargo, words) = block.trim().split_once(" -- ").unwrap();
    assert_eq!(cargo, "cargo run --release");

    let ran = Cpctl::at_home(home.path()).run(&words.split(' ').collect::<Vec<_>>()).exits(0);

    assert!(ran.stdout.contains(", failed 0\n"), "{}", ran.shown());
    assert!(ran.stdout.contains("API servers restarted 0, pods killed 0"), "{}", ran.shown());
}

#[test]
fn the_second_command_of_the_readme_and_its_benches_are_there() {
    let blocks = blocks(&text("README.md"), "sh");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = root.join(blocks[1].trim());
    let manifest = text("Cargo.toml");

    let is_shell = Command::new("sh").arg("-n").arg(&script).status().unwrap().success();
    let mode = fs::metadata(&script).unwrap().permissions().mode();
    let benches = blocks.iter().flat_map(|block| block.lines());
    let benches: Vec<&str> = benches.filter_map(|line| line.strip_prefix("cargo bench --bench ")).collect();

    assert!(is_shell && mode & 0o111 == 0o111, "{} runs", script.display());
    assert_eq!(benches.len(), 4);
    for bench in benches {
        assert!(manifest.contains(&format!("[[bench]]\nname = \"{bench}\"\n")), "{bench}");
        assert!(root.join(format!("benches/{bench}.rs")).exists(), "{bench}");
    }
}

#[test]
fn the_inventory_in_the_readme_leads_the_verbs_to_its_nodes() {
    let desk = Desk::new();
    let block = blocks(&text("README.md"), "yaml").remove(0);
    let (inventory, config) = (desk.path("home/readme.yaml"), desk.path("home/ssh_config"));
    fs::write(&inventory, block).unwrap();
    fs::write(&config, "Host *\n  ProxyCommand exit 1\n").unwrap();
    let way = ["--inventory", inventory.to_str().unwrap(), "-F", config.to_str().unwrap()];

    let ran = desk.run(&[&["nodes"], &way[..]].concat()).exits(2);

    for words in
        ["cp1: cannot connect to 172.22.22.11:22: ", "cp2: cannot connect to bastion.example.com:22: "]
    {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.shown());
    }
    assert!(ran.stderr.contains("root@172.22.22.11 true`"), "{}", ran.shown());
}

#[test]
fn the_balancers_of_the_readme_are_written_from_its_inventory() {
    let home = tempfile::tempdir().unwrap();
    let readme = text("README.md");
    fs::write(home.path().join("cpctl.yaml"), blocks(&readme, "yaml").remove(0)).unwrap();
    let block = blocks(&readme, "sh").into_iter().find(|block| block.contains("lb render")).unwrap();

    for line in block.lines() {
        Cpctl::at_home(home.path()).run(&line.split(' ').skip(1).collect::<Vec<_>>()).exits(0);
    }

    for file in ["lb/etc/haproxy/haproxy.cfg", "lb/lb1/etc/keepalived/keepalived.conf"] {
        assert!(readme.contains(&format!("`{file}`")) && home.path().join(file).exists(), "{file}");
    }
}
