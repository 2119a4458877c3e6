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
    let site = Site::survey(&args.change, common, world, operator)?;
    let want = Want::Add(args.names.iter().cloned().collect());
    site.change(titled("certs add-san", &args.names), &want, &args.change, world, operator)
}
