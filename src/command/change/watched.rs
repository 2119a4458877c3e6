//! A change that is carried out while requests are sent.

use super::Site;
use crate::{
    apply::OnFailure,
    command::{shared::consent, watch::behind::Behind},
    error::Error,
    operator::Operator,
    outcome::{Applied, Outcome, Preview},
    world::World,
};

impl Site {
    /// Carries it out while requests are sent, and tells what became of those, however the change itself ends.
    pub(super) fn set_about_watched(
        &self,
        preview: Preview,
        on_failure: OnFailure,
        world: &World,
        operator: &mut dyn Operator,
    ) -> Result<Outcome, Error> {
        let behind = Behind::start(&self.cluster, self.inventory.endpoint.as_ref(), world, operator)?;
        let ended = consent::set_about(preview, on_failure, world, operator);
        let requests = behind.stop();
        match ended {
            Ok(Outcome::Applied(run)) => Ok(Outcome::Applied(Applied { requests: Some(requests), ..run })),
            ended => {
                operator.note(&requests.to_string());
                ended
            }
        }
    }
}
