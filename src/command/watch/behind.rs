//! The prober behind a change: what the change costs those who use the API meanwhile.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    api::{Dialer, VerifyAs},
    command::shared::cluster::Cluster,
    endpoint::Endpoint,
    error::Error,
    operator::Operator,
    outcome::Requests,
    watch::{Course, Kind, Lane, Prober, Recording, Via, Way},
    world::World,
};

const INTERVAL: Duration = Duration::from_millis(100);

/// Probes on their way while something else is at work.
pub struct Behind {
    prober: Prober,
    lane: Lane,
    begun: Timestamp,
}

impl Behind {
    /// Asks at the address that clients share, where there is one that answers, else at the kubeconfig's.
    ///
    /// The name is not looked for: an address may be on its way into the certificates just now.
    pub fn start(
        cluster: &Cluster,
        shared: Option<&Endpoint>,
        world: &World,
        operator: &mut dyn Operator,
    ) -> Result<Self, Error> {
        let answers = |endpoint: &&Endpoint| world.wire.presented(endpoint).is_ok();
        let through = shared.filter(answers).unwrap_or(&cluster.server).clone();
        if let Some(silent) = shared.filter(|shared| **shared != through) {
            operator.note(&format!("{silent} does not answer yet, so requests are sent to {through}"));
        }
        let dialer = Dialer::new(&world.wire, &cluster.access, Some(&through), VerifyAs::Kubernetes)?;
        let lane = Lane { kind: Kind::Fresh, via: Via::Shared, endpoint: through };
        let ways = vec![Way { lane: lane.clone(), dialer }];
        let course = Course { ways, interval: INTERVAL, within: world.wire.timeout() };
        let prober = Prober::start(course).map_err(Error::Start)?;
        Ok(Self { prober, lane, begun: (world.now)() })
    }

    /// Sends no more, and tells what became of the requests.
    pub fn stop(self) -> Requests {
        let mut recording = Recording::new(vec![self.lane.clone()], INTERVAL, self.begun);
        recording.lasted = self.prober.elapsed();
        self.prober.stop().for_each(|event| recording.take(event));
        let numbers = recording.summary().lanes.remove(0);
        Requests { through: self.lane.endpoint, interval: INTERVAL, numbers }
    }
}
