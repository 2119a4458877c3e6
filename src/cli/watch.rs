//! The measuring of failover.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{Format, duration::term};

#[derive(Args, Debug)]
pub struct Watch {
    /// The address that clients share [default: the inventory's endpoint, else the kubeconfig's server]
    #[arg(value_name = "ENDPOINT")]
    pub endpoint: Option<String>,

    /// How often a probe leaves in each lane, such as 100ms
    #[arg(long, value_name = "DURATION", default_value = "100ms", value_parser = term)]
    pub interval: Duration,

    /// End after this time
    #[arg(long = "for", id = "for", value_name = "DURATION", value_parser = term)]
    pub lasts: Option<Duration>,

    /// End once no probe of the shared address has failed for this time
    #[arg(long, value_name = "DURATION", value_parser = term)]
    pub until_stable: Option<Duration>,

    /// Take outages up to this length for no fault
    #[arg(long, value_name = "DURATION", value_parser = term)]
    pub max_outage: Option<Duration>,

    /// Take outages for no fault as long as these configurations of the balancers let them be expected: HAProxy's by how soon
    /// it notices a dead server, keepalived's by how soon the address moves; without FILE those that the machines of the
    /// inventory's `balancers:` have, or where it names none what `lb render haproxy` would write
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with = "max_outage")]
    pub predict: Option<Vec<PathBuf>>,

    /// What happens as it begins; each line typed while it runs is a mark too
    #[arg(long, value_name = "TEXT")]
    pub mark: Option<String>,

    /// Ask every node at its own address as well, which tells a slow balancer from a node that is down
    #[arg(long)]
    pub per_node: bool,

    /// Write the result as JUnit XML as well
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,

    /// Write the result as a web page as well, with a timeline, in one file that loads nothing
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    #[arg(
        long,
        short,
        value_name = "FORMAT",
        default_value = "text",
        help = "How to print the result; json is a line for each probe and mark as it happens, and a last one with the result"
    )]
    pub output: Format,
}
