//! Who the nodes are: a file, the command line, or the cluster's own word.
