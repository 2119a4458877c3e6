//! `cpctl apply PLAN`.

use std::path::Path;

use super::shared::{
    cluster::Cluster,
    consent::{self, Consent},
    credentials, drains,
    survey::{self, Limit},
    typed,
    watched::{self, Meanwhile, Terms},
};
use crate::{
    apply::OnFailure,
    cli::{Apply, Common},
    error::Error,
    node::Target,
    operator::Operator,
    outcome::Outcome,
    plan::{HERE, Plan},
    probe::Trust,
    report::{Code, Finding, Severity, worst},
    world::World,
};

pub fn run(
    args: &Apply,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let mut plan = read(&args.plan)?;
    if plan.is_empty() {
        return Ok(Outcome::nothing_to_do(plan.title, vec![]));
    }
    let mut findings = look(&plan, world)?;
    findings.extend(drains::again(&plan, world));
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Outcome::Refused(findings));
    }
    let (cluster, found) = credentials::of_here(&plan.cluster, common, world)?;
    credentials::refuse_restarts(&plan, found.as_ref())?;
    findings.extend(found);
    plan.cluster = cluster;
    let consent = if args.yes { Consent::Given } else { Consent::Ask };
    let here = if args.watch { Some(of_plan(&plan, common)?) } else { None };
    let asked = here.as_ref().map(|cluster| Meanwhile { cluster, shared: None });
    let preview = consent::preview(plan, vec![], findings);
    watched::carry_out(preview, Terms { consent, on_failure: OnFailure::default(), asked }, world, operator)
}

/// The cluster of the kubeconfig here, where that is the plan's: whoever asks meanwhile needs its credentials.
fn of_plan(plan: &Plan, common: &Common) -> Result<Cluster, Error> {
    let here = Cluster::find(common)?;
    if plan.cluster.kubeconfig == here.access.kubeconfigs {
        return Ok(here);
    }
    Err(Error::Usage {
        message: "`--watch` asks the plan's cluster, and the kubeconfig here has no credentials for it"
            .into(),
        hint: "name one with `--kubeconfig` and `--context`, or leave out `--watch`".into(),
    })
}

/// What stands in the way by now on the nodes that the plan changes, however old it is.
fn look(plan: &Plan, world: &World) -> Result<Vec<Finding>, Error> {
    let is_changed = |name: &str| name != HERE && plan.steps.iter().any(|step| step.node == name);
    let targets: Vec<Target> =
        plan.nodes.values().filter(|target| is_changed(&target.name)).cloned().collect();
    if targets.is_empty() {
        return Ok(vec![]);
    }
    let unreadable = |source| Error::Certificate { path: "the plan".into(), source };
    let trust = Trust::from_pem(&plan.cluster.trust).map_err(unreadable)?;
    let limit = Limit::default();
    let (nodes, mut findings) = survey::at(&targets, &limit, world)?;
    findings.extend(survey::judge(&nodes, &limit, Some((&plan.cluster.context, &trust)), world));
    let is_server = |finding: &Finding| plan.cluster.servers.contains_key(&finding.subject);
    findings.retain(|finding| finding.code != Code::NodeIsWorker || is_server(finding));
    Ok(findings)
}

fn read(path: &Path) -> Result<Plan, Error> {
    Plan::from_json(&typed::read(path)?).map_err(|source| Error::NotAPlan { path: path.to_owned(), source })
}
