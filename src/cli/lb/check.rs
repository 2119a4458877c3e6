//! `cpctl lb check`.

use clap::Args;

use super::super::{FailOn, Format};

#[derive(Args, Debug)]
pub struct Check {
    /// The balancer's address [default: the inventory's endpoint, else the kubeconfig's server]
    #[arg(value_name = "ENDPOINT")]
    pub endpoint: Option<String>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
