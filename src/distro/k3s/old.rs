//! Versions that keep the names of the certificate that they have, and what makes them take further ones in.
//!
//! The certificate lies in a secret of the cluster, in the memory of every server, and in a file. A server that starts
//! adds the configured names to what the file holds and throws that away, because a certificate with the same
//! `resourceVersion` counts as the same one (`storage/memory` of rancher/dynamiclistener; since its 0.3.6 the secret gets
//! the names all the same). With the secret deleted and that version taken out of the file, it keeps its key and every
//! name, adds those of the configuration, and makes the secret anew, which the other servers follow. Were the file
//! deleted too, as is often advised, it would make another key and forget each name that its configuration does not list.

use std::path::PathBuf;

use super::{
    config::{Source, Unreadable, listed},
    facts::Facts,
    names::Names,
    version::{READS_DROP_INS, TAKES_NAMES},
};
use crate::{
    edit::{
        Edit, EditError,
        yaml::{ListEdit, Reading, Tree},
    },
    node::Command,
    plan::Change,
    san::SanSet,
};

const KEY: &str = "tls-san";
const HEAD: &str = "# Names that cpctl added.\n";
const MODE: u32 = 0o600;
const KUBECONFIG: &str = "/etc/rancher/k3s/k3s.yaml";

/// A server that does not come up with its new configuration can delete nothing: its files go back all the same.
const IF_IT_ANSWERS: &str = "\"$@\" || echo 'the secret stays: the API server does not answer'";

/// Whether a restart alone leaves the certificate as it is.
pub(super) fn keeps_names(facts: &Facts) -> bool {
    facts.version.is_some_and(|version| version < TAKES_NAMES)
}

/// Whether it reads one file alone, in which each key counts as often as it stands there.
pub(super) fn reads_one_file(facts: &Facts) -> bool {
    facts.version.is_some_and(|version| version < READS_DROP_INS)
}

/// What makes the next start take the configured names in.
///
/// The file is the secret as this server knows it: its copy, which stays on the node like every copy, brings both back.
pub(super) fn forgetting(facts: &Facts) -> Change {
    let file = facts.data().join("server/tls/dynamic-cert.json");
    let version = r#"s/"resourceVersion":"[0-9]+"/"resourceVersion":""/"#;
    let forget = Command::new("sed").arg("-i").arg("-E").arg(version).arg(file.to_string_lossy());
    let lenient = Command::new("sh").arg("-c").arg(IF_IT_ANSWERS).arg("sh");
    Change::Run {
        commands: vec![deletion(facts), forget],
        rewrites: vec![file],
        undo: vec![deletion(facts).words().fold(lenient, Command::arg)],
    }
}

/// It runs on the node, so that nothing of the secret leaves it.
fn deletion(facts: &Facts) -> Command {
    let kubeconfig = facts.option("write-kubeconfig").unwrap_or_else(|| KUBECONFIG.into());
    let words =
        ["kubectl", "--kubeconfig", &kubeconfig, "--namespace", "kube-system", "--request-timeout", "20s"];
    let command = words.into_iter().fold(Command::new(facts.program().unwrap_or("k3s")), Command::arg);
    ["delete", "secret", "k3s-serving", "--ignore-not-found"].into_iter().fold(command, Command::arg)
}

/// The names of the one file that is read, where every key of the name adds its own, then those of the flags.
pub(super) fn names_of(files: &[Source<'_>], flags: &[&str]) -> Result<Vec<String>, Unreadable> {
    let mut values = vec![];
    for Source { file, text } in files {
        let unreadable = |source| Unreadable { file: (*file).to_owned(), source };
        let tree = Tree::parse(text).map_err(unreadable)?;
        let Some(root) = tree.first() else { continue };
        for (key, value) in root.entries() {
            if key.scalar().is_some_and(|key| key.as_ref() == KEY) {
                values.extend(listed(value).map_err(unreadable)?);
            }
        }
    }
    values.extend(flags.iter().map(|flag| (*flag).to_owned()));
    Ok(values.into_iter().filter(|value| !value.is_empty()).collect())
}

/// The names in the one file that is read, or in a new one where there is none.
pub(super) fn in_the_file(facts: &Facts, names: &Names<'_>, unlisted: &SanSet) -> Result<Change, EditError> {
    let entries: Vec<_> = unlisted.iter().map(ToString::to_string).collect();
    let path = PathBuf::from(facts.base());
    let before = names.sources.first().map_or(HEAD, |source| source.text);
    let edit = Edit::AddToList(ListEdit::adding(before, &[KEY], &entries, Reading::Flag)?);
    let text = edit.make(before)?;
    let counts = names.over(vec![Source { file: "", text: &text }]);
    match counts.is_some_and(|names| names.is_superset(unlisted)) {
        false => Err(EditError::Unsupported(format!("{} would not count in {}", unlisted, path.display()))),
        true if names.sources.is_empty() => Ok(Change::Create { path, text, mode: MODE }),
        true => Ok(Change::Edit { path, edit }),
    }
}

/// What an operator should know of it before agreeing.
pub(super) fn note(facts: &Facts) -> String {
    let version = facts.version.map(|version| version.to_string()).unwrap_or_default();
    format!(
        "K3s {version} takes names in only where it finds no secret `kube-system/k3s-serving` and an unknown version of it \
         in dynamic-cert.json; key and names stay, the other servers follow, and undo brings the certificate of before back \
         from the copy that the node keeps"
    )
}
