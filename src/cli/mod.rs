//! The command line: its types, and in their doc comments the help.

use clap::{Parser, Subcommand};

use crate::endpoint::{Endpoint, ParseEndpointError};

mod certs;
mod common;
mod completions;
mod duration;
mod kubeconfig;
mod nodes;
mod output;
mod rehearse;
mod runs;
pub mod usage;
mod verify;

pub use self::{
    certs::{AddSan, CaKey, Certs, Change, Consent, Drift, Inspect, InspectFormat, RemoveSan, Renew},
    common::{Backend, Common, REQUEST_WITHIN, Ssh},
    completions::Completions,
    kubeconfig::{Kubeconfig, Repoint},
    nodes::{Nodes, NodesFormat},
    output::{FailOn, Format},
    rehearse::Rehearse,
    runs::{Apply, Resume, Runs, Undo},
    verify::Verify,
};

/// Move a Kubernetes control plane behind a load-balancer address without breaking TLS
///
/// The main job, on the operator's own machine, over SSH, with nothing installed on the nodes:
///
///   cpctl certs add-san 172.22.22.3             every API server serves the address
///   cpctl kubeconfig repoint --to 172.22.22.3   the kubeconfig points at it
///   cpctl verify                                a handshake and an API call prove it
///
/// Try it first on an embedded cluster: cpctl rehearse
#[derive(Debug, Parser)]
#[command(
    name = "cpctl",
    version,
    verbatim_doc_comment,
    arg_required_else_help = true,
    subcommand_required = true
)]
#[command(after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Verb,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done, nothing to do, or nothing wrong
  1    the answer is no: a check found a fault; nothing was changed
  2    could not: wrong usage, unreachable, refused; nothing is changed
  3    stopped part-way: the `resume` and `undo` commands are printed
  130  stopped by a second Ctrl-C";

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Look at serving certificates, change their names, and renew them
    #[command(subcommand)]
    Certs(Certs),
    /// Point a kubeconfig at another address
    #[command(subcommand)]
    Kubeconfig(Kubeconfig),
    Verify(Verify),
    Nodes(Nodes),
    Apply(Apply),
    Resume(Resume),
    Undo(Undo),
    Runs(Runs),
    Rehearse(Rehearse),
    Completions(Completions),
}

/// An endpoint as it is typed: the port may be left out where another one is known.
pub fn endpoint(text: &str, port: Option<u16>) -> Result<Endpoint, ParseEndpointError> {
    match port {
        Some(port) => Endpoint::parse_with_port(text, port),
        None => text.parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;

        Cli::command().debug_assert();
    }
}
