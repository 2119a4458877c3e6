//! What must be seen on the wire: the disk followed in either direction, and the promise of the way forward.

use std::time::{Duration, Instant};

use super::{Cause, Event, Occasion, Run, Unlike, Unseen, Way, passage, seen::Seen};
use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    journal::Record,
    node::{Act, Command, Node, Reached, Stream, Target},
    plan::{Cluster, Listener, Passage, Proof, Settle, Step},
    probe::{self, Trust, Unheard},
    rollout,
    world::{World, await_within},
};

/// How long a connection from another machine may take, and each word over it.
pub(super) const HEARD_WITHIN: Duration = Duration::from_secs(10);

/// What a look from another machine came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sight {
    Seen,
    /// The machine passes no connections on, so nothing is known.
    Barred,
}

impl Run<'_> {
    /// Waits until the wire follows the disk, one rung of the ladder after the other.
    pub(super) fn settle(&mut self, number: usize, seen: &Seen, way: Way) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        for (index, settle) in step.settle.iter().enumerate() {
            if matches!(settle, Settle::Restart { .. }) && self.journal.account().is_restarted(number, index)
            {
                continue;
            }
            self.watch.event(Event::Settling { step, settle });
            let begun = Instant::now();
            match settle {
                Settle::ServesFile { .. } => self.serve_file(number, settle, seen)?,
                Settle::Restart { unit } => {
                    let act = Act::Restart { unit: unit.clone() };
                    self.restart(number, (unit, act), Occasion::Planned)?;
                    self.record(Record::Restarted { step: number, settle: index })?;
                }
                Settle::Reload { unit, shown_by } => {
                    let shown_by = shown_by.iter().filter(|_| way == Way::Forward).cloned();
                    let commands = std::iter::once(reload(unit)).chain(shown_by);
                    self.act(&step.node, &commands.map(Act::Run).collect::<Vec<_>>())?;
                }
                Settle::AwaitReady { endpoint, within } => {
                    await_within(*within, || rollout::ready(self.world, &self.plan.cluster, endpoint))
                        .map_err(|source| Cause::NotReady {
                            node: step.node.clone(),
                            endpoint: endpoint.clone(),
                            source,
                        })?;
                }
                Settle::AwaitNode { name, within } => self.await_node(step, name, *within)?,
                Settle::RollOut { daemon_set, within } => {
                    self.roll_out((number, index), daemon_set, *within)?;
                }
                Settle::Resigned { object, was, within } => self.await_signatures(object, was, *within)?,
            }
            self.watch.event(Event::Settled { step, took: begun.elapsed() });
        }
        Ok(())
    }

    fn serve_file(&mut self, number: usize, settle: &Settle, seen: &Seen) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        let Settle::ServesFile { endpoint, file, within, otherwise } = settle else { return Ok(()) };
        let on_disk =
            seen.bytes(file).and_then(|pem| ServingCert::all_from_pem(pem).ok()?.into_iter().next());
        let Some(cert) = on_disk else {
            return Err(Cause::NothingToServe { node: step.node.clone(), path: file.clone() });
        };
        let mut shown = await_within(*within, || serves(self.world, endpoint, &cert));
        if let (Err(_), Some(restart)) = (&shown, otherwise) {
            let act = match &restart.command {
                Some(command) => Act::Run(command.clone()),
                None => Act::Restart { unit: restart.unit.clone() },
            };
            self.restart(number, (&restart.unit, act), Occasion::NotFollowed)?;
            shown = await_within(restart.within, || serves(self.world, endpoint, &cert));
        }
        shown.map_err(|source| Cause::NotServed {
            node: step.node.clone(),
            endpoint: endpoint.clone(),
            file: file.clone(),
            source,
        })
    }

    /// Restarts a unit once the other API servers are ready and no balancer leads clients here.
    fn restart(&mut self, number: usize, (unit, act): (&str, Act), occasion: Occasion) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        self.await_others(step)?;
        self.drain(number)?;
        self.watch.event(Event::Restarting { step, unit, occasion });
        self.restarted.insert((step.node.clone(), unit.to_owned()));
        self.act(&step.node, &[act])?;
        Ok(())
    }

    /// Waits until every API server but the step's own is ready, and says so where it has to wait.
    pub(super) fn await_others(&mut self, step: &Step) -> Result<(), Cause> {
        let (mut is_told, begun) = (false, Instant::now());
        let awaited = await_within(self.terms.patience, || {
            if let Err(cause) = self.stop_if_asked() {
                return Ok(Err(cause));
            }
            let Err(refused) = rollout::others_ready(self.world, &self.plan.cluster, &step.node) else {
                return Ok(Ok(()));
            };
            if !is_told {
                self.watch.event(Event::Awaiting { step, refused: &refused });
                is_told = true;
            }
            Err(refused)
        })?;
        if is_told && awaited.is_ok() {
            self.watch.event(Event::Awaited { step, took: begun.elapsed() });
        }
        awaited
    }

    pub(super) fn prove(&mut self, node: Option<&str>, proof: &Proof) -> Result<(), Cause> {
        self.watch.event(Event::Proving { node, proof });
        let begun = Instant::now();
        let unproven = |source| Cause::Unproven { endpoint: proof.endpoint.clone(), source };
        let Some(from) = &proof.from else {
            prove(self.world, &self.plan.cluster, proof).map_err(unproven)?;
            self.watch.event(Event::Proven { proof, took: begun.elapsed() });
            return Ok(());
        };
        let sight =
            prove_from(self.world, &self.plan.cluster, &self.target(from)?, proof).map_err(unproven)?;
        self.watch.event(match sight {
            Sight::Seen => Event::Proven { proof, took: begun.elapsed() },
            Sight::Barred => Event::NotSeen { node: from, proof },
        });
        Ok(())
    }
}

/// What has a unit take its files in where it runs; that it can do so without a restart is the planner's word.
fn reload(unit: &str) -> Command {
    Command::new("systemctl").arg("try-reload-or-restart").arg(unit)
}

fn serves(world: &World, endpoint: &Endpoint, cert: &ServingCert) -> Result<(), Unlike> {
    let leaf = world.wire.presented(endpoint)?.leaf;
    if leaf.der == cert.der { Ok(()) } else { Err(Unlike::Other { serial: leaf.serial }) }
}

/// Sees the promise on fresh connections in a row, and the API server ready where it is one.
fn prove(world: &World, cluster: &Cluster, proof: &Proof) -> Result<(), Unlike> {
    let trust = Trust::from_pem(&cluster.trust).map_err(Unlike::Trust)?;
    if proof.passage == Passage::Through {
        await_within(proof.within, || passage::goes_through(world, cluster, &trust, proof))?;
    }
    await_within(proof.within, || {
        (0..proof.connections.max(1)).try_for_each(|_| shows(world, &trust, proof))
    })?;
    match proof.listener {
        Listener::ApiServer => await_within(proof.within, || rollout::ready(world, cluster, &proof.endpoint))
            .map_err(Unlike::NotReady),
        Listener::Supervisor => Ok(()),
    }
}

/// Sees the same from another machine, where nobody has credentials: a server that answers as one of this cluster does.
fn prove_from(world: &World, cluster: &Cluster, from: &Target, proof: &Proof) -> Result<Sight, Unlike> {
    let trust = Trust::from_pem(&cluster.trust).map_err(Unlike::Trust)?;
    let seen_from = |source| Unlike::From { node: from.name.clone(), source: Box::new(source) };
    let node = world.reach.look_at(from).map_err(|error| seen_from(Unseen::Node(error)))?;
    if proof.passage == Passage::Through {
        let sight = await_within(proof.within, || {
            passage::goes_through_from(world, cluster, &trust, (&*node, proof)).map_err(seen_from)
        })?;
        if sight == Sight::Barred {
            return Ok(Sight::Barred);
        }
    }
    await_within(proof.within, || {
        for _ in 0..proof.connections.max(1) {
            if hear(world, &*node, &trust, proof).map_err(seen_from)? == Sight::Barred {
                return Ok(Sight::Barred);
            }
        }
        Ok(Sight::Seen)
    })
}

fn hear(world: &World, node: &dyn Node, trust: &Trust, proof: &Proof) -> Result<Sight, Unseen> {
    let to = &proof.endpoint;
    let mut heard = Err(Unheard::Broken("nothing was said".into()));
    let mut talk = |stream: &mut dyn Stream| {
        heard = probe::ask(stream, (to, &to.host), trust, proof.listener.path(), (world.now)());
    };
    match node.reach(&to.host.to_string(), to.port, HEARD_WITHIN, &mut talk)? {
        Reached::Talked => {}
        Reached::Refused => return Err(Unseen::Said("connection refused".into())),
        Reached::Silent => return Err(Unseen::Said("no answer".into())),
        Reached::Forbidden => return Ok(Sight::Barred),
    }
    match heard {
        Ok(said) if proof.listener.answers(said.status, &said.body) => Ok(Sight::Seen),
        Ok(said) => Err(Unseen::Said(format!("it answers {} to {}", said.status, proof.listener.path()))),
        Err(Unheard::Refused { words, .. } | Unheard::Broken(words)) => Err(Unseen::Said(words)),
    }
}

fn shows(world: &World, trust: &Trust, proof: &Proof) -> Result<(), Unlike> {
    let presented = world.wire.presented(&proof.endpoint)?;
    let leaf = &presented.leaf;
    if proof.not_serial.as_ref() == Some(&leaf.serial) {
        return Err(Unlike::OldSerial { serial: leaf.serial.clone() });
    }
    let missing = proof.covers.missing_from(&leaf.sans);
    if !missing.is_empty() {
        return Err(Unlike::Missing { names: missing.to_string() });
    }
    let left = proof.lacks.shared_with(&leaf.sans);
    if !left.is_empty() {
        return Err(Unlike::Left { names: left.to_string() });
    }
    if proof.outlasts.is_some_and(|end| leaf.not_after <= end) {
        return Err(Unlike::NoLonger { end: leaf.not_after });
    }
    if let Some(expected) = proof.issuer.as_ref().filter(|issuer| **issuer != leaf.issuer) {
        return Err(Unlike::Issuer { found: leaf.issuer.clone(), expected: expected.clone() });
    }
    match trust.judge(&presented, &proof.endpoint.host, (world.now)()).chain {
        Some(reason) => Err(Unlike::Untrusted { reason }),
        None => Ok(()),
    }
}
