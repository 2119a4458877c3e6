//! The embedded cluster: simulated nodes with real TLS on loopback, for rehearsals and for tests.

mod acts;
mod answers;
mod balancer;
mod by_hand;
mod cluster;
mod creation;
mod csr;
mod deeds;
mod detour;
mod dgst;
mod disk;
mod fault;
mod haproxy;
mod k0s;
mod k3s;
mod keys;
mod kicker;
mod kubeadm;
mod layout;
mod locks;
mod machine;
mod microk8s;
mod node;
mod pki;
mod ports;
mod probe;
mod register;
mod said;
mod secret;
mod server;
mod sign;
mod tree;
mod units;

pub use cluster::{Cluster, Kind};
pub use fault::Fault;
pub use haproxy::BACKEND;
pub use kicker::{Round, round as kicker_round};
pub use machine::Machine;
pub use microk8s::{CERTS, CLUSTER_AGENT, CONTAINERD, KICKER, KUBELITE};
pub use node::SimulatedNode;
pub use probe::{Counts, Failure, Probe};

#[cfg(test)]
mod tests;
