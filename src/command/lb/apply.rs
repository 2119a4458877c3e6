//! `cpctl lb apply KIND…`.

use std::{collections::BTreeSet, panic::resume_unwind, thread, time::Duration};

use crate::command::shared::{cluster::Cluster, consent, machines, wanted::wanted};
use crate::{
    apply::OnFailure,
    balancer::{
        install::{Desired, HAPROXY, KEEPALIVED, NGINX, Over, Planned, Program, Wish},
        render::{self, Kind, Proxy, Wanted},
    },
    cli::{Common, Install, InstalledKind, ProxyKind},
    endpoint::Endpoint,
    error::Error,
    inventory::{Balancer, Inventory},
    operator::Operator,
    outcome::{FileDiff, Outcome},
    plan::{Plan, Proof, SCHEMA, Step},
    report::Finding,
    san::{San, SanSet},
    world::World,
};

/// A group that was never there has to agree on who holds the address, and HAProxy to see its servers well.
const PROVEN_WITHIN: Duration = Duration::from_secs(60);

pub fn run(
    args: &Install,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    cluster.trust()?;
    let inventory = machines::named(common)?;
    let programs = programs(args)?;
    let wanted = wanted(&args.values, proxy(&programs, args.values.proxy), inventory.as_ref(), world)?;
    let balancers = inventory.map(|Inventory { balancers, .. }| balancers).unwrap_or_default();
    if balancers.is_empty() {
        return Err(no_machines(&wanted));
    }
    let over = if args.force { Over::Anything } else { Over::Own };
    let desired = desired(&balancers, &programs, over, &wanted, &cluster)?;
    let planned = match survey(&balancers, &desired, world)? {
        Ok(planned) => planned,
        Err(findings) => return Ok(Outcome::Refused(findings)),
    };
    let kinds: Vec<_> = programs.iter().map(|program| program.unit).collect();
    let title = format!("lb apply {}", kinds.join(" "));
    let front = front(&wanted)?;
    let (steps, diffs) = in_order(planned, &front, world);
    if steps.is_empty() {
        return Ok(Outcome::nothing_to_do(title, vec![]));
    }
    let plan = plan(title, steps, &wanted, &balancers, &cluster)?;
    let on_failure = if args.keep_failed { OnFailure::Keep } else { OnFailure::TakeBack };
    let preview = consent::preview(plan, diffs, vec![]);
    consent::carry_out(preview, args.consent.into(), on_failure, world, operator)
}

fn no_machines(wanted: &Wanted) -> Error {
    Error::Usage {
        message: format!("{} names no machines in front", wanted.inventory),
        hint: "list them there: `balancers: [{name: lb1, host: ADDRESS}, …]`".into(),
    }
}

/// The programs that are named, in the order in which a machine takes their files in: who holds the address asks the other.
fn programs(args: &Install) -> Result<Vec<&'static Program>, Error> {
    let kinds: BTreeSet<_> = args.kinds.iter().collect();
    if kinds.contains(&InstalledKind::Haproxy) && kinds.contains(&InstalledKind::Nginx) {
        return Err(Error::Usage {
            message: "haproxy and nginx would both take the port".into(),
            hint: "apply one of them: `cpctl lb apply haproxy keepalived`".into(),
        });
    }
    let program = |kind: &InstalledKind| match kind {
        InstalledKind::Haproxy => &HAPROXY,
        InstalledKind::Nginx => &NGINX,
        InstalledKind::Keepalived => &KEEPALIVED,
    };
    Ok(kinds.into_iter().map(program).collect())
}

/// What keepalived looks after: it is there already where it is not among what is applied.
fn proxy(programs: &[&Program], named: ProxyKind) -> Proxy {
    let has = |kind| programs.iter().any(|program| program.kind == kind);
    match (has(Kind::Nginx), has(Kind::Haproxy), named) {
        (true, _, _) | (_, false, ProxyKind::Nginx) => Proxy::Nginx,
        (false, true, _) | (_, _, ProxyKind::Haproxy) => Proxy::Haproxy,
    }
}

/// What each machine shall have; a file that is no machine's own is every machine's.
fn desired<'a>(
    balancers: &'a [Balancer],
    programs: &[&'static Program],
    over: Over,
    wanted: &Wanted,
    cluster: &Cluster,
) -> Result<Vec<Desired<'a>>, Error> {
    let authority = Wish {
        path: render::ca_file(wanted)?,
        mode: 0o644,
        text: cluster.trust()?.pem.clone(),
        or_more: true,
    };
    let mut rendered = vec![];
    for program in programs {
        rendered.push((*program, render::render(program.kind, wanted)?));
    }
    let front = render::front(wanted)?;
    let ca_file = render::ca_file(wanted)?;
    let proxy = if wanted.proxy == Proxy::Nginx { NGINX.unit } else { HAPROXY.unit };
    let of_machine = |machine: &'a str| {
        let wishes = |(program, files): &(&'static Program, Vec<render::File>)| {
            let is_own = |file: &&render::File| file.machine.as_ref().is_none_or(|owner| owner == machine);
            let own = files.iter().filter(is_own).map(|file| Wish {
                path: file.path.to_owned(),
                mode: file.mode,
                text: file.text.clone(),
                or_more: false,
            });
            let is_read = program.kind != Kind::Keepalived;
            (*program, is_read.then(|| authority.clone()).into_iter().chain(own).collect())
        };
        Desired {
            machine,
            vip: front.ip(),
            port: front.port(),
            ca_file: ca_file.clone(),
            programs: rendered.iter().map(wishes).collect(),
            proxy,
            over,
        }
    };
    Ok(balancers.iter().map(|balancer| of_machine(&balancer.target.name)).collect())
}

/// Asks every machine, all at once, and plans what each has to get; findings of all that stand in the way.
fn survey(
    balancers: &[Balancer],
    desired: &[Desired<'_>],
    world: &World,
) -> Result<Result<Vec<Planned>, Vec<Finding>>, Error> {
    let ask = |balancer: &Balancer, desired: &Desired<'_>| {
        let answers = world.reach.look_at(&balancer.target)?.look(&desired.asks())?;
        Ok::<_, Error>(desired.plan(answers))
    };
    let asked: Vec<_> = thread::scope(|scope| {
        let asked = balancers.iter().zip(desired);
        let threads: Vec<_> =
            asked.map(|(balancer, desired)| scope.spawn(move || ask(balancer, desired))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let (mut planned, mut findings) = (vec![], vec![]);
    for asked in asked {
        match asked? {
            Ok(of_machine) => planned.push(of_machine),
            Err(found) => findings.extend(found),
        }
    }
    Ok(if findings.is_empty() { Ok(planned) } else { Err(findings) })
}

/// The machine that holds the address last. Where clients get through now, they must after each step.
fn in_order(planned: Vec<Planned>, front: &Endpoint, world: &World) -> (Vec<Step>, Vec<FileDiff>) {
    let is_served = world.wire.presented(front).is_ok();
    let mut planned = planned;
    planned.sort_by_key(|planned| planned.is_holder);
    let (mut steps, mut diffs) = (vec![], vec![]);
    for Planned { step, replaced, .. } in planned {
        let Some(mut step) = step else { continue };
        step.proofs = is_served.then(|| leads(front)).into_iter().collect();
        diffs.extend(replaced.into_iter().map(|replaced| FileDiff {
            node: step.node.clone(),
            path: replaced.path,
            before: replaced.before,
            after: replaced.after,
        }));
        steps.push(step);
    }
    (steps, diffs)
}

/// Where clients reach the machines in front, whatever name they have for it.
fn front(wanted: &Wanted) -> Result<Endpoint, Error> {
    let at = render::front(wanted)?;
    Ok(Endpoint::new(San::Ip(at.ip()), at.port()))
}

/// Clients are led to an API server of this cluster; which names it presents is another verb's concern.
fn leads(front: &Endpoint) -> Proof {
    Proof { within: PROVEN_WITHIN, ..Proof::at(front.clone()) }
}

fn plan(
    title: String,
    steps: Vec<Step>,
    wanted: &Wanted,
    balancers: &[Balancer],
    cluster: &Cluster,
) -> Result<Plan, Error> {
    let targets = balancers.iter().map(|balancer| &balancer.target);
    let nodes = targets.map(|target| (target.name.clone(), target.clone())).collect();
    Ok(Plan {
        schema: SCHEMA,
        title,
        cluster: cluster.for_plan(render::servers(wanted)?.into_iter().collect()),
        nodes,
        steps,
        finally: vec![leads(&front(wanted)?)],
        provides: SanSet::default(),
        relies_on: SanSet::default(),
    })
}
