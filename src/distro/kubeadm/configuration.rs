//! `certSANs` of kubeadm's ClusterConfiguration, from which later certificates get their names.
//!
//! The same in v1beta1 to v1beta4: <https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/>.

use crate::{
    distro::byhand,
    edit::{
        Edit, EditError,
        yaml::{ListEdit, Reading, document, values},
    },
    plan::{Change, HERE, Object, Step},
    report::{Code, Finding},
    san::{San, SanSet},
};

const KIND: &str = "ClusterConfiguration";
const LIST: [&str; 2] = ["apiServer", "certSANs"];

/// Where `kubeadm init`, `join` and `upgrade` look the configuration up.
pub(super) fn object() -> Object {
    Object { namespace: "kube-system".into(), name: "kubeadm-config".into(), key: KIND.into() }
}

/// The names of `want` that a configuration does not list, as San or in other letters.
fn missing(text: &str, want: &SanSet) -> Result<SanSet, EditError> {
    let listed = values(document(text, KIND)?, &LIST.map(str::to_owned), Reading::List)?;
    let listed: SanSet = listed.iter().filter_map(|name| name.parse::<San>().ok()).collect();
    Ok(want.missing_from(&listed))
}

/// The edit that lists all of `want`; `None` where they are listed.
pub(super) fn edit(text: &str, want: &SanSet) -> Result<Option<Edit>, EditError> {
    let names: Vec<String> = missing(text, want)?.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        return Ok(None);
    }
    ListEdit::adding_in(KIND, text, &LIST, &names).map(Edit::AddToList).map(Some)
}

/// Whether a file of the node holds such a configuration, alone or among others.
pub(super) fn is_one(text: &str) -> bool {
    text.lines().any(|line| line.strip_prefix("kind:").is_some_and(|kind| kind.trim() == KIND))
}

/// The step that lists the names in the cluster's own copy.
pub(super) fn plan(want: &SanSet, seen: Result<&str, String>) -> Result<Option<Step>, Finding> {
    let text = seen.map_err(|reason| left(want, &format!("it cannot be read ({reason})")))?;
    let refused = |error: EditError| left(want, &format!("its names cannot be edited ({error})"));
    let Some(edit) = edit(text, want).map_err(refused)? else { return Ok(None) };
    let missing = missing(text, want).unwrap_or_default();
    Ok(Some(Step {
        node: HERE.into(),
        why: format!("what kubeadm makes certificates from does not list {missing}"),
        holds: vec![],
        changes: vec![Change::EditObject { object: object(), edit }],
        settle: vec![],
        proof: None,
        notes: vec![format!(
            "kubeadm reads it for nodes that join and for upgrades; what runs now does not, so no {} is restarted",
            byhand::SERVER
        )],
    }))
}

/// That the cluster's own copy stays without the names, and how to put them there.
fn left(want: &SanSet, why: &str) -> Finding {
    let Object { namespace, name, .. } = object();
    let message = format!("{why}, so it stays as it is");
    Finding::new(Code::RegisterLeft, format!("ConfigMap {namespace}/{name}"), message).remedy(format!(
        "`kubectl -n {namespace} edit configmap {name}`, and list {want} below `apiServer:` `certSANs:`; without \
         that, a node that joins gets a certificate without them"
    ))
}
