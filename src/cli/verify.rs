//! The proof that clients get through.

use clap::Args;

use super::{FailOn, Format};

/// Prove that clients get through, at each node and at the shared address
///
/// Makes several fresh connections to each address. Each must present a certificate that leads to the kubeconfig's CA
/// and names the address, and the API must answer as it does to kubectl. Changes nothing.
#[derive(Args, Debug)]
pub struct Verify {
    /// The address to prove [default: the kubeconfig's server, and every known node]
    #[arg(value_name = "ENDPOINT")]
    pub endpoint: Option<String>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
