//! `cpctl certs add-san NAME…`.

use super::change::{Site, titled};
use crate::{
    cli::{AddSan, Common},
    distro::Want,
    error::Error,
    operator::Operator,
    outcome::Outcome,
    world::World,
};

pub fn run(
    args: &AddSan,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let want = Want::Add(args.names.iter().cloned().collect());
    let site = Site::survey(&want, &args.change, common, world, operator)?;
    site.change(titled("certs add-san", &args.names), &want, &args.change, world, operator)
}
