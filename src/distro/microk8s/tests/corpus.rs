//! Every shape that a template is found in, from the look to the plan.

use std::fs;

use super::*;

const TEMPLATE: &str = "/var/snap/microk8s/current/certs/csr.conf.template";

/// What is read and what is planned, in the words that an operator reads.
fn told_of(name: &str) -> String {
    let cluster = cluster(&fixture(&format!("templates/{name}")));
    let planned = match cluster.plan(&["172.22.22.9", "new.example.com"]) {
        Ok(step) => edit(&step.unwrap()),
        Err(findings) => {
            let line = |finding: &Finding| format!("{}: {}", finding.code.id(), finding.message);
            findings.iter().map(line).collect::<Vec<_>>().join("\n  ")
        }
    };
    format!("{name}: {}\n  {planned}\n", cluster.observe().configured())
        .replace("/var/snap/microk8s/current", "$SNAP_DATA")
}

/// A node that serves what MicroK8s makes of the template; of one that OpenSSL does not read it makes nothing.
fn cluster(template: &str) -> Cluster {
    let rendered = render::render(template, &addresses(&Machine::microk8s()));
    match crate::edit::openssl::names(&rendered) {
        Ok(_) => Cluster::with_template(template),
        Err(_) => Cluster::shipped().on(|machine| machine.with_file(TEMPLATE, template)),
    }
}

#[test]
fn every_shape_has_its_plan() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/microk8s/templates");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = files.map(|name| name.into_string().unwrap()).collect();
    names.sort();

    let told: Vec<_> = names.iter().map(|name| told_of(name)).collect();

    insta::assert_snapshot!(told.join("\n"));
}
