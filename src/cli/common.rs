//! The flags of every verb.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::duration::duration;

/// How long a connection, a handshake or an API call may take where nobody says.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(5);

/// Flags of every verb.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The kubeconfig to use, before $KUBECONFIG and ~/.kube/config
    #[arg(long, global = true, value_name = "FILE", help_heading = "Cluster")]
    pub kubeconfig: Option<PathBuf>,

    /// The context to use, in place of the current one
    #[arg(long, global = true, value_name = "NAME", help_heading = "Cluster")]
    pub context: Option<String>,

    /// How long one connection, handshake or API call may take [default: 5s; for SSH its ConnectTimeout, or 15s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, help_heading = "Cluster")]
    pub request_timeout: Option<Duration>,

    /// Who the nodes are: a YAML file [default: cpctl.yaml, where there is one]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Nodes", conflicts_with = "node")]
    pub inventory: Option<PathBuf>,

    /// A node, in place of an inventory; give it once for each
    #[arg(long, global = true, value_name = "[USER@]HOST[:PORT]", help_heading = "Nodes")]
    pub node: Vec<String>,

    #[command(flatten)]
    pub ssh: Ssh,

    /// Say nothing but the result and errors
    #[arg(long, short, global = true, help_heading = "Output", conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say each round trip, lock, change, wait and proof as it happens, and how long it took
    #[arg(long, short, global = true, help_heading = "Output")]
    pub verbose: bool,
}

/// Flags that ssh has too, with the same letters.
#[derive(Args, Clone, Debug)]
pub struct Ssh {
    /// The ssh configuration file, in place of ~/.ssh/config
    #[arg(short = 'F', id = "ssh_config", global = true, value_name = "FILE", help_heading = "SSH")]
    pub config: Option<PathBuf>,

    /// The private key to log in with
    #[arg(short = 'i', id = "identity", global = true, value_name = "FILE", help_heading = "SSH")]
    pub identity: Option<PathBuf>,

    /// Hosts to jump through, comma-separated
    #[arg(short = 'J', id = "jump", global = true, value_name = "[USER@]HOST[:PORT]", help_heading = "SSH")]
    pub jump: Option<String>,

    /// The port that sshd listens on
    #[arg(short = 'p', id = "ssh_port", global = true, value_name = "PORT", help_heading = "SSH")]
    pub port: Option<u16>,

    /// The user to log in as
    #[arg(short = 'l', id = "login", global = true, value_name = "USER", help_heading = "SSH")]
    pub user: Option<String>,

    /// The built-in SSH, or the system's ssh: for FIDO keys, certificates, Match and ProxyCommand
    #[arg(
        long = "ssh",
        id = "ssh_backend",
        global = true,
        value_name = "BACKEND",
        default_value = "builtin",
        help_heading = "SSH"
    )]
    pub backend: Backend,

    /// Ask once for the sudo password of the login user
    #[arg(long, short = 'K', global = true, help_heading = "SSH")]
    pub ask_become_pass: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Backend {
    Builtin,
    System,
}
