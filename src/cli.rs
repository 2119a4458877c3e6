//! The command line: its types, and in their doc comments the help.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    endpoint::{Endpoint, ParseEndpointError},
    san::San,
};

pub mod usage;

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
    /// Look at serving certificates, and add names to them
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

#[derive(Debug, Subcommand)]
pub enum Certs {
    Inspect(Inspect),
    AddSan(AddSan),
}

#[derive(Debug, Subcommand)]
pub enum Kubeconfig {
    Repoint(Repoint),
}

/// How long a connection, a handshake or an API call may take where nobody says.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(5);

/// Flags of every verb.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The kubeconfig to use, before $KUBECONFIG and ~/.kube/config
    #[arg(long, global = true, value_name = "FILE", help_heading = "Cluster")]
    pub kubeconfig: Option<PathBuf>,

    /// The context to use, in place of the current one
    #[arg(long, global = true, value_name = "NAME", help_heading = "Cluster")]
    pub context: Option<String>,

    /// How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, help_heading = "Cluster")]
    pub request_timeout: Option<Duration>,

    /// Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Nodes", conflicts_with = "node")]
    pub inventory: Option<PathBuf>,

    /// A node, in place of an inventory; give it once for each
    #[arg(long, global = true, value_name = "[USER@]HOST[:PORT]", help_heading = "Nodes")]
    pub node: Vec<String>,

    #[command(flatten)]
    pub ssh: Ssh,

    /// Say nothing but the result and errors
    #[arg(long, short, global = true, help_heading = "Output", conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say each lock, change, wait and proof as it happens
    #[arg(long, short, global = true, help_heading = "Output")]
    pub verbose: bool,
}

/// Flags that ssh has too, with the same letters.
#[derive(Args, Clone, Debug)]
pub struct Ssh {
    /// The ssh configuration file, in place of ~/.ssh/config
    #[arg(short = 'F', id = "ssh_config", global = true, value_name = "FILE", help_heading = "SSH")]
    pub config: Option<PathBuf>,

    /// The private key to log in with
    #[arg(short = 'i', id = "identity", global = true, value_name = "FILE", help_heading = "SSH")]
    pub identity: Option<PathBuf>,

    /// Hosts to jump through, comma-separated
    #[arg(short = 'J', id = "jump", global = true, value_name = "[USER@]HOST[:PORT]", help_heading = "SSH")]
    pub jump: Option<String>,

    /// The port that sshd listens on
    #[arg(short = 'p', id = "ssh_port", global = true, value_name = "PORT", help_heading = "SSH")]
    pub port: Option<u16>,

    /// The user to log in as
    #[arg(short = 'l', id = "login", global = true, value_name = "USER", help_heading = "SSH")]
    pub user: Option<String>,

    /// The built-in SSH, or the system's ssh: for FIDO keys, certificates, Match and ProxyCommand
    #[arg(
        long = "ssh",
        id = "ssh_backend",
        global = true,
        value_name = "BACKEND",
        default_value = "builtin",
        help_heading = "SSH"
    )]
    pub backend: Backend,

    /// Ask once for the sudo password of the login user
    #[arg(long, short = 'K', global = true, help_heading = "SSH")]
    pub ask_become_pass: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Backend {
    Builtin,
    System,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum InspectFormat {
    Text,
    Json,
    Pem,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum NodesFormat {
    Text,
    Json,
    Yaml,
}

/// How bad a finding must be for exit code 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum FailOn {
    Warn,
    Fail,
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

    /// Change only these nodes, by name; comma-separated, or several times
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

/// Point a kubeconfig at the load balancer's address
///
/// The new address must first prove itself: TLS against the kubeconfig's own CA, the exact host, and an API
/// call with its credentials. Then one value in the file changes, and no other byte.
#[derive(Args, Debug)]
pub struct Repoint {
    /// The new address; without a port, that of the present server [default: the inventory's endpoint]
    #[arg(long, value_name = "URL|HOST[:PORT]")]
    pub to: Option<String>,

    /// The cluster entry to change, in place of the context's
    #[arg(long, value_name = "NAME", conflicts_with = "all_matching")]
    pub cluster: Option<String>,

    /// Change every cluster entry with the same server
    #[arg(long)]
    pub all_matching: bool,

    /// Do not try the new address first, for a file that is used elsewhere
    #[arg(long)]
    pub no_verify: bool,

    /// Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`
    #[arg(long)]
    pub dry_run: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

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

/// Show the control-plane nodes, their distribution and role, and how they were found
///
/// The nodes are those of --node or of the inventory; without either, those that the cluster itself names. With
/// `-o yaml` the result is an inventory: cpctl nodes -o yaml > cpctl.yaml
#[derive(Args, Debug)]
pub struct Nodes {
    #[arg(
        long,
        short,
        value_name = "FORMAT",
        default_value = "text",
        help = "How to print the result; yaml is an inventory"
    )]
    pub output: NodesFormat,
}

/// Carry out a saved plan, exactly as it was shown
///
/// `--dry-run -o json` saves one. Where a file has changed since, the plan is refused and nothing is changed.
#[derive(Args, Debug)]
pub struct Apply {
    /// The plan, or `-` for standard input
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,

    /// Do not ask before changing anything
    #[arg(long, short)]
    pub yes: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Go on with a run that stopped part-way
///
/// Works from the journal on this machine, or from the record on the nodes where another machine began the run.
#[derive(Args, Debug)]
pub struct Resume {
    /// The run's id, as `cpctl runs` lists it [default: the last unfinished one]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Take a run back
///
/// Each API server presents the very certificate from before again, and a kubeconfig its old address. What others have
/// changed since stays. Refused while a later run relies on this one.
#[derive(Args, Debug)]
pub struct Undo {
    /// The run's id, as `cpctl runs` lists it [default: the last one that is in place]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,

    /// Do not ask before changing anything
    #[arg(long, short)]
    pub yes: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// List the runs, oldest first
///
/// Those that this machine has a journal of. With nodes named, by --node or by an inventory, also those that other
/// machines began and the nodes keep a record of.
#[derive(Args, Debug)]
pub struct Runs {
    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Show the whole job on a small cluster that is built in
///
/// Needs no root, no cluster and no network beyond loopback. Three API servers behind a load balancer are moved to its
/// address by the commands of the real thing, while a client counts failed requests. Nothing is left afterwards.
#[derive(Args, Debug)]
pub struct Rehearse {
    /// Leave the cluster running until Ctrl-C, and print how to play with it from another terminal
    #[arg(long)]
    pub keep: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Print a completion script for a shell
///
/// For bash, for example: cpctl completions bash > ~/.local/share/bash-completion/completions/cpctl
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell that is to complete cpctl's commands
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

impl FailOn {
    pub fn severity(self) -> crate::report::Severity {
        match self {
            Self::Warn => crate::report::Severity::Warn,
            Self::Fail => crate::report::Severity::Fail,
        }
    }
}

/// An endpoint as it is typed: the port may be left out where another one is known.
pub fn endpoint(text: &str, port: Option<u16>) -> Result<Endpoint, ParseEndpointError> {
    match port {
        Some(port) => Endpoint::parse_with_port(text, port),
        None => text.parse(),
    }
}

/// `5s`, `500ms`, `2m`, or seconds without a unit, as kubectl takes them.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 =
        digits.parse().map_err(|_| "give a number with a unit, such as `5s` or `500ms`".to_owned())?;
    match &text[digits.len()..] {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        unit => Err(format!("`{unit}` is no unit; take `ms`, `s` or `m`")),
    }
    .and_then(|duration| {
        if duration.is_zero() { Err("a time of zero lets nothing happen".into()) } else { Ok(duration) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;

        Cli::command().debug_assert();
    }

    #[test]
    fn durations_read_as_kubectl_reads_them() {
        for (text, wanted) in [("5s", 5_000), ("500ms", 500), ("2m", 120_000), ("7", 7_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(wanted)));
        }
        for text in ["", "s", "5h", "0s", "-1s", "1.5s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
