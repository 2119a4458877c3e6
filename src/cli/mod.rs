//! The command line: its types, and in their doc comments the help.

use std::ffi::OsString;

use clap::{Args as _, Command, FromArgMatches as _, Parser, Subcommand};

use crate::endpoint::ParseEndpointError;

mod certs;
mod common;
mod completions;
mod duration;
mod endpoint;
mod explain;
mod kubeconfig;
mod lb;
mod migrate;
mod nodes;
mod output;
mod preflight;
mod rehearse;
mod runs;
pub mod usage;
mod verify;
mod watch;

pub use self::{
    certs::{AddSan, CaKey, Certs, Change, Consent, Drift, Inspect, InspectFormat, RemoveSan, Renew},
    common::{Backend, Common, REQUEST_WITHIN, Ssh},
    completions::{Complete, Completions, Shell},
    endpoint::{Endpoint, Lead, Move},
    explain::Explain,
    kubeconfig::{Kubeconfig, Repoint},
    lb::{
        AnonymousAnswer, BalancerKind, Check, Install, InstalledKind, Lb, Lint, LintedKind, ProxyKind,
        Render, Values,
    },
    migrate::Migrate,
    nodes::{Nodes, NodesFormat},
    output::{FailOn, Format},
    preflight::{Bar, Preflight, PreflightFormat, ReportFile},
    rehearse::Rehearse,
    runs::{Apply, Resume, Runs, Undo},
    verify::Verify,
    watch::Watch,
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
#[command(defer = true)]
pub enum Verb {
    /// Look at serving certificates, change their names, and renew them
    #[command(subcommand)]
    Certs(Certs),
    /// Point a kubeconfig at another address
    #[command(subcommand)]
    Kubeconfig(Kubeconfig),
    /// Lead the whole cluster to another address
    #[command(subcommand)]
    Endpoint(Endpoint),
    /// Write, apply and judge what stands in front of the API servers
    #[command(subcommand)]
    Lb(Lb),
    /// Tell whether the control plane may be moved to an address, and what is wrong now
    ///
    /// Makes every check that the other verbs make before they change something: how the nodes are reached, what they
    /// run, which names are configured, on their disks and served, what stands at the address, and what leads clients
    /// there. Reads only. Exit code 1 where something must be put right first.
    Preflight(Preflight),
    /// Do the whole job: names, proof, clients, as one run
    ///
    /// Makes the checks of `cpctl preflight` first, and changes nothing where one fails. Has every API server serve the
    /// address, as `certs add-san` does; judges what is in front as `lb check` does, and sees the name shown there, from here
    /// and from each machine whose clients are led there; and then leads them there, as `endpoint move` does. One plan is
    /// shown before anything is changed, one journal is kept, and one `cpctl undo` takes all of it back. Where it stops,
    /// `cpctl resume` goes on from there.
    Migrate(Migrate),
    /// Prove that clients get through, at each node and at the shared address
    ///
    /// Makes several fresh connections to each address. Each must present a certificate that leads to the
    /// kubeconfig's CA and names the address, and the API must answer as it does to kubectl. Changes nothing.
    Verify(Verify),
    /// Measure failover while it happens
    ///
    /// Asks the address that clients share again and again, on schedule, whatever became of the requests before: on a new
    /// connection each, on one that is kept, and with a watch that waits for news. Changes nothing, and stops nothing by
    /// itself: stop a server meanwhile. An outage goes from the end of the last answer before it to the end of the first
    /// one after it; answers must follow each other for a second, or three intervals, until it is over.
    ///
    /// Type a line while it runs, and it becomes a mark at that moment; from a pipe too. Ctrl-C ends it with the result,
    /// once what is still out is answered or late. Exit code 1 where there was an outage of the shared address, with
    /// `--max-outage` where there was a longer one; nodes that are asked by themselves do not count.
    Watch(Watch),
    /// Show the control-plane nodes, their distribution and role, and how they were found
    ///
    /// The nodes are those of --node or of the inventory; without either, those that the cluster itself names.
    /// With `-o yaml` the result is an inventory: cpctl nodes -o yaml > cpctl.yaml
    Nodes(Nodes),
    /// Carry out a saved plan, exactly as it was shown
    ///
    /// `--dry-run -o json` saves one. Where a file has changed since, the plan is refused and nothing is changed.
    Apply(Apply),
    /// Go on with a run that stopped part-way
    ///
    /// Works from the journal on this machine, or from the record on the nodes where another machine began the run.
    Resume(Resume),
    /// Take a run back
    ///
    /// Each API server presents the very certificate from before again, and a kubeconfig its old address. What
    /// others have changed since stays. Refused while a later run relies on this one.
    Undo(Undo),
    /// List the runs, oldest first
    ///
    /// Those that this machine has a journal of. With nodes named, by --node or by an inventory, also those
    /// that other machines began and the nodes keep a record of.
    Runs(Runs),
    /// Show the whole job on a small cluster that is built in
    ///
    /// Needs no root, no cluster and no network beyond loopback. Three API servers behind a load balancer are
    /// moved to its address by the commands of the real thing, while a client counts failed requests. Nothing
    /// is left afterwards.
    Rehearse(Rehearse),
    /// Tell what a finding means, why it matters and how to mend it
    ///
    /// Every finding ends with its id: cpctl explain san-missing
    Explain(Explain),
    /// Print a completion script for a shell
    ///
    /// For bash, for example: cpctl completions bash > ~/.local/share/bash-completion/completions/cpctl
    ///
    /// Nodes and balancers come from the inventory, contexts and clusters from the kubeconfig, runs from this machine's
    /// journals. No machine is asked while you type.
    Completions(Completions),
    /// Tell a completion script what may come next: in each line a word, a tab and what it is; last what to do with files
    #[command(name = "__complete", hide = true)]
    Complete(Complete),
}

impl Cli {
    /// Reads a command line, the program's name first.
    ///
    /// The flags of every verb are copied to each verb that is there, which takes longer than many a run: a line that
    /// makes sense is read with the one verb that it names, and any other with all of them.
    pub fn read(words: &[OsString]) -> Result<Self, clap::Error> {
        Self::with_one_verb(words).map_or_else(|| Self::try_parse_from(words), Ok)
    }

    /// What may stand behind the program's name.
    pub fn verbs() -> Vec<String> {
        let verbs = Verb::augment_subcommands(Command::new("cpctl"));
        verbs.get_subcommands().map(|verb| verb.get_name().to_owned()).chain(["help".to_owned()]).collect()
    }

    fn with_one_verb(words: &[OsString]) -> Option<Self> {
        let verbs = Verb::augment_subcommands(Command::new("cpctl"));
        let verb = words.iter().skip(1).find_map(|word| verbs.find_subcommand(word))?;
        let command = Common::augment_args(Command::new("cpctl")).subcommand_required(true).subcommand(verb);
        let mut matches = command.try_get_matches_from(words).ok()?;
        Self::from_arg_matches_mut(&mut matches).ok()
    }
}

/// An endpoint as it is typed: the port may be left out where another one is known.
pub fn endpoint(text: &str, port: Option<u16>) -> Result<crate::endpoint::Endpoint, ParseEndpointError> {
    match port {
        Some(port) => crate::endpoint::Endpoint::parse_with_port(text, port),
        None => text.parse(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_line_that_makes_sense_is_read_with_one_verb_as_with_all() {
        for line in [
            "cpctl verify",
            "cpctl lb check 10.0.0.9:6443 --node a",
            "cpctl certs inspect 10.0.0.1:6443 verify --fail-on warn",
            "cpctl -v certs add-san --node a 10.0.0.9 --node b -y",
            "cpctl kubeconfig repoint --context certs --to 10.0.0.9",
            "cpctl -qK undo 20260101-000000-2222 -ojson",
        ] {
            let words = words(line);

            let read = Cli::with_one_verb(&words).unwrap_or_else(|| panic!("{line}"));

            let by_all = Cli::try_parse_from(&words).unwrap();
            assert_eq!(format!("{read:?}"), format!("{by_all:?}"), "{line}");
        }
    }

    #[test]
    fn a_value_that_looks_like_a_verb_is_not_taken_for_one() {
        let line = words("cpctl --context verify -F runs certs inspect");

        let read = Cli::read(&line).unwrap();

        assert!(matches!(read.verb, Verb::Certs(Certs::Inspect(_))));
        assert_eq!(read.common.context.as_deref(), Some("verify"));
    }

    #[test]
    fn what_is_wrong_is_told_as_all_verbs_together_tell_it() {
        for line in [
            "cpctl",
            "cpctl -V",
            "cpctl -h",
            "cpctl verfy",
            "cpctl certs",
            "cpctl runs -h",
            "cpctl undo --yse",
        ] {
            let words = words(line);

            let error = Cli::read(&words).unwrap_err();

            assert_eq!(error.to_string(), Cli::try_parse_from(&words).unwrap_err().to_string(), "{line}");
        }
    }
}
