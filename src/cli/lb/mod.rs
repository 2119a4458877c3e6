//! The verbs of the load balancer in front.

use clap::Subcommand;

mod apply;
mod check;
mod lint;
mod render;
mod values;

pub use self::{
    apply::{Install, InstalledKind},
    check::Check,
    lint::{Lint, LintedKind},
    render::{BalancerKind, Render},
    values::{AnonymousAnswer, ProxyKind, Values},
};

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
    /// Tell what is wrong with a balancer's configuration, line by line
    ///
    /// Reads files as their programs do, defaults and all, and judges what concerns the API servers; the pools of
    /// other services are nobody's business here. Give the files that belong together at once: both peers, with
    /// their scripts. With an inventory the files are also held against the control plane.
    ///
    /// A finding is kept quiet by a comment on its line or the line above, which says until when and why:
    ///
    ///   # cpctl: ignore[ID] until=2027-01-31 the second machine is ordered
    #[command(verbatim_doc_comment)]
    Lint(Lint),
    /// Tell what the balancer in front really does
    ///
    /// Looks at the endpoint and at every API server directly, in one run: whether TLS is passed through, ends at the
    /// balancer or is opened anew behind it, the API in clear, the PROXY protocol on either side, a wrong port, a pool
    /// without a live server, another cluster, and on fresh connections the servers that answer: one alone, one that
    /// lacks the name, one that is not ready. Says what it could not look at. Works without a kubeconfig, though it sees
    /// less. Changes nothing.
    Check(Check),
}
