//! Every file of `fixtures/kubeconfigs` is edited to the byte, or refused for the reason told here.

use std::{collections::BTreeSet, fs, path::PathBuf};

use proptest::prelude::*;
use serde_json::Value;

use super::{Kubeconfig, Seen, Selection, plan_repoint};
use crate::{edit::Edit, plan::Change, report::Finding};

const CLUSTER: &str = "microk8s-cluster";
const TO: &str = "https://172.22.22.3:16443";

/// `NAME.yaml` becomes `NAME.after.yaml`.
const EDITED: &[&str] = &[
    "alias",
    "anchor-unused",
    "blog-typos",
    "bom",
    "bom-crlf",
    "ca-file",
    "commented",
    "crlf",
    "directive",
    "document-markers",
    "duplicate-key-elsewhere",
    "exec-plugin",
    "flow",
    "host-without-scheme",
    "insecure",
    "ipv6",
    "json",
    "json-with-tabs",
    "literal-ca",
    "microk8s",
    "names-like-values",
    "no-final-newline",
    "non-ascii",
    "plain-http",
    "proxy",
    "quoted-keys",
    "rancher-path",
    "shared-elsewhere",
    "single-quoted",
    "space-after-colon-is-a-tab",
    "tls-server-name",
    "value-on-next-line",
];

const REFUSED: &[(&str, &str)] = &[
    ("alias-bomb", "the file cannot be read: line 7: the aliases, written out, are too many"),
    (
        "anchor-used",
        "line 6: `clusters[microk8s-cluster].cluster.server` is an anchor that is used elsewhere",
    ),
    ("block-scalar", "line 7: `clusters[microk8s-cluster].cluster.server` is a block of lines"),
    (
        "cluster-is-alias",
        "line 5: `clusters[microk8s-cluster].cluster` is an alias of line 3, so it is shared",
    ),
    ("comments-only", "there is no cluster `microk8s-cluster`"),
    ("duplicate-cluster-name", "`microk8s-cluster` stands in `clusters` twice, in lines 4 and 8; leave one"),
    ("duplicate-clusters-key", "there is no cluster `microk8s-cluster`"),
    (
        "duplicate-server",
        "`clusters[microk8s-cluster].cluster.server` stands there twice, in lines 6 and 7; leave one",
    ),
    ("empty", "there is no cluster `microk8s-cluster`"),
    ("empty-server", "line 6: `clusters[microk8s-cluster].cluster.server` has no value"),
    (
        "merge-key",
        "line 6: `clusters[microk8s-cluster].cluster.server` may come from a merge key (`<<`), which is shared",
    ),
    (
        "multi-document",
        "it holds 2 YAML documents, of which clients read the first alone; leave one in the file",
    ),
    ("no-server", "there is no `clusters[microk8s-cluster].cluster.server`"),
    ("not-a-kubeconfig", "the file is not a kubeconfig"),
    ("password-in-server", "`server` holds a user or a password, which no plan may store"),
    ("recursive-alias", "the file cannot be read: line 1: an alias stands for the very thing that holds it"),
    ("tab-indented", "found a tab"),
    ("tagged", "line 6: `clusters[microk8s-cluster].cluster.server` has a tag"),
    ("truncated-json", "the file is not YAML: column "),
    ("unclosed-quote", "the file is not YAML: column "),
    ("unknown-alias", "the file is not YAML: column "),
];

const ALREADY_THERE: &[&str] = &["there-already"];

fn fixture(name: &str) -> String {
    let directory = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kubeconfigs"));
    fs::read_to_string(directory.join(format!("{name}.yaml"))).unwrap()
}

fn seen(text: &str) -> Seen {
    let path = PathBuf::from("/home/ada/.kube/config");
    Seen { real: path.clone(), path, text: text.to_owned(), mode: Some(0o600) }
}

/// The one edit that moves `cluster`; `None` where it is there already.
fn edit(text: &str, cluster: &str) -> Result<Option<Edit>, Finding> {
    let files = [seen(text)];
    let first = |mut findings: Vec<Finding>| findings.remove(0);
    let kubeconfig = Kubeconfig::read(&files).map_err(first)?;
    let found = kubeconfig.resolve(&Selection::Cluster(cluster.into()))?;
    let mut planned = plan_repoint(&kubeconfig, &[found.cluster], &TO.parse().unwrap()).map_err(first)?;
    let Some(mut step) = planned.steps.pop() else { return Ok(None) };
    let Change::Edit { edit, .. } = step.changes.remove(0) else { panic!("{step:?}") };
    assert_eq!(planned.previews[0].after, edit.make(text).unwrap());
    Ok(Some(edit))
}

/// What another reader of YAML makes of it.
fn read(text: &str) -> Value {
    let options =
        serde_saphyr::options! { duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins };
    serde_saphyr::from_str_with_options(text, options).unwrap()
}

fn server_of<'v>(config: &'v mut Value, cluster: &str) -> &'v mut Value {
    let clusters = config["clusters"].as_array_mut().unwrap();
    &mut clusters.iter_mut().find(|item| item["name"] == cluster).unwrap()["cluster"]["server"]
}

/// Holds `after` against `before` with another parser: the one value differs and nothing else.
fn assert_only_the_server_differs(before: &str, after: &str, cluster: &str) {
    let (mut was, mut is) = (read(before), read(after));

    assert_eq!(server_of(&mut is, cluster), TO);
    *server_of(&mut was, cluster) = Value::from(TO);
    assert_eq!(was, is);
}

#[test]
fn every_fixture_has_its_expected_result() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kubeconfigs");
    let names: BTreeSet<_> = fs::read_dir(directory)
        .unwrap()
        .filter_map(|entry| {
            entry.unwrap().file_name().into_string().unwrap().strip_suffix(".yaml").map(String::from)
        })
        .filter(|name| !name.ends_with(".after"))
        .collect();

    let told = EDITED.iter().chain(ALREADY_THERE).chain(REFUSED.iter().map(|(name, _)| name));

    assert_eq!(names, told.map(|name| (*name).to_owned()).collect());
}

#[test]
fn the_server_changes_and_no_other_byte() {
    for name in EDITED {
        let (before, after) = (fixture(name), fixture(&format!("{name}.after")));

        let edit = edit(&before, CLUSTER).unwrap().unwrap();

        assert_eq!(edit.make(&before).unwrap(), after, "{name}");
        assert_eq!(edit.make(&after).unwrap(), after, "{name}");
        assert_eq!(edit.inverse().make(&after).unwrap(), before, "{name}");
        assert_only_the_server_differs(&before, &after, CLUSTER);
    }
}

#[test]
fn what_cannot_be_edited_is_refused_with_the_reason() {
    for (name, reason) in REFUSED {
        let finding = edit(&fixture(name), CLUSTER).unwrap_err();

        assert!(finding.message.contains(reason), "{name}: {}", finding.message);
        assert!(finding.remedy.is_some(), "{name}");
        assert!(!format!("{finding:?}").contains("not-a-secret"), "{name}");
    }
}

#[test]
fn a_cluster_that_is_there_already_is_left_alone() {
    for name in ALREADY_THERE {
        assert_eq!(edit(&fixture(name), CLUSTER).unwrap(), None, "{name}");
    }
}

#[test]
fn one_of_ten_thousand_clusters_is_edited() {
    let cluster = |n: usize| {
        format!("- cluster:\n    server: https://10.{}.{}.1:6443\n  name: cluster-{n}\n", n / 256, n % 256)
    };
    let text = format!("apiVersion: v1\nclusters:\n{}", (0..10_000).map(cluster).collect::<String>());

    let edit = edit(&text, "cluster-9999").unwrap().unwrap();
    let after = edit.make(&text).unwrap();

    assert_eq!(after, text.replace("https://10.39.15.1:6443", TO));
    assert_eq!(edit.inverse().make(&after).unwrap(), text);
}

/// One line of a cluster's body, in any style, with room for the indentation.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("certificate-authority: 'ca.crt' # beside it".to_owned()),
        Just("# server: https://10.0.0.9:6443".to_owned()),
        Just("x-note: {server: [a, \"b\", 'c']}".to_owned()),
        Just("tls-server-name: \"kubernetes\"".to_owned()),
        Just(String::new()),
        "x-[a-z]{1,6}: (\"[ -!#-\\[\\]-~]{0,12}\"|'[ -&(-~]{0,12}'|[a-zé🚀][a-z0-9/.-]{0,12})",
        "x-[a-z]{1,6}: \\|\n {8}[ -~]{1,20}",
    ]
}

fn server() -> impl Strategy<Value = String> {
    prop_oneof![
        "https://[a-z]{1,8}\\.example:[1-9][0-9]{2}( +# [ -~]{0,10})?",
        "'https://10\\.0\\.0\\.[1-9]:6443'",
        "\"https://\\[fd00::[1-9]\\]:6443\"",
        "\n      https://10\\.0\\.0\\.[1-9]",
        "&a[0-9] https://10\\.0\\.0\\.[1-9]:6443",
        "\\*shared",
    ]
}

prop_compose! {
    fn cluster(name: String)(
        before in prop::collection::vec(line(), 0..4),
        server in server(),
        after in prop::collection::vec(line(), 0..4),
        name_first in any::<bool>(),
    ) -> String {
        let server = format!("server: {server}");
        let lines: Vec<_> = before.into_iter().chain([server]).chain(after).map(|line| format!("    {line}\n")).collect();
        let body = lines.concat();
        if name_first {
            return format!("- name: {name}\n  cluster:\n{body}");
        }
        format!("- cluster:\n{body}  name: '{name}' # {name}\n")
    }
}

prop_compose! {
    fn kubeconfig()(
        clusters in (0..4_usize).prop_flat_map(|n| (0..=n).map(|i| cluster(format!("c{i}"))).collect::<Vec<_>>()),
        is_crlf in any::<bool>(),
        is_cut in any::<bool>(),
        starts_with_bom in any::<bool>(),
    ) -> String {
        let mut text = format!("x-shared: &shared 'https://10.9.9.9:6443'\nclusters:\n{}", clusters.concat());
        text += "users: [{name: admin, user: {token: not-a-secret}}]\n";
        if is_cut {
            text.pop();
        }
        let text = if is_crlf { text.replace('\n', "\r\n") } else { text };
        if starts_with_bom { format!("\u{feff}{text}") } else { text }
    }
}

proptest! {
    #[test]
    fn generated_files_change_in_one_value(before in kubeconfig()) {
        let edit = edit(&before, "c0").unwrap().unwrap();
        let after = edit.make(&before).unwrap();

        let Edit::Scalar(scalar) = &edit else { panic!("{edit}") };
        let kept = before.len() - scalar.from.text.len();
        let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let end = before.bytes().rev().zip(after.bytes().rev()).take_while(|(a, b)| a == b).count();
        prop_assert_eq!(after.len() - scalar.to.text.len(), kept);
        prop_assert!(start + end >= kept);
        assert_only_the_server_differs(&before, &after, "c0");
        prop_assert_eq!(edit.inverse().make(&after).unwrap(), before);
    }

    #[test]
    fn no_text_is_too_strange_to_be_refused(text in "(clusters|cluster|name|server|c0|: |:|- |\\{|\\}|\\[|\\]|,|\\n|  |\"|'|&x |\\*x|\\||>|#|!t |---\\n|\t|\r\n|<<|é|\u{feff}|\\? |%|\\.\\.\\.){0,32}") {
        let files = [seen(&text)];
        if let Ok(kubeconfig) = Kubeconfig::read(&files) {
            super::lint(&kubeconfig);
            let _ = edit(&text, "c0");
        }
    }
}
