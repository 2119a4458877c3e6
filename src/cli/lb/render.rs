//! `cpctl lb render`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{super::Format, Values};

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

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
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
