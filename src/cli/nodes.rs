//! The question who the nodes are.

use clap::{Args, ValueEnum};

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
