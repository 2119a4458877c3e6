//! What the balancers' configurations let expect of an outage.

use jiff::tz::TimeZone;

use crate::{
    balancer::lint::{self, Facts},
    cli::Watch,
    command::shared::configuration,
    error::Error,
    watch::Prediction,
    world::World,
};

pub(super) fn read(args: &Watch, world: &World) -> Result<Vec<Prediction>, Error> {
    if args.predict.is_empty() {
        return Ok(vec![]);
    }
    let sources = args.predict.iter().map(|path| configuration::at(path)).collect::<Result<Vec<_>, _>>()?;
    let facts = Facts { plane: None, today: (world.now)().to_zoned(TimeZone::UTC).date() };
    let bounds = lint::bounds(&sources, &facts);
    if bounds.is_empty() {
        return Err(Error::Usage {
            message: "nothing in these files lets expect how long an outage lasts".into(),
            hint: "name a file of HAProxy's that checks its API servers, or keepalived's; `cpctl lb lint FILE` tells what is \
                   seen in it"
                .into(),
        });
    }
    let prediction = |bound: lint::Bound| Prediction {
        by: format!("{}, {}", bound.file, bound.of),
        what: bound.what,
        within: bound.within,
    };
    Ok(bounds.into_iter().map(prediction).collect())
}
