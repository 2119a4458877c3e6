//! Kubeconfigs: find, read, lint, and plan their move to another address.

mod dangling;
mod find;
mod held;
mod keys;
mod known;
mod lint;
mod near;
mod plan;
mod read;
mod recognize;
mod select;

pub use find::{Environment, Sought, find};
pub use held::Held;
pub use lint::{lint, lint_cluster, meant_port, regenerated};
pub use plan::{LOCK_WITHIN, Preview, Repoint, plan_repoint};
pub use read::{Authority, Cluster, Context, Field, File, Kubeconfig, Seen, text};
pub use recognize::is_one;
pub use select::{Resolved, Selection};

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
