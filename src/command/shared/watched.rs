//! A plan that is carried out while requests are sent, where that is wanted.

use super::{
    cluster::Cluster,
    consent::{self, Asked, Consent},
};
use crate::{
    apply::OnFailure,
    command::watch::behind::Behind,
    endpoint::Endpoint,
    error::Error,
    operator::Operator,
    outcome::{Applied, Outcome, Preview},
    world::World,
};

/// How a plan is carried out.
pub struct Terms<'a> {
    pub consent: Consent,
    pub on_failure: OnFailure,
    /// `None` where nobody wants requests to be sent meanwhile.
    pub asked: Option<Meanwhile<'a>>,
}

/// Who is asked meanwhile.
pub struct Meanwhile<'a> {
    pub cluster: &'a Cluster,
    /// The address that clients share, where one is known beside the kubeconfig's.
    pub shared: Option<&'a Endpoint>,
}

/// Shows the plan, asks where that is wanted, and carries it out.
pub fn carry_out(
    preview: Preview,
    terms: Terms<'_>,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let Terms { consent, on_failure, asked } = terms;
    match (consent::agreed(preview, consent, operator)?, asked) {
        (Asked::Over(outcome), _) => Ok(outcome),
        (Asked::Agreed(preview), None) => consent::set_about(preview, on_failure, world, operator),
        (Asked::Agreed(preview), Some(asked)) => asked.set_about(preview, on_failure, world, operator),
    }
}

impl Meanwhile<'_> {
    /// Carries it out while requests are sent, and tells what became of those, however the change itself ends.
    fn set_about(
        self,
        preview: Preview,
        on_failure: OnFailure,
        world: &World,
        operator: &mut dyn Operator,
    ) -> Result<Outcome, Error> {
        let behind = Behind::start(self.cluster, self.shared, world, operator)?;
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
