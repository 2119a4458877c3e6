//! What the API tells whom it knows.

use super::Look;
use crate::{
    api::{self, Api, VerifyAs},
    check::front::{Chain, Login, Ready, Shown, User},
    endpoint::Endpoint,
    probe::Said,
};

impl Look<'_> {
    /// What only a login is told; nobody but the cluster's own is shown one.
    pub(super) fn by_credentials(
        &self,
        at: &Endpoint,
        shown: &Shown,
        verify: VerifyAs,
        ready: Ready,
    ) -> (Ready, User, Option<String>) {
        let Some(access) = self.access.filter(|_| shown.chain == Chain::Leads) else {
            return (ready, User::Untold, None);
        };
        let Ok(api) = Api::new(&self.world.wire, access, Some(at), verify) else {
            return (ready, User::Untold, None);
        };
        let ready = match ready {
            Ready::Untold => match api.readyz() {
                Ok(()) => Ready::Yes,
                Err(api::Error::Status { status: 500.., message, .. }) => Ready::No(message),
                Err(_) => Ready::Untold,
            },
            told => told,
        };
        let user = match api.whoami() {
            Ok(user) => User::Named(user),
            Err(api::Error::Status { status: status @ (401 | 403), .. }) => User::Refused(status),
            Err(_) => User::Untold,
        };
        (ready, user, api.version().ok())
    }

    pub(super) fn login(&self, endpoint: &Endpoint) -> Option<Login> {
        let api = Api::new(&self.world.wire, self.access?, Some(endpoint), VerifyAs::Kubernetes).ok()?;
        Some(if api.presents_certificate() { Login::Certificate } else { Login::Token })
    }
}

/// What `/readyz` says to whom it does not know.
pub(super) fn ready(said: &Said) -> Ready {
    match said.status {
        200 => Ready::Yes,
        500.. => Ready::No(format!("`/readyz` answers {}", said.status)),
        _ => Ready::Untold,
    }
}
