//! Balancers in front: how what `lb render` writes reads, what the real programs say of it, and what `lb apply` does with it.

mod accepted;
mod api;
mod faces;
mod failover;
pub mod lab;
pub mod pair;
mod seen;
mod served;

use std::fs;

use tempfile::TempDir;

use super::harness::{Cpctl, Ran};

/// A directory with an inventory, and an operator in it.
struct Office {
    directory: TempDir,
}

impl Office {
    fn new(inventory: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("cpctl.yaml"), inventory).unwrap();
        Self { directory }
    }

    /// Three nodes of a distribution and two balancers.
    fn of(distribution: &str) -> Self {
        let port = if distribution == "microk8s" { 16443 } else { 6443 };
        Self::new(&format!(
            "endpoint: 172.22.22.3:{port}\nvip: 172.22.22.3/24\nvrid: 52\nnodes:\n\
             \x20 - {{name: cp1, host: 172.22.22.11, distribution: {distribution}}}\n\
             \x20 - {{name: cp2, host: 172.22.22.12, distribution: {distribution}}}\n\
             \x20 - {{name: cp3, host: 172.22.22.13, distribution: {distribution}}}\n\
             balancers:\n\
             \x20 - {{name: lb1, host: 172.22.22.8, interface: eth0}}\n\
             \x20 - {{name: lb2, host: 172.22.22.9, interface: eth0}}\n"
        ))
    }

    fn render(&self, words: &[&str]) -> Ran {
        Cpctl::at_home(self.directory.path()).run(&[&["lb", "render"], words].concat())
    }

    /// What was typed, and all that was said.
    fn told(&self, words: &[&str]) -> String {
        format!("$ cpctl lb render {}\n{}", words.join(" "), self.render(words).shown())
    }
}
