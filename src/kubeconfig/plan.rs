//! Moves clusters of kubeconfigs to another address, as steps on the operator's own machine.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    lint::{lint_server, regenerated},
    read::{Cluster, File, Kubeconfig, Seen},
};
use crate::{
    edit::{
        Edit, EditError,
        yaml::{ScalarEdit, Segment, Tree},
    },
    endpoint::Endpoint,
    plan::{Change, HERE, Hold, Step},
    report::{Code, Finding},
    san::SanSet,
};

/// How long a file that kubectl is writing is waited for; hundreds of runs may stand in line.
pub const LOCK_WITHIN: Duration = Duration::from_secs(60);

/// What a move takes. It has no `Debug`: it holds whole files.
pub struct Repoint<'a> {
    /// One for each file that changes; none where every cluster is there already.
    pub steps: Vec<Step>,
    /// The files as they were seen and as they will be, in the order of the steps.
    pub previews: Vec<Preview<'a>>,
    /// What the lint says of the servers that go.
    pub gone: Vec<Finding>,
    /// Names that clients look for in the certificate from then on.
    pub relies_on: SanSet,
}

pub struct Preview<'a> {
    pub seen: &'a Seen,
    pub after: String,
}

/// Plans the move of `clusters`, each in the file that defines it, or says of each why it cannot be moved.
pub fn plan_repoint<'a>(
    kubeconfig: &Kubeconfig<'a>,
    clusters: &[&Cluster<'a>],
    to: &Endpoint,
) -> Result<Repoint<'a>, Vec<Finding>> {
    let relies_on = clusters.iter().filter_map(|cluster| cluster.relies_on(to)).collect();
    let (mut repoint, mut findings) =
        (Repoint { steps: vec![], previews: vec![], gone: vec![], relies_on }, vec![]);
    for file in &kubeconfig.files {
        let here = clusters.iter().filter(|cluster| std::ptr::eq(cluster.seen, file.seen));
        let moving: Vec<&Cluster<'_>> = here.copied().filter(|cluster| !is_there(cluster, to)).collect();
        if moving.is_empty() {
            continue;
        }
        let servers = moving.iter().filter_map(|cluster| lint_server(cluster, cluster.server.as_ref()?));
        repoint.gone.extend(servers);
        match edits(file, &moving, to) {
            Ok((edits, after)) => {
                repoint.steps.push(step(file, &moving, edits, to));
                repoint.previews.push(Preview { seen: file.seen, after });
            }
            Err(refusals) => findings.extend(refusals),
        }
    }
    if findings.is_empty() { Ok(repoint) } else { Err(findings) }
}

fn is_there(cluster: &Cluster<'_>, to: &Endpoint) -> bool {
    // Without a scheme, clients speak plain HTTP where no CA is named: the value is written out.
    let is_url = cluster.server.as_ref().is_some_and(|server| server.value.starts_with("https://"));
    is_url && cluster.endpoint().is_some_and(|endpoint| endpoint.as_ref() == Ok(to))
}

/// One edit for each cluster, and the text after all of them.
fn edits(
    file: &File<'_>,
    moving: &[&Cluster<'_>],
    to: &Endpoint,
) -> Result<(Vec<Edit>, String), Vec<Finding>> {
    let (mut edits, mut after, mut findings) = (vec![], None, vec![]);
    for cluster in moving {
        match edit(file, cluster, to, after.as_deref()) {
            Ok((edit, text)) => {
                edits.push(edit);
                after = Some(text);
            }
            Err(error) => findings.push(uneditable(cluster, to, &error)),
        }
    }
    match after {
        Some(after) if findings.is_empty() => Ok((edits, after)),
        _ => Err(findings),
    }
}

/// The edit for one cluster, and `so_far` after it; the first edit starts from the tree that is there already.
fn edit(
    file: &File<'_>,
    cluster: &Cluster<'_>,
    to: &Endpoint,
    so_far: Option<&str>,
) -> Result<(Edit, String), EditError> {
    if holds_password(cluster) {
        let reason = "`server` holds a user or a password, which no plan may store".into();
        return Err(EditError::Unsupported(reason));
    }
    let key = |key: &str| Segment::Key(key.into());
    let name = Segment::Named(cluster.name.value.clone().into_owned());
    let path = vec![key("clusters"), name, key("cluster"), key("server")];
    let (edit, after) = match so_far {
        None => ScalarEdit::try_in(&file.tree, path, &to.url())?,
        Some(text) => ScalarEdit::try_in(&Tree::parse(text)?, path, &to.url())?,
    };
    Ok((Edit::Scalar(edit), after))
}

fn holds_password(cluster: &Cluster<'_>) -> bool {
    cluster.server.as_ref().is_some_and(|server| server.value.contains('@'))
}

fn uneditable(cluster: &Cluster<'_>, to: &Endpoint, error: &EditError) -> Finding {
    let name = &cluster.name.value;
    let line = cluster.server.as_ref().map_or(cluster.name.line, |server| server.line);
    let subject = cluster.seen.at(line);
    Finding::new(Code::KubeconfigUneditable, subject, format!("cluster `{name}` cannot be moved: {error}"))
        .remedy(format!("write `server: {}` there by hand", to.url()))
}

fn step(file: &File<'_>, moving: &[&Cluster<'_>], edits: Vec<Edit>, to: &Endpoint) -> Step {
    let names: Vec<_> = moving.iter().map(|cluster| format!("`{}`", cluster.name.value)).collect();
    let noun = if names.len() == 1 { "cluster" } else { "clusters" };
    Step {
        node: HERE.into(),
        why: format!("{noun} {} of {} to {to}", names.join(", "), file.seen.path.display()),
        holds: locks(&file.seen.path, &file.seen.real),
        changes: edits.into_iter().map(|edit| Change::Edit { path: file.seen.real.clone(), edit }).collect(),
        settle: vec![],
        proofs: vec![],
        notes: moving.iter().flat_map(|cluster| notes(cluster, to)).chain(note_of_file(file)).collect(),
    }
}

/// kubectl locks the path that it was given, links not followed; another run may come by the file's own name.
/// All runs take the two in one order, so that none waits for another in a circle.
fn locks(path: &Path, real: &Path) -> Vec<Hold> {
    let mut paths: Vec<PathBuf> = [path, real].map(lock_of).into();
    paths.sort();
    paths.dedup();
    paths.into_iter().map(|path| Hold::LockFile { path, within: LOCK_WITHIN }).collect()
}

fn lock_of(path: &Path) -> PathBuf {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    lock.into()
}

/// What an operator should know of a cluster before agreeing to its move.
fn notes(cluster: &Cluster<'_>, to: &Endpoint) -> Vec<String> {
    let (name, mut notes) = (&cluster.name.value, vec![]);
    if let Some(server_name) = &cluster.tls_server_name {
        notes.push(format!(
            "cluster `{name}`: `tls-server-name` stays, so clients look for `{}` in the certificate and not for `{}`",
            server_name.value, to.host
        ));
    }
    if cluster.proxy_url.is_some() {
        notes.push(format!("cluster `{name}`: `proxy-url` stays, so the proxy must reach {to}"));
    }
    if cluster.insecure.is_some() {
        notes.push(format!(
            "cluster `{name}`: `insecure-skip-tls-verify` stays, so clients trust whoever answers at {to}"
        ));
    }
    if let Some(path) = cluster.server.as_ref().and_then(|server| path_of(&server.value)) {
        notes.push(format!(
            "cluster `{name}`: the path `{path}` goes; a server with a path is a proxy such as Rancher's"
        ));
    }
    notes
}

fn note_of_file(file: &File<'_>) -> Option<String> {
    let by = regenerated(file)?;
    Some(format!("{by} writes {} anew, and the change is lost then", file.seen.path.display()))
}

/// The path of a URL, where it has one of more than a slash.
fn path_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map(|start| &rest[start..]).filter(|path| path.len() > 1)
}
