//! The whole job.

use clap::Args;

use super::{Change, Lead};

#[derive(Args, Debug)]
pub struct Migrate {
    #[command(flatten)]
    pub lead: Lead,

    #[command(flatten)]
    pub change: Change,
}
