//! The question who the nodes are.

use clap::{Args, ValueEnum};

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

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum NodesFormat {
    Text,
    Json,
    Yaml,
}
