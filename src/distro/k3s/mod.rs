//! K3s, and RKE2, which reads its configuration in the same way.

mod config;

pub use config::{Commas, Source, Unreadable, drop_in_after, in_order, tls_sans};
