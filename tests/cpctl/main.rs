//! Everything that is tested from outside the library: the binary, the documents, the rooms, the lab.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at what it did not expect, and starts programs"
)]

mod balancers;
mod by_hand;
mod by_hand_lab;
mod by_hand_nodes;
mod completing;
mod concurrency;
mod controls;
mod crashes;
mod desk;
mod discovery;
mod docs;
mod drains;
mod engine;
mod examples;
mod faces;
mod findings;
mod front;
mod front_haproxy;
mod haproxy;
mod harness;
mod inspect;
mod json;
mod k0s;
mod k3s;
mod k3s_lab;
mod k3s_old_lab;
mod keyboard;
mod krew;
mod kubeadm;
mod kubeadm_lab;
mod kubeadm_move_lab;
mod kubeconfig_list;
mod kubectl;
mod lab;
mod left_out;
mod lint;
mod main_job;
mod meanwhile;
mod migrate;
mod packages;
mod pipelines;
mod plugin;
mod preflight;
mod preflight_front;
mod preflight_lab;
mod preflight_nodes;
mod preflight_offline;
mod programs;
mod progress;
mod refusals;
mod rehearse;
mod repointing;
mod rke2;
mod rke2_lab;
mod rolling;
mod rooms;
mod round_trips;
mod shapes;
mod ssh;
mod stage;
mod stories;
mod told;
mod undo_by_hand;
mod verbs;
mod wait;
mod watch;
mod watching;
