//! What a balancer's configuration is made of, where the inventory does not say it.

use clap::{Args, ValueEnum};

use crate::endpoint::Vip;

// A doc comment would become every verb's help.
#[derive(Args, Debug, Default)]
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

    /// What keepalived looks after on its machine
    #[arg(long, value_name = "PROXY", default_value = "haproxy", help_heading = "Checks")]
    pub proxy: ProxyKind,
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

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum ProxyKind {
    #[default]
    Haproxy,
    Nginx,
}
