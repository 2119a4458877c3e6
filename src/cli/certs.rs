//! The verbs of certificates.

use clap::{Args, Subcommand, ValueEnum};

use super::{FailOn, Format};
use crate::san::San;

#[derive(Debug, Subcommand)]
pub enum Certs {
    Inspect(Inspect),
    AddSan(AddSan),
}

/// Show the certificates that servers really serve, over the wire
///
/// Needs no credentials and changes nothing. An address is dialled without SNI, and no name is ever guessed.
/// Without arguments: every known node and the endpoint. A thousand endpoints at once are fine.
#[derive(Args, Debug)]
pub struct Inspect {
    /// HOST:PORT, a URL, a certificate file, or `-` for standard input
    #[arg(value_name = "ENDPOINT|FILE")]
    pub targets: Vec<String>,

    /// A name that every certificate must carry; may be given several times
    #[arg(long, value_name = "NAME", value_parser = clap::value_parser!(San))]
    pub require: Vec<San>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: InspectFormat,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum InspectFormat {
    Text,
    Json,
    Pem,
}

/// Add names to the certificate of every API server, one node at a time
///
/// Shows what it will do and asks. No pod and no API server is restarted where the server follows its
/// certificate file by itself. Each node must prove the new names on fresh connections before the next one's
/// turn; a node that does not is taken back.
#[derive(Args, Debug)]
pub struct AddSan {
    /// DNS names and addresses that clients will use
    #[arg(value_name = "NAME", required = true, value_parser = clap::value_parser!(San))]
    pub names: Vec<San>,

    /// Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile
    #[arg(long, value_name = "NODE", value_delimiter = ',')]
    pub limit: Vec<String>,

    #[command(flatten)]
    pub consent: Consent,

    /// Leave a node that fails its proof as it is, rather than take it back
    #[arg(long)]
    pub keep_failed: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

#[derive(Args, Clone, Copy, Debug)]
pub struct Consent {
    /// Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask before changing anything
    #[arg(long, short)]
    pub yes: bool,
}
