//! Every shape of a file that somebody signs from by hand, with OpenSSL or cfssl.

use std::{fs, path::Path};

use super::*;

const NAMES: [&str; 2] = ["172.22.22.3", "cp.example.internal"];

/// What an operator is told of the file, where it stands beside the certificate.
fn told_of(path: &Path) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    let place = if name.ends_with(".json") { "kubernetes-csr.json" } else { "ca.conf" };
    let text = fs::read_to_string(path).unwrap();
    let cluster =
        Cluster::old().on(|machine| machine.with_file(&format!("/var/lib/kubernetes/{place}"), &text));
    let found = cluster.observe().cautions(&Want::Add(set(&NAMES)));
    let lines: String =
        found.iter().map(|finding| format!("  {}: {}\n", finding.code.id(), finding.message)).collect();
    format!("{name}\n{lines}")
}

#[test]
fn every_shape_is_read_for_the_names_that_it_lacks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/byhand/signing");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();

    let told: Vec<_> = files.iter().map(|path| told_of(path)).collect();

    insta::assert_snapshot!(told.join("\n"));
}
