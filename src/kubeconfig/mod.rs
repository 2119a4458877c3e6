//! Kubeconfigs: find, read, lint, and plan their move to another address.
