//! `cpctl kubeconfig repoint`.

use std::{collections::BTreeMap, path::PathBuf};

use super::shared::{
    cluster,
    consent::{self, Consent},
    machines,
    proof::Client,
};
use crate::{
    api::Access,
    apply::OnFailure,
    cli::{self, Common, Repoint},
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    kubeconfig::{self, Authority, Context, Kubeconfig, Resolved, Seen, Selection},
    operator::Operator,
    outcome::{FileDiff, Outcome},
    plan::{self, HERE, Plan, SCHEMA},
    probe::Trust,
    report::{Code, Finding},
    san::SanSet,
    world::World,
};

mod behind;

pub fn run(
    args: &Repoint,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let seen = cluster::kubeconfigs(common)?;
    let kubeconfig = Kubeconfig::read(&seen).map_err(Error::Refused)?;
    let selection = args.cluster.clone().map_or_else(|| cluster::selection(common), Selection::Cluster);
    let resolved = kubeconfig.resolve(&selection)?;
    let to = target(args, common, &resolved)?;
    let clusters =
        if args.all_matching { kubeconfig.matching(resolved.cluster) } else { vec![resolved.cluster] };
    let title = format!("kubeconfig repoint --to {to}");
    let mut findings = kubeconfig::lint(&kubeconfig);

    let repoint = kubeconfig::plan_repoint(&kubeconfig, &clusters, &to).map_err(Error::Refused)?;
    // Their remedies would take the move back.
    findings.retain(|finding| !repoint.gone.contains(finding));
    if repoint.steps.is_empty() {
        return Ok(Outcome::nothing_to_do(title, findings));
    }
    if !args.no_verify {
        for cluster in clusters {
            let context = context_of(&kubeconfig, &resolved, cluster)?.name.value.clone().into_owned();
            let access = Access { kubeconfigs: cluster::paths(&seen), context };
            if let Err(found) = prove(cluster, &access, &to, world) {
                findings.extend(found);
                return Ok(Outcome::Refused(findings));
            }
            let host = cluster.relies_on(&to).unwrap_or_else(|| to.host.clone());
            let port = cluster.endpoint().and_then(Result::ok).map_or(to.port, |endpoint| endpoint.port);
            for finding in
                behind::without_name(&host, &behind::servers(common, &access, &to, port, world)?, world)
            {
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
    }
    let plan = Plan {
        schema: SCHEMA,
        title,
        cluster: plan::Cluster { context: name_of(&resolved), ..plan::Cluster::default() },
        nodes: [(HERE.to_owned(), crate::node::Target::from_host(HERE, HERE))].into(),
        steps: repoint.steps,
        finally: vec![],
        provides: SanSet::default(),
        relies_on: repoint.relies_on,
    };
    let consent = if args.dry_run { Consent::DryRun } else { Consent::Given };
    let after =
        repoint.previews.into_iter().map(|preview| (preview.seen.real.clone(), preview.after)).collect();
    // A large file's tree takes more memory than the file: it is let go before the work begins.
    drop(kubeconfig);
    let preview = consent::preview(plan, diffs(seen, after), findings);
    consent::carry_out(preview, consent, OnFailure::TakeBack, world, operator)
}

/// The address that was named, or the inventory's endpoint; without a port, that of the present server.
fn target(args: &Repoint, common: &Common, resolved: &Resolved<'_, '_>) -> Result<Endpoint, Error> {
    if let Some(to) = &args.to {
        let server = resolved.cluster.endpoint().and_then(Result::ok);
        let target = cli::endpoint(to, server.as_ref().map(|server| server.port))?;
        let has_port = cli::endpoint(to, None).is_ok();
        let slip = server.filter(|_| !has_port).and_then(|server| kubeconfig::meant_port(&server));
        return slip.map_or(Ok(target.clone()), |meant| Err(slipped(target, meant)));
    }
    let inventory = machines::inventory_file(common).map(Inventory::read).transpose()?;
    inventory.and_then(|inventory| inventory.endpoint).ok_or_else(|| Error::Usage {
        message: "no address is named, and there is no inventory with an `endpoint`".into(),
        hint:
            "name it: `cpctl kubeconfig repoint --to HOST:PORT`, or set `endpoint: HOST:PORT` in cpctl.yaml"
                .into(),
    })
}

/// A port that is not taken over from the present server, since it is most likely mistyped.
fn slipped(target: Endpoint, meant: u16) -> Error {
    let message = format!(
        "the present server's port {} looks like a slip of {meant}, so it is not taken over",
        target.port
    );
    let meant = Endpoint::new(target.host.clone(), meant);
    Error::Usage {
        message,
        hint: format!(
            "name the port: `cpctl kubeconfig repoint --to {meant}`, or `--to {target}` if it is right"
        ),
    }
}

/// The context whose credentials try the new address.
fn context_of<'k, 'a>(
    kubeconfig: &'k Kubeconfig<'a>,
    resolved: &Resolved<'k, 'a>,
    cluster: &kubeconfig::Cluster<'a>,
) -> Result<&'k Context<'a>, Error> {
    let leads_there = |context: &&Context<'a>| {
        context.cluster.as_ref().is_some_and(|name| name.value == cluster.name.value)
    };
    resolved.context.filter(leads_there).or_else(|| kubeconfig.contexts().find(leads_there)).ok_or_else(|| Error::Usage {
        message: format!("no context leads to cluster `{}`, so there are no credentials to try the address with", cluster.name.value),
        hint: "make a context for it with `kubectl config set-context`, or leave the trial out with `--no-verify`".into(),
    })
}

/// Tries the new address as a client of this cluster entry would, before anything is written.
fn prove(
    cluster: &kubeconfig::Cluster<'_>,
    access: &Access,
    to: &Endpoint,
    world: &World,
) -> Result<(), Vec<Finding>> {
    let subject = format!("cluster `{}`", cluster.name.value);
    let trust = if cluster.insecure.is_none() { Some(trust(cluster, &subject)?) } else { None };
    let asks_for = cluster.relies_on(to).unwrap_or_else(|| to.host.clone());
    Client { subject: &subject, trust: trust.as_ref(), asks_for, access }.reaches(to, world)
}

fn trust(cluster: &kubeconfig::Cluster<'_>, subject: &str) -> Result<Trust, Vec<Finding>> {
    let unreadable = |reason: String| {
        vec![Finding::new(Code::KubeconfigCaData, subject, format!("its CA cannot be read: {reason}"))]
    };
    let pem = match cluster.authority().map_err(|finding| vec![finding])? {
        Some(Authority::Pem(pem)) => pem,
        Some(Authority::File(path)) => std::fs::read_to_string(&path)
            .map_err(|error| unreadable(format!("{}: {error}", path.display())))?,
        None => {
            return Err(vec![
                Finding::new(Code::KubeconfigCaData, subject, "it names no CA to judge the new address by")
                    .remedy("add `certificate-authority-data`, or leave the trial out with `--no-verify`"),
            ]);
        }
    };
    Trust::from_pem(&pem).map_err(|error| unreadable(error.to_string()))
}

fn name_of(resolved: &Resolved<'_, '_>) -> String {
    resolved.context.map(|context| context.name.value.clone().into_owned()).unwrap_or_default()
}

/// The files that change, as they are and as they will be.
fn diffs(seen: Vec<Seen>, mut after: BTreeMap<PathBuf, String>) -> Vec<FileDiff> {
    let diffs = seen.into_iter().filter_map(|seen| {
        let after = after.remove(&seen.real)?;
        Some(FileDiff { node: HERE.into(), path: seen.real, before: seen.text, after })
    });
    diffs.collect()
}
