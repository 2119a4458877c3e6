//! Texts in the cluster's API that lead to the control plane.

use crate::{
    api::{Api, Error},
    check,
    command::shared::survey::Surveyed,
    distro::{Found, ObjectSeen, Reference, Takes},
    plan::{DaemonSet, HERE, Object},
    report::{Code, Finding},
};

/// What was found, with what stays as it is; or what stands in the way.
type Result<T> = std::result::Result<T, Vec<Finding>>;

/// What is found in the texts that the distributions look into, each once, in their order.
pub fn found(
    servers: &[&Surveyed],
    api: impl FnOnce() -> std::result::Result<Api, Error>,
) -> Result<(Vec<Found>, Vec<Finding>)> {
    let mut objects: Vec<(Object, &Surveyed)> = vec![];
    for node in servers {
        for object in node.control_plane.shared() {
            if !objects.iter().any(|(known, _)| *known == object) {
                objects.push((object, node));
            }
        }
    }
    let (mut all, mut findings) = (vec![], vec![]);
    if objects.is_empty() {
        return Ok((all, findings));
    }
    let api = api().map_err(|error| vec![unread("the API", &error)])?;
    for (object, node) in objects {
        let Some(seen) = read(&api, &object)? else { continue };
        let references = node.control_plane.references_in(&object, &seen);
        let mut references = references.map_err(|finding| vec![finding])?;
        for reference in &mut references {
            findings.extend(take_in(reference, &api)?);
        }
        all.push(Found { node: HERE.into(), known_as: None, references });
    }
    Ok((all, findings))
}

fn read(api: &Api, object: &Object) -> Result<Option<ObjectSeen>> {
    let Object { namespace, name, key } = object;
    let texts = api.config_texts(namespace, name);
    let texts = texts.map_err(|error| vec![unread(&object.to_string(), &error)])?;
    Ok(texts.and_then(|mut texts| {
        let text = texts.remove(key)?;
        Some(ObjectSeen { text, beside: texts })
    }))
}

/// Leaves out pods that nobody runs, and refuses to replace those that do not all run.
fn take_in(reference: &mut Reference, api: &Api) -> Result<Option<Finding>> {
    let set = reference.takes.iter().find_map(|takes| match takes {
        Takes::Pods(set) => Some(set.clone()),
        _ => None,
    });
    let Some(set) = set else { return Ok(None) };
    let DaemonSet { namespace, name } = &set;
    let pods = api.pod_count(namespace, name).map_err(|error| vec![unread(&set.to_string(), &error)])?;
    let mut without = |finding| {
        reference.takes.retain(|takes| !matches!(takes, Takes::Pods(_)));
        reference.notes.clear();
        Ok(finding)
    };
    match pods {
        None => without(None),
        Some(pods) if !pods.rolls => without(Some(by_hand(&set))),
        Some(pods) => check::rollout(namespace, name, &pods).map_or(Ok(None), |blocked| Err(vec![blocked])),
    }
}

fn by_hand(set: &DaemonSet) -> Finding {
    let DaemonSet { namespace, name } = set;
    Finding::new(
        Code::ReferenceLeft,
        set.to_string(),
        "its pods are replaced only when somebody deletes them",
    )
    .remedy(format!(
        "delete them one by one once this is done: `kubectl -n {namespace} get pods -o wide | grep {name}`"
    ))
}

fn unread(what: &str, error: &Error) -> Finding {
    let finding = Finding::new(Code::ApiRefused, what, format!("it cannot be read: {error}"));
    match error.hint() {
        Some(hint) => finding.remedy(hint),
        None => finding,
    }
}
