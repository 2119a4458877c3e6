//! The order over a cluster: one node at a time, and every other API server ready before each.
