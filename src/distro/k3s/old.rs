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
    config::{Said, Source, Unreadable, said},
    facts::Facts,
    flavour::Flavour,
    names::Names,
    secret::NAMESPACE,
    version::{READS_DROP_INS, TAKES_NAMES},
};
use crate::{
    cert::ServingCert,
    edit::{
        Edit, EditError,
        yaml::{ListEdit, Reading},
    },
    node::Command,
    plan::Change,
    san::SanSet,
};

const KEY: &str = "tls-san";
const HEAD: &str = "# Names that cpctl added.\n";
const MODE: u32 = 0o600;

/// A server that does not come up with its new configuration can delete nothing: its files go back all the same.
///
/// The secret of later on stays too once the certificate of before has ended, at `$1` in seconds since 1970: this server
/// follows the others then, as one does that was away.
const IF_IT_HELPS: &str = r#"end=$1; shift; if [ "$(date +%s)" -ge "$end" ]; then echo 'the secret stays: the certificate of before has expired'; else "$@" || echo 'the secret stays: the API server does not answer'; fi"#;

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
pub(super) fn forgetting(facts: &Facts, before: &ServingCert) -> Change {
    let file = facts.data().join("server/tls/dynamic-cert.json");
    let version = r#"s/"resourceVersion":"[0-9]+"/"resourceVersion":""/"#;
    let forget = Command::new("sed").arg("-i").arg("-E").arg(version).arg(file.to_string_lossy());
    let end = before.not_after.as_second().to_string();
    let lenient = Command::new("sh").arg("-c").arg(IF_IT_HELPS).arg("sh").arg(end);
    Change::Run {
        commands: vec![deletion(facts), forget],
        rewrites: vec![file],
        undo: vec![deletion(facts).words().fold(lenient, Command::arg)],
    }
}

/// It runs on the node, so that nothing of the secret leaves it.
fn deletion(facts: &Facts) -> Command {
    let &Flavour { name, home, secret, .. } = facts.flavour();
    let kubeconfig = facts.option("write-kubeconfig").unwrap_or_else(|| format!("{home}/{name}.yaml"));
    let words =
        ["kubectl", "--kubeconfig", &kubeconfig, "--namespace", NAMESPACE, "--request-timeout", "20s"];
    let command = words.into_iter().fold(Command::new(facts.program().unwrap_or(name)), Command::arg);
    ["delete", "secret", secret, "--ignore-not-found"].into_iter().fold(command, Command::arg)
}

/// What an operator types once every name stands in the configuration: the key and all other names are gone then.
pub(super) fn by_hand(facts: &Facts) -> String {
    let &Flavour { kubectl, secret, .. } = facts.flavour();
    let (data, unit) = (facts.data().display(), &facts.found.unit);
    format!(
        "`sudo {kubectl} -n {NAMESPACE} delete secret {secret}`, `sudo mv {data}/server/tls/dynamic-cert.json /root/`, \
         `sudo systemctl restart {unit}`"
    )
}

/// The names of the one file that is read, where every key of the name adds its own, then those of the flags.
pub(super) fn names_of(files: &[Source<'_>], flags: &[&str]) -> Result<Vec<String>, Unreadable> {
    let plain = said(files)?.into_iter().filter_map(|said| match said {
        Said::Anew(names) => Some(names),
        Said::Added(_) => None,
    });
    let mut values: Vec<_> = plain.flatten().collect();
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
        true if names.sources.is_empty() => Ok(Change::Create { path, text, mode: MODE, judge: None }),
        true => Ok(Change::Edit { path, edit }),
    }
}

/// What an operator should know of it before agreeing.
pub(super) fn note(facts: &Facts) -> String {
    let version = facts.version.map(|version| version.to_string()).unwrap_or_default();
    let &Flavour { title, secret, .. } = facts.flavour();
    format!(
        "{title} {version} takes names in only where it finds no secret `{NAMESPACE}/{secret}` and an unknown version of it \
         in dynamic-cert.json; key and names stay, the other servers follow, and undo brings the certificate of before back \
         from the copy that the node keeps, for as long as that is valid; what other servers took in since goes with it"
    )
}
