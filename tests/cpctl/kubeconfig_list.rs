//! `$KUBECONFIG` with several files, where context, cluster and user stand in different ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cpctl::rehearse;
use jiff::Timestamp;
use tempfile::TempDir;

use super::harness::Cpctl;

/// A rehearsed cluster whose kubeconfig lies in three files, each in a directory of its own.
struct Desk {
    cluster: rehearse::Cluster,
    home: TempDir,
    cpctl: Cpctl,
}

impl Desk {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let cluster = rehearse::Cluster::start(&home.path().join("cluster"), Timestamp::now()).unwrap();
        let files = ["contexts", "missing", "clusters", "users", "hidden"];
        let files = files.map(|name| home.path().join(name).join("config"));
        let cpctl = Cpctl::at_home(home.path())
            .from(&home.path().join("cluster"))
            .with("KUBECONFIG", std::env::join_paths(files).unwrap());
        let desk = Self { cluster, home, cpctl };
        let server = desk.cluster.targets().remove(0).api.unwrap();
        desk.put(
            "contexts/config",
            "current-context: work\ncontexts:\n- name: work\n  context: {cluster: rehearsal, user: admin}\n",
        );
        desk.put("clusters/ca.crt", desk.cluster.trust());
        desk.put("clusters/config", &format!("# the cluster alone\n{}", cluster_entry(&server)));
        for key in ["client-certificate", "client-key"] {
            desk.put(&format!("users/{key}.pem"), &desk.credential(key));
        }
        desk.put(
            "users/config",
            "current-context: another\nusers:\n- name: admin\n  user: {client-certificate: client-certificate.pem, client-key: client-key.pem}\n",
        );
        desk.put("hidden/config", &cluster_entry("127.0.0.1:1"));
        desk
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.home.path().join(relative)
    }

    fn put(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, directory: &str) -> String {
        fs::read_to_string(self.path(directory).join("config")).unwrap()
    }

    /// What the administrator's kubeconfig holds under `KEY-data`.
    fn credential(&self, key: &str) -> String {
        let text = self.cluster.kubeconfig();
        let line = text.lines().find_map(|line| line.trim().strip_prefix(&format!("{key}-data: "))).unwrap();
        String::from_utf8(STANDARD.decode(line).unwrap()).unwrap()
    }
}

fn cluster_entry(server: &str) -> String {
    format!(
        "clusters:\n- name: rehearsal\n  cluster:\n    server: https://{server}  # here\n    certificate-authority: ca.crt\n"
    )
}

#[test]
fn context_cluster_and_user_may_stand_in_different_files() {
    let desk = Desk::new();
    let address = desk.cluster.endpoint().to_string();
    let name = desk.cluster.endpoint().host.to_string();
    let directories = ["contexts", "clusters", "users", "hidden"];
    let before = directories.map(|directory| desk.text(directory));
    let server = desk.cluster.targets().remove(0).api.unwrap();

    desk.cpctl.run(&["verify", &server]).exits(0);
    desk.cpctl.run(&["verify"]).exits(1);
    desk.cpctl.run(&["certs", "add-san", &name, "--yes"]).exits(0);
    desk.cpctl.run(&["kubeconfig", "repoint"]).exits(0);
    let verified = desk.cpctl.run(&["verify"]).exits(0);

    assert!(verified.stdout.contains(&format!("kubeconfig  {address}")), "{}", verified.shown());
    let after = directories.map(|directory| desk.text(directory));
    let expected = before.clone().map(|text| text.replace(&server, &address));
    assert_eq!(after, expected);
    assert_ne!(after[1], before[1]);
}

#[test]
fn a_plan_keeps_the_list_of_files_and_is_carried_out_without_the_variable() {
    let desk = Desk::new();
    let name = desk.cluster.endpoint().host.to_string();
    let planned = desk.cpctl.run(&["certs", "add-san", &name, "--dry-run", "-o", "json"]).exits(0);
    let plan: serde_json::Value = serde_json::from_str(&planned.stdout).unwrap();
    desk.put("plan.json", &planned.stdout);

    let ran = Cpctl::at_home(desk.home.path()).run(&["apply", "plan.json", "--yes"]).exits(0);

    assert_eq!(plan["cluster"]["kubeconfig"].as_array().unwrap().len(), 4);
    assert!(ran.stdout.contains("cp1, cp2, cp3"), "{}", ran.shown());
    let address = desk.cluster.endpoint().to_string();
    desk.cpctl.run(&["verify", &address]).exits(0);
}
