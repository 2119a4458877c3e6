//! A new address tried as a client would, before anything leads to it.

use super::sight::CONNECTIONS;
use crate::{
    api::{Access, Api, VerifyAs},
    check,
    endpoint::Endpoint,
    probe::{self, Trust},
    report::Finding,
    san::San,
    world::World,
};

/// A client as far as it judges a server.
pub struct Client<'c> {
    /// What findings are about.
    pub subject: &'c str,
    /// `None` where it believes whoever answers.
    pub trust: Option<&'c Trust>,
    /// The name that it looks for in the certificate.
    pub asks_for: San,
    pub access: &'c Access,
}

impl Client<'_> {
    /// Several fresh connections whose certificate is believed, and a call that is answered; else why not.
    pub fn reaches(&self, to: &Endpoint, world: &World) -> Result<(), Vec<Finding>> {
        if let Some(trust) = self.trust {
            (0..CONNECTIONS).try_for_each(|_| self.handshake(trust, to, world))?;
        }
        let verify = if self.asks_for == San::kubernetes() { VerifyAs::Kubernetes } else { VerifyAs::Host };
        let api = Api::new(&world.wire, self.access, Some(to), verify);
        let answers = api.and_then(|api| api.version().and_then(|_| api.whoami()));
        answers.map(drop).map_err(|error| vec![check::api(self.subject, &error)])
    }

    fn handshake(&self, trust: &Trust, to: &Endpoint, world: &World) -> Result<(), Vec<Finding>> {
        let Self { subject, asks_for, .. } = self;
        let presented =
            world.wire.presented(to).map_err(|error| vec![check::unreachable(subject, to, &error)])?;
        let now = (world.now)();
        let verdict = trust.judge(&presented, asks_for, now);
        match probe::refusal(&presented, &verdict, asks_for, now) {
            None => Ok(()),
            Some(words) => Err(vec![check::refused(subject, to, asks_for, &verdict, words)]),
        }
    }
}
