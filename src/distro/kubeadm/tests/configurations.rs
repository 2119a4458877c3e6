//! Configurations in every shape, and what becomes of the names in them.

use super::*;
use crate::{edit::Edit, plan::Change};

const SHAPES: [&str; 14] = [
    "v1beta4",
    "v1beta4-no-names",
    "v1beta4-arguments",
    "v1beta3",
    "v1beta3-timeout",
    "comments",
    "flow",
    "null",
    "crlf",
    "letters",
    "anchor",
    "duplicate",
    "tabs",
    "json",
];

fn planned(text: &str) -> Result<Option<Step>, Finding> {
    Cluster::new().observe().plan_register(&adds(&WANTED), Ok(text))
}

fn edit(step: &Step) -> &Edit {
    let [Change::EditObject { edit, object }] = &step.changes[..] else { panic!("{step:?}") };
    assert_eq!(object.to_string(), "ConfigMap kube-system/kubeadm-config (ClusterConfiguration)");
    edit
}

/// The names in other letters are there, and an alias is not ours to follow.
fn told_of(shape: &str) -> String {
    let text = fixture(&format!("configurations/{shape}.yaml"));
    match planned(&text) {
        Ok(Some(step)) => {
            let after = edit(&step).make(&text).unwrap();
            assert_eq!(edit(&step).inverse().make(&after).unwrap(), text, "{shape}");
            let again = planned(&after).unwrap();
            assert_eq!(again, None, "{shape}");
            let lines = similar::TextDiff::from_lines(&text, &after);
            let changed = lines.iter_all_changes().filter(|line| line.tag() != similar::ChangeTag::Equal);
            changed.map(|line| format!("{}{:?}\n", line.tag(), line.value())).collect()
        }
        Ok(None) => "nothing\n".into(),
        Err(finding) => read(&[finding]) + "\n",
    }
}

#[test]
fn every_shape_gets_the_names_and_no_other_byte() {
    let told: String = SHAPES.iter().map(|shape| format!("{shape}\n{}\n", told_of(shape))).collect();

    insta::assert_snapshot!(told);
}

#[test]
fn a_configuration_that_cannot_be_read_stays_with_the_command_to_type() {
    let node = Cluster::new().observe();

    let unread = node.plan_register(&adds(&WANTED), Err("it is not there".into())).unwrap_err();
    let empty = planned("").unwrap_err();

    insta::assert_snapshot!(read(&[unread, empty]));
}

#[test]
fn of_several_documents_the_one_of_the_cluster_is_edited() {
    let text = fixture("configurations/documents.yaml");
    let cluster = Cluster::new().on(|machine| machine.with_file("/root/kubeadm.yaml", &text));

    let step = cluster.step();

    let [_, Change::Edit { edit, .. }] = &step.changes[..] else { panic!("{step:?}") };
    let after = edit.make(&text).unwrap();
    let entry = "  - api.lab.example\n";
    assert_eq!(after, text.replace(entry, &format!("{entry}  - cp.example.internal\n  - 172.22.22.3\n")));
    assert_eq!(edit.inverse().make(&after).unwrap(), text);
}

#[test]
fn a_file_that_cannot_be_edited_is_told_and_not_touched() {
    let text = fixture("configurations/anchor.yaml");
    let cluster = Cluster::new().on(|machine| machine.with_file("/root/kubeadm.yaml", &text));

    let found = cluster.observe().cautions(&adds(&[&WANTED[..], &["10.96.0.1"]].concat()));

    assert_eq!(cluster.step().changes.len(), 1);
    insta::assert_snapshot!(read(&found[..1]));
}

#[test]
fn a_name_that_is_to_be_gone_is_left_in_the_configuration_with_the_command_to_type() {
    let text = fixture("configurations/v1beta4.yaml");
    let cluster = Cluster::new().on(|machine| machine.with_file("/root/kubeadm.yaml", &text));
    let gone = Want::Remove(set(&["API.lab.example", "never.example"]));
    let node = cluster.observe();

    let listed = node.plan_register(&gone, Ok(&text)).unwrap_err();
    let cautions = node.cautions(&gone);

    assert_eq!(node.plan_register(&Want::Remove(set(&["never.example"])), Ok(&text)), Ok(None));
    insta::assert_snapshot!(read(&[listed, cautions[0].clone()]));
}
