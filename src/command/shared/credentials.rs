//! Whose credentials a run uses whose plan was made earlier, and perhaps on another machine.

use super::cluster::{self, Cluster};
use crate::{
    api::{Access, Api, VerifyAs},
    cli::Common,
    error::Error,
    plan::{self, Plan, Restarts},
    probe::Trust,
    report::{Code, Finding},
    world::World,
};

/// The plan's cluster with credentials that work here, and what to know where there are none.
///
/// This machine's own kubeconfig comes first where it trusts the plan's CA, then the one that the plan names. Without
/// either, an API server counts as ready that completes a handshake which leads to the CA.
pub fn of_here(
    planned: &plan::Cluster,
    common: &Common,
    world: &World,
) -> Result<(plan::Cluster, Option<Finding>), Error> {
    // Without servers nothing is ever asked of an API.
    if planned.servers.is_empty() {
        return Ok((planned.clone(), None));
    }
    let is_typed = cluster::is_typed(common);
    match Cluster::if_any(common)? {
        Ok(here) if is_same(here.trust.as_ref(), planned) => {
            let works = works(&here.access, planned, world);
            if is_typed {
                works?;
                return Ok((with(planned, here.access), None));
            }
            if works.is_ok() {
                return Ok((with(planned, here.access), None));
            }
        }
        Ok(here) if is_typed => return Err(another(&here)),
        _ => {}
    }
    let theirs = Access { kubeconfigs: planned.kubeconfig.clone(), context: planned.context.clone() };
    let is_theirs = !theirs.kubeconfigs.is_empty() && is_same(theirs.trust().ok().as_ref(), planned);
    if is_theirs && works(&theirs, planned, world).is_ok() {
        return Ok((planned.clone(), None));
    }
    Ok((plan::Cluster { kubeconfig: vec![], ..planned.clone() }, Some(missing(planned))))
}

fn with(planned: &plan::Cluster, access: Access) -> plan::Cluster {
    plan::Cluster { kubeconfig: access.kubeconfigs, context: access.context, ..planned.clone() }
}

/// Whether both trust one and the same CA certificate.
fn is_same(trust: Option<&Trust>, planned: &plan::Cluster) -> bool {
    let Some((here, planned)) = trust.zip(Trust::from_pem(&planned.trust).ok()) else { return false };
    here.certs().iter().any(|cert| planned.certs().iter().any(|other| other.der == cert.der))
}

/// Whether the credentials can be read and used, so that a run does not learn otherwise in its middle.
fn works(access: &Access, planned: &plan::Cluster, world: &World) -> Result<(), Error> {
    let server = planned.servers.values().next();
    Ok(Api::new(&world.wire, access, server, VerifyAs::Kubernetes).map(drop)?)
}

fn another(here: &Cluster) -> Error {
    let Cluster { access, .. } = here;
    Error::Usage {
        message: format!(
            "context {} of {} trusts another CA than the run's cluster has",
            access.context,
            access.files()
        ),
        hint:
            "name the kubeconfig of the run's cluster with `--kubeconfig` and `--context`, or leave both out"
                .into(),
    }
}

/// Why a run that restarts servers one by one cannot go without: only an API call tells that the last one is back
/// with its store.
pub fn refuse_restarts(plan: &Plan, missing: Option<&Finding>) -> Result<(), Error> {
    let is_certain = plan.steps.iter().any(|step| step.restarts() == Restarts::Surely);
    if !is_certain || missing.is_none() {
        return Ok(());
    }
    let message = "no kubeconfig here has credentials for this cluster, and without a call to its API nobody knows whether \
                   a server that was restarted is back with its store: the next one would take the quorum";
    let finding = Finding::new(Code::CredentialsNeeded, format!("context {}", plan.cluster.context), message);
    Err(finding.remedy("name a kubeconfig of the cluster with `--kubeconfig` and `--context`").into())
}

fn missing(planned: &plan::Cluster) -> Finding {
    let message = "no kubeconfig here has credentials for this cluster: an API server counts as ready once it \
                   completes a handshake that leads to the cluster's CA";
    Finding::new(Code::CredentialsMissing, format!("context {}", planned.context), message)
        .remedy("name a kubeconfig of the cluster with `--kubeconfig` and `--context`")
}
