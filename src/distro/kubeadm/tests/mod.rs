//! Nodes as kubeadm leaves them, and the plans that come of them.
