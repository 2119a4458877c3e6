//! The verbs of certificates.

use std::{path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Subcommand, ValueEnum};

use super::{FailOn, Format, duration::term};
use crate::san::San;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Certs {
    /// Show the certificates that servers really serve, over the wire
    ///
    /// Needs no credentials and changes nothing. An address is dialled without SNI, and no name is ever guessed.
    /// Without arguments: every known node and the endpoint. A thousand endpoints at once are fine.
    Inspect(Inspect),
    /// Add names to the certificate of every API server, one node at a time
    ///
    /// Shows what it will do and asks. No pod and no API server is restarted where the server follows its
    /// certificate file by itself. Each node must prove the new names on fresh connections before the next one's
    /// turn; a node that does not is taken back.
    AddSan(AddSan),
    /// Take names out of the certificate of every API server, one node at a time
    ///
    /// Refuses names that the cluster itself needs, such as a node's address or `kubernetes`, and those that a
    /// distribution puts in by itself. Otherwise the same way and the same proof as `add-san`: fresh connections no longer
    /// show the names, and still show all others. Refused for K3s and RKE2, which never give a name up, and for k0s, each
    /// with what to do instead.
    RemoveSan(RemoveSan),
    /// Renew the certificate of every API server, with the names it has, one node at a time
    ///
    /// The same way and the same proof as `add-san`, and no new name. Nothing renews the certificates of MicroK8s, which
    /// are valid for 365 days. Refused for K3s and RKE2, which renew their own when they start.
    Renew(Renew),
    /// Show which names are configured, which are on the disk and which are served, on each node
    ///
    /// Changes nothing. A name that is in one place and not in another is a finding, with the command that puts it right.
    Drift(Drift),
}

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

#[derive(Args, Debug)]
pub struct AddSan {
    /// DNS names and addresses that clients will use
    #[arg(value_name = "NAME", required = true, value_parser = clap::value_parser!(San))]
    pub names: Vec<San>,

    #[command(flatten)]
    pub change: Change,
}

#[derive(Args, Debug)]
pub struct RemoveSan {
    /// DNS names and addresses that no client uses any more
    #[arg(value_name = "NAME", required = true, value_parser = clap::value_parser!(San))]
    pub names: Vec<San>,

    /// Remove also what the kubeconfig, the inventory or a run leads clients to
    #[arg(long)]
    pub force: bool,

    #[command(flatten)]
    pub change: Change,
}

#[derive(Args, Debug)]
pub struct Renew {
    /// Renew only what ends within this time, such as 720h or 30d, and say nothing where nothing does: for a timer
    #[arg(long, value_name = "DURATION", value_parser = term)]
    pub if_expires_within: Option<Duration>,

    #[command(flatten)]
    pub change: Change,
}

#[derive(Args, Debug)]
pub struct Drift {
    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

// Flags of every verb that has certificates signed anew; clap would take a doc comment for the help of each verb.
#[derive(Args, Debug)]
pub struct Change {
    /// Change only these nodes, by name; comma-separated, or several times. The others are locked meanwhile
    #[arg(long, value_name = "NODE", value_delimiter = ',')]
    pub limit: Vec<String>,

    /// Where the CA's key lies, where it is not beside the CA's certificate on each node of kubeadm's or set up by hand. It
    /// signs there and does not leave that machine: a node, another machine, or `localhost`
    #[arg(long, value_name = "[[USER@]HOST:]PATH", value_parser = clap::value_parser!(CaKey))]
    pub ca_key: Option<CaKey>,

    /// Do not drain nodes on these balancers of the inventory, by name; comma-separated, or several times
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub without_balancer: Vec<String>,

    #[command(flatten)]
    pub consent: Consent,

    /// Ask the API all the while, ten times a second on a new connection each, and say what became of it
    #[arg(long)]
    pub watch: bool,

    /// Leave a node that fails its proof as it is, rather than take it back
    #[arg(long)]
    pub keep_failed: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Where a CA's key lies; without a host on the node that it signs for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CaKey {
    pub host: Option<String>,
    pub path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
#[error("it is no absolute path, and no host and one with a colon between them")]
pub struct ParseCaKeyError;

impl FromStr for CaKey {
    type Err = ParseCaKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with('/') {
            return Ok(Self { host: None, path: text.into() });
        }
        let (host, _) = text.split_once(":/").filter(|(host, _)| !host.is_empty()).ok_or(ParseCaKeyError)?;
        Ok(Self { host: Some(host.to_owned()), path: text[host.len() + 1..].into() })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lies_on_the_node_itself_or_on_a_host_that_is_named() {
        for (text, host, path) in [
            ("/root/ca.key", None, "/root/ca.key"),
            ("/root/a:/b", None, "/root/a:/b"),
            ("jumpbox:/root/ca.key", Some("jumpbox"), "/root/ca.key"),
            ("root@[fd00::1]:2222:/root/ca.key", Some("root@[fd00::1]:2222"), "/root/ca.key"),
        ] {
            let read = text.parse::<CaKey>().unwrap();

            assert_eq!((read.host.as_deref(), read.path.to_str().unwrap()), (host, path), "{text}");
        }
        for text in ["", "ca.key", "jumpbox:ca.key", ":/ca.key"] {
            assert!(text.parse::<CaKey>().is_err(), "{text}");
        }
    }
}
