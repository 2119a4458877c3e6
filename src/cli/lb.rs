//! The verbs of the load balancer in front.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Consent, Format};
use crate::endpoint::Vip;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Lb {
    /// Write a balancer's configuration from the inventory
    ///
    /// For haproxy, nginx, keepalived, relayd and freebsd-carp the files of the machines in front; for pfsense and
    /// opnsense a sheet of what to enter on their pages, and what they are to make of it; a manifest for kube-vip; records
    /// for dns. TLS passes through in each of them, and each looks at an API server as its distribution lets it:
    /// `distribution:` in the inventory says which it is, or --distribution. Nobody is asked and nothing is changed.
    ///
    ///   cpctl lb render haproxy > haproxy.cfg
    ///   cpctl lb render keepalived --out lb
    #[command(verbatim_doc_comment)]
    Render(Render),
    /// Give the machines in front the configuration that `lb render` writes
    ///
    /// One machine of the inventory's `balancers:` after the other, whoever holds the address last. Each file is shown
    /// with what changes in it, judged by the program itself on its machine before it takes the old one's place, and
    /// taken in by a reload: no connection ends. A machine whose HAProxy then leads to no API server gets back what it
    /// had. `undo` puts every file back.
    ///
    ///   cpctl lb apply haproxy keepalived
    #[command(verbatim_doc_comment)]
    Apply(Install),
}

#[derive(Args, Debug)]
pub struct Render {
    /// What stands in front of the API servers
    #[arg(value_name = "KIND")]
    pub kind: BalancerKind,

    /// Write the files below this directory, each in the place that it has on its machine: DIR/etc/haproxy/haproxy.cfg; one
    /// that is a machine's own below its name: DIR/lb1/etc/keepalived/keepalived.conf
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write over files there that hold something else
    #[arg(long, requires = "out")]
    pub force: bool,

    #[command(flatten)]
    pub values: Values,

    /// What keepalived looks after on its machine
    #[arg(long, value_name = "PROXY", default_value = "haproxy", help_heading = "Checks")]
    pub proxy: ProxyKind,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

#[derive(Args, Debug)]
pub struct Install {
    /// What runs on the machines in front: one of haproxy and nginx, keepalived, or both
    #[arg(value_name = "KIND", required = true)]
    pub kinds: Vec<InstalledKind>,

    #[command(flatten)]
    pub values: Values,

    #[command(flatten)]
    pub consent: Consent,

    /// Leave a machine that fails its proof as it is, rather than take it back
    #[arg(long)]
    pub keep_failed: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

// What a configuration is made of, where the inventory does not say it; a doc comment would become every verb's help.
#[derive(Args, Debug)]
pub struct Values {
    /// The address that clients use, in place of the inventory's `endpoint:`
    #[arg(long, value_name = "HOST:PORT", help_heading = "Values")]
    pub endpoint: Option<String>,

    /// The address that the balancers hold, in place of the inventory's `vip:` [default: the endpoint's]
    #[arg(long, value_name = "ADDRESS[/PREFIX]", help_heading = "Values")]
    pub vip: Option<Vip>,

    /// The number of the group of balancers on their network, in place of the inventory's `vrid:`
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..), help_heading = "Values")]
    pub vrid: Option<u8>,

    /// The network interface that holds the address, in place of the balancers' `interface:`
    #[arg(long, value_name = "NAME", help_heading = "Values")]
    pub interface: Option<String>,

    /// The distribution of the API servers, in place of the nodes' `distribution:`
    #[arg(long, value_name = "NAME", help_heading = "Values")]
    pub distribution: Option<String>,

    /// What a check without credentials is answered [default: as the distribution does by itself]
    #[arg(long, value_name = "ANSWER", help_heading = "Checks")]
    pub anonymous: Option<AnonymousAnswer>,

    /// Hold a server down until its certificate carries the endpoint's name: haproxy, pfsense and opnsense
    #[arg(long, help_heading = "Checks")]
    pub gate: bool,

    /// A client certificate and its key on the machines in front, for checks that say who they are
    #[arg(long, value_name = "FILE", help_heading = "Checks")]
    pub check_cert: Option<String>,

    /// Where the cluster's CA certificate lies on the machines in front [default: kubernetes-ca.crt in the balancer's /etc]
    #[arg(long, value_name = "FILE", help_heading = "Checks")]
    pub ca_file: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
pub enum InstalledKind {
    Haproxy,
    Nginx,
    Keepalived,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum BalancerKind {
    Haproxy,
    Nginx,
    Keepalived,
    Pfsense,
    Opnsense,
    Relayd,
    FreebsdCarp,
    KubeVip,
    Dns,
    #[value(hide = true)]
    Ipfw,
    #[value(hide = true)]
    Ipvs,
    #[value(hide = true)]
    Iptables,
    #[value(hide = true)]
    Nftables,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum AnonymousAnswer {
    /// 200, where the server is ready
    Allowed,
    /// 401, as K3s and RKE2 answer; it does not say whether the server is ready
    Refused,
    /// Either, while the cluster is led from one to the other
    Changing,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum ProxyKind {
    Haproxy,
    Nginx,
}
