//! What several verbs have in common: whom they ask, what they look at, and how they go from a plan to a run.

pub mod cluster;
pub mod configuration;
pub mod consent;
pub mod credentials;
pub mod drains;
pub mod front;
pub mod greeting;
pub mod identity;
pub mod kubeconfigs;
pub mod machines;
pub mod papers;
pub mod proof;
pub mod records;
pub mod remote;
pub mod seen_from;
pub mod sight;
pub mod survey;
pub mod typed;
pub mod wanted;
pub mod watched;
