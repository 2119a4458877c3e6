//! What there is to judge where others than we made the connections.

use std::collections::BTreeMap;

use super::{Look, Visits, certificates, shown_to};
use crate::{
    check::front::{Evidence, Face, Ready, User},
    endpoint::Endpoint,
    probe::Plain,
};

impl Look<'_> {
    /// Visits by another machine, on which nobody logs in, beside the nodes as they are seen from here; nothing where there
    /// was no visit.
    pub fn beside(
        &self,
        endpoint: Endpoint,
        nodes: Vec<(String, Endpoint)>,
        visits: &Visits,
        plain: Plain,
    ) -> Option<Evidence> {
        let samples = visits.iter().map(|visit| self.met(&endpoint, visit)).collect();
        let good = || visits.iter().filter(|visit| visit.is_ok());
        let leads = good().find(|visit| visit.as_ref().is_ok_and(|visit| self.leads(&visit.presented)));
        let tls = match leads.or(good().next()).or(visits.first())? {
            Ok(visit) => Ok(self.shown(&visit.presented, Some(visit))),
            Err(error) => Err(error.clone()),
        };
        Some(Evidence {
            front: Face {
                at: endpoint.clone(),
                tls,
                plain,
                ready: Ready::Untold,
                user: User::Untold,
                version: None,
            },
            nodes: self.nodes(nodes),
            samples,
            asked: self.asked.clone(),
            heard: None,
            elsewhere: None,
            login: None,
            certificates: certificates(shown_to(visits)),
            neighbours: BTreeMap::new(),
            unlooked: vec![],
            endpoint,
        })
    }
}
