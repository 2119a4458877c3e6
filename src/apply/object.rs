//! Texts in the cluster's API: read, edited and put back while nobody else wrote there.

use super::{Cause, Event, Run, Way};
use crate::{
    api::{self, Access, Api, VerifyAs, Versioned},
    edit::{Edit, EditError},
    journal::{Place, Record},
    plan::{Change, Object, Step},
};

/// Why a text in the API is not what the run wants it to be.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    #[error(transparent)]
    Api(#[from] api::Error),
    #[error("somebody else changed it meanwhile")]
    Conflict,
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error("it is not there")]
    Missing,
    #[error("no kubeconfig here has credentials for this cluster")]
    NoCredentials,
}

impl Unwritten {
    /// What to type next.
    pub(super) fn hint(&self, object: &Object) -> Option<String> {
        let Object { namespace, name, .. } = object;
        match self {
            Self::Api(error) => error.hint(),
            Self::Conflict => Some("nothing of theirs was overwritten; run the command again".into()),
            Self::Edit(_) | Self::Missing => Some(format!(
                "look at it: `kubectl -n {namespace} get configmap {name} -o yaml`; then run the command again to plan \
                 from what is there now"
            )),
            Self::NoCredentials => {
                Some("name a kubeconfig of the cluster with `--kubeconfig` and `--context`".into())
            }
        }
    }
}

impl Run<'_> {
    /// Refuses the whole run where a text in the API holds neither side of a change that lies ahead.
    pub(super) fn try_objects(&self, way: Way) -> Result<(), Cause> {
        for (number, step) in self.plan.steps.iter().enumerate().filter(|(step, _)| self.needs(way, *step)) {
            for (change, planned) in step.changes.iter().enumerate() {
                let Change::EditObject { object, edit } = planned else { continue };
                let place = Place { step: number, change };
                let account = self.journal.account();
                let tried = match way {
                    Way::Forward if account.is_done(place) => continue,
                    Way::Forward => self.edited_object(object, edit),
                    Way::Back if account.is_begun(place) => self.reverted_object(object, edit),
                    Way::Back => continue,
                };
                tried.map_err(|source| unwritten(object, edit, source))?;
            }
        }
        Ok(())
    }

    /// Makes the edit, unless it is made already and not by this run.
    pub(super) fn make_in_object(&mut self, place: Place, object: &Object, edit: &Edit) -> Result<(), Cause> {
        let step = &self.plan.steps[place.step];
        let change = &step.changes[place.change];
        let refused = |source| unwritten(object, edit, source);
        let Some(after) = self.edited_object(object, edit).map_err(refused)? else {
            return self.is_made(place, step, change);
        };
        self.refuse_overtaken()?;
        self.watch.event(Event::Changing { step, change });
        self.begin(place)?;
        let put = self.put_object(object, &after);
        if !matches!(put, Err(Unwritten::Conflict)) {
            self.changed.insert(place.step);
        }
        put.map_err(refused)?;
        self.record(Record::Done { place, left: [].into() })
    }

    /// An edit that a process before this one was cut off in is its own; one of somebody else is not ours to take back.
    fn is_made(&mut self, place: Place, step: &Step, change: &Change) -> Result<(), Cause> {
        if self.journal.account().is_begun(place) {
            return self.record(Record::Done { place, left: [].into() });
        }
        self.watch.event(Event::AlreadyMade { step, change });
        Ok(())
    }

    /// Takes the edit out again; an object that is gone has nothing of it.
    pub(super) fn revert_in_object(&mut self, object: &Object, edit: &Edit) -> Result<(), Cause> {
        let refused = |source| unwritten(object, edit, source);
        let Some(before) = self.reverted_object(object, edit).map_err(refused)? else { return Ok(()) };
        self.refuse_overtaken()?;
        self.put_object(object, &before).map_err(refused)
    }

    fn edited_object(&self, object: &Object, edit: &Edit) -> Result<Option<Versioned>, Unwritten> {
        let seen = self.read_object(object)?.ok_or(Unwritten::Missing)?;
        let after = edit.make(&seen.text)?;
        Ok((after != seen.text).then(|| seen.with(after)))
    }

    fn reverted_object(&self, object: &Object, edit: &Edit) -> Result<Option<Versioned>, Unwritten> {
        let Some(seen) = self.read_object(object)? else { return Ok(None) };
        let before = edit.inverse().make(&seen.text)?;
        Ok((before != seen.text).then(|| seen.with(before)))
    }

    fn read_object(&self, object: &Object) -> Result<Option<Versioned>, Unwritten> {
        let Object { namespace, name, key } = object;
        let is_silent =
            |error: &api::Error| matches!(error, api::Error::Connect { .. } | api::Error::Timeout { .. });
        self.on_api(is_silent, |api| api.config_text(namespace, name, key))
    }

    fn put_object(&self, object: &Object, new: &Versioned) -> Result<(), Unwritten> {
        let Object { namespace, name, key } = object;
        // A server that took the text and answered too late may have written it.
        let is_unreached = |error: &api::Error| matches!(error, api::Error::Connect { .. });
        match self.on_api(is_unreached, |api| api.replace_config_text(namespace, name, key, new)) {
            Err(Unwritten::Api(api::Error::Status { status: 409, .. })) => Err(Unwritten::Conflict),
            put => put,
        }
    }

    /// Calls the first API server that does not fail in this way; all of them show the same objects.
    pub(super) fn on_api<T>(
        &self,
        is_passed_over: impl Fn(&api::Error) -> bool,
        call: impl Fn(&Api) -> Result<T, api::Error>,
    ) -> Result<T, Unwritten> {
        let cluster = &self.plan.cluster;
        let access = Access { kubeconfigs: cluster.kubeconfig.clone(), context: cluster.context.clone() };
        let mut last = Unwritten::NoCredentials;
        for server in cluster.servers.values().filter(|_| !cluster.kubeconfig.is_empty()) {
            let made = Api::new(&self.world.wire, &access, Some(server), VerifyAs::Kubernetes);
            match made.and_then(|api| call(&api)) {
                Err(error) if is_passed_over(&error) => last = error.into(),
                answer => return Ok(answer?),
            }
        }
        Err(last)
    }
}

fn unwritten(object: &Object, edit: &Edit, source: Unwritten) -> Cause {
    Cause::Unwritten { object: object.clone(), edit: edit.to_string(), source }
}
