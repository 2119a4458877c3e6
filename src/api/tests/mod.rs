//! The strict client against servers of every kind.

use super::*;

mod calls;
pub(crate) mod cluster;
mod credentials;
mod trust;
