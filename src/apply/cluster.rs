//! What a change in the cluster's API, or of how a node reaches it, must come to: by the API's own word.

use std::{collections::BTreeMap, time::Duration};

use super::{Cause, Run, Unwritten};
use crate::{
    api::{self, Api, PodCount},
    journal::Record,
    plan::{DaemonSet, Object, Signed, Step},
    world::await_within,
};

/// Why the cluster is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled {
    #[error(transparent)]
    Unasked(#[from] Unwritten),
    #[error("the API knows no such node")]
    Unknown,
    #[error("the API says that it is not ready")]
    NotReady,
    #[error("its kubelet has not renewed its lease since")]
    Silent,
    #[error("{updated} of {wanted} pods are replaced, and {available} are available")]
    Pods { wanted: i32, updated: i32, available: i32 },
    #[error("it still has the signatures of another text")]
    Signatures,
}

impl Run<'_> {
    /// Waits until the kubelet renews its lease, which it does when it starts and every ten seconds, and the node is ready.
    pub(super) fn await_node(&self, step: &Step, name: &str, within: Duration) -> Result<(), Cause> {
        let mut first: Option<Option<String>> = None;
        let awaited = self.await_cluster(within, |run| {
            let state = run.ask(|api| api.node_state(name))?.ok_or(Unsettled::Unknown)?;
            let was = first.get_or_insert_with(|| state.renewed.clone());
            match state {
                state if state.renewed.is_some() && state.renewed == *was => Err(Unsettled::Silent),
                state if !state.is_ready => Err(Unsettled::NotReady),
                _ => Ok(()),
            }
        })?;
        awaited.map_err(|source| Cause::NodeAway {
            node: step.node.clone(),
            name: name.to_owned(),
            units: step.restarted().map(ToOwned::to_owned).collect(),
            source,
        })
    }

    /// Has the pods of a daemon set replaced, and waits until they are.
    pub(super) fn roll_out(
        &mut self,
        (step, settle): (usize, usize),
        set: &DaemonSet,
        within: Duration,
    ) -> Result<(), Cause> {
        let failed = |source| Cause::NotRolledOut { daemon_set: set.clone(), source };
        let DaemonSet { namespace, name } = set;
        if !self.journal.account().is_restarted(step, settle) {
            self.refuse_overtaken()?;
            let at = (self.world.now)().to_string();
            match self.ask(|api| api.roll_out(namespace, name, &at)) {
                // Nothing takes the text in any more.
                Err(Unsettled::Unasked(Unwritten::Api(api::Error::Status { status: 404, .. }))) => {
                    return Ok(());
                }
                asked => asked.map_err(failed)?,
            }
            self.record(Record::Restarted { step, settle })?;
        }
        let awaited = self.await_cluster(within, |run| {
            let Some(pods) = run.ask(|api| api.pod_count(namespace, name))? else { return Ok(()) };
            let PodCount { wanted, updated, available, .. } = pods;
            if pods.is_rolled_out() { Ok(()) } else { Err(Unsettled::Pods { wanted, updated, available }) }
        })?;
        awaited.map_err(failed)
    }

    /// Waits until a text has the signatures that belong to it.
    pub(super) fn await_signatures(
        &self,
        object: &Object,
        was: &Signed,
        within: Duration,
    ) -> Result<(), Cause> {
        let Object { namespace, name, key } = object;
        let awaited = self.await_cluster(within, |run| {
            let Some(mut texts) = run.ask(|api| api.config_texts(namespace, name))? else { return Ok(()) };
            let text: BTreeMap<String, String> = texts.remove_entry(key).into_iter().collect();
            let is_signed = text.get(key).is_none_or(|text| was.agrees(text, &texts));
            if is_signed { Ok(()) } else { Err(Unsettled::Signatures) }
        })?;
        awaited.map_err(|source| Cause::NotResigned { object: object.clone(), source })
    }

    fn ask<T>(&self, call: impl Fn(&Api) -> Result<T, api::Error>) -> Result<T, Unsettled> {
        let is_silent =
            |error: &api::Error| matches!(error, api::Error::Connect { .. } | api::Error::Timeout { .. });
        Ok(self.on_api(is_silent, call)?)
    }

    /// Looks until it is seen; a request to stop is heard meanwhile.
    fn await_cluster(
        &self,
        within: Duration,
        mut look: impl FnMut(&Self) -> Result<(), Unsettled>,
    ) -> Result<Result<(), Unsettled>, Cause> {
        let mut asked = Ok(());
        let awaited = await_within(within, || {
            let seen = look(self);
            if seen.is_err() {
                asked = self.stop_if_asked();
            }
            if asked.is_err() { Ok(seen) } else { seen.map(Ok) }
        });
        asked.map(|()| awaited.flatten())
    }
}
