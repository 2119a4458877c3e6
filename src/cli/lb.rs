//! The verbs of the load balancer in front of the API servers.

use clap::{Args, Subcommand};

use super::{FailOn, Format};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Lb {
    /// Tell what the balancer in front really does
    ///
    /// Looks at the endpoint and at every API server directly, in one run: whether TLS is passed through, ends at the
    /// balancer or is opened anew behind it, the API in clear, the PROXY protocol on either side, a wrong port, a pool
    /// without a live server, another cluster, and on fresh connections the servers that answer: one alone, one that
    /// lacks the name, one that is not ready. Says what it could not look at. Works without a kubeconfig, though it sees
    /// less. Changes nothing.
    Check(LbCheck),
}

#[derive(Args, Debug)]
pub struct LbCheck {
    /// The balancer's address [default: the inventory's endpoint, else the kubeconfig's server]
    #[arg(value_name = "ENDPOINT")]
    pub endpoint: Option<String>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
