//! `certSANs` of kubeadm's ClusterConfiguration, from which later certificates get their names.
//!
//! The same in v1beta1 to v1beta4: <https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/>.

use crate::{
    distro::{Want, byhand},
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

/// The names that a configuration lists, in whatever letters.
fn listed(text: &str) -> Result<SanSet, EditError> {
    let listed = values(document(text, KIND)?, &LIST.map(str::to_owned), Reading::List)?;
    Ok(listed.iter().filter_map(|name| name.parse::<San>().ok()).collect())
}

/// Those of the names that a configuration lists and that are to be gone.
pub(super) fn still_listed(text: &str, gone: &SanSet) -> SanSet {
    let listed = listed(text).unwrap_or_default();
    gone.iter().filter(|name| listed.contains(name)).cloned().collect()
}

/// The edit that lists all of `want`; `None` where they are listed.
pub(super) fn edit(text: &str, want: &SanSet) -> Result<Option<Edit>, EditError> {
    let names: Vec<String> = want.missing_from(&listed(text)?).iter().map(ToString::to_string).collect();
    if names.is_empty() {
        return Ok(None);
    }
    ListEdit::adding_in(KIND, text, &LIST, &names).map(Edit::AddToList).map(Some)
}

/// Whether a file of the node holds such a configuration, alone or among others.
pub(super) fn is_one(text: &str) -> bool {
    text.lines().any(|line| line.strip_prefix("kind:").is_some_and(|kind| kind.trim() == KIND))
}

/// The step that lists the names in the cluster's own copy. Names that are to be gone are not taken out: undoing could
/// not put them back where they stood.
pub(super) fn plan(want: &Want, seen: Result<&str, String>) -> Result<Option<Step>, Finding> {
    let unread = |reason| left(want, &format!("it cannot be read ({reason}), so it stays as it is"));
    let text = seen.map_err(unread)?;
    let there = still_listed(text, want.removes());
    if !there.is_empty() {
        return Err(left(want, &format!("it lists {there}, and is left as it is")));
    }
    let refused = |error| left(want, &format!("its names cannot be edited ({error}), so it stays as it is"));
    let want = want.adds();
    let Some(edit) = edit(text, want).map_err(refused)? else { return Ok(None) };
    let missing = listed(text).map(|listed| want.missing_from(&listed)).unwrap_or_default();
    Ok(Some(Step {
        node: HERE.into(),
        why: format!("what kubeadm makes certificates from does not list {missing}"),
        holds: vec![],
        changes: vec![Change::EditObject { object: object(), edit }],
        settle: vec![],
        proofs: vec![],
        notes: vec![format!(
            "kubeadm reads it for nodes that join and for upgrades; what runs now does not, so no {} is restarted",
            byhand::SERVER
        )],
    }))
}

/// That the cluster's own copy is not as it should be, and how to make it so.
fn left(want: &Want, why: &str) -> Finding {
    let Object { namespace, name, .. } = object();
    let finding = Finding::new(Code::RegisterLeft, format!("ConfigMap {namespace}/{name}"), why);
    let edit = format!("`kubectl -n {namespace} edit configmap {name}`");
    finding.remedy(match want {
        Want::Remove(gone) => format!(
            "{edit}, and take {gone} out below `apiServer:` `certSANs:`; without that, a node that joins gets a \
             certificate with them"
        ),
        Want::Add(_) | Want::Renew => format!(
            "{edit}, and list {} below `apiServer:` `certSANs:`; without that, a node that joins gets a certificate \
             without them",
            want.adds()
        ),
    })
}
