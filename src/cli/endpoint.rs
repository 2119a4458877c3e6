//! The verb of the address that clients share.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Consent, Format};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Endpoint {
    /// Lead everything in the cluster that names the old address to another one
    ///
    /// Workers of kubeadm, of MicroK8s and those set up by hand, agents of K3s and RKE2, kubeadm's ConfigMaps, and
    /// kubeconfigs; no other byte of a file changes. The new address must first prove itself, as for `kubeconfig repoint`,
    /// from here and through each node whose clients are led there, and every API server must serve its name. Workers that
    /// the cluster knows are found by themselves and reached over SSH; one that cannot be reached is told before anything
    /// is changed. What leads a control plane to its own API server stays. k0s is refused.
    Move(Move),
}

#[derive(Args, Debug)]
pub struct Move {
    #[command(flatten)]
    pub lead: Lead,

    /// Change only these nodes, by name; comma-separated, or several times. Texts in the cluster's API change all the same
    #[arg(long, value_name = "NODE", value_delimiter = ',')]
    pub limit: Vec<String>,

    #[command(flatten)]
    pub consent: Consent,

    /// Ask the API all the while, ten times a second on a new connection each, and say what became of it
    #[arg(long)]
    pub watch: bool,

    /// Leave what fails as it is, rather than take it back
    #[arg(long)]
    pub keep_failed: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

// Flags of every verb that leads clients elsewhere; clap would take a doc comment for the help of each verb.
#[derive(Args, Debug)]
pub struct Lead {
    /// The new address; without a port, that of the kubeconfig's server [default: the inventory's endpoint]
    #[arg(long, value_name = "HOST[:PORT]")]
    pub to: Option<String>,

    /// An address to leave, in place of those of the API servers and of the kubeconfig; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    pub from: Vec<String>,

    /// A directory of kubeconfigs to move too, beside the one that is used
    #[arg(long, value_name = "DIRECTORY")]
    pub kubeconfigs: Option<PathBuf>,

    /// Move the administrators' kubeconfigs on kubeadm's control planes too, which hold keys: admin.conf, super-admin.conf
    #[arg(long)]
    pub admin_confs: bool,
}
