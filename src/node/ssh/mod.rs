//! Machines over ssh: with libssh2 and the user's own configuration, or with the user's own `ssh`.

use std::{path::PathBuf, time::Duration};

use super::{Error, NodeMut, Password, Target, remote, sudo, transport::Transport};

mod auth;
mod config;
mod exec;
mod forward;
mod hop;
mod host;
mod host_key;
mod jump;
mod known_hosts;
mod prompt;
mod shown_key;
mod stream;
mod system;

pub use prompt::{Once, Prompt};

use host::Host;
use remote::{Places, Remote};
use sudo::Privilege;

/// How long connecting may take where neither the options nor the ssh configuration say.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// What the command line says about ssh; it wins over the inventory, which wins over the ssh configuration.
#[derive(Clone, Default)]
pub struct SshOptions {
    /// `-F`: the configuration file to read instead of the user's.
    pub config: Option<PathBuf>,
    /// `-i`
    pub identity: Option<PathBuf>,
    /// `-J`
    pub jump: Option<String>,
    /// `-p`
    pub port: Option<u16>,
    /// `-l`
    pub user: Option<String>,
    pub backend: Backend,
    /// What sudo asks for.
    pub become_password: Option<Password>,
    /// How long connecting, the handshake, and each attempt to log in may take.
    pub timeout: Option<Duration>,
    /// How long a machine that is logged in to may give no sign of life.
    pub silence: Option<Duration>,
}

/// Which program speaks ssh.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Backend {
    #[default]
    Libssh2,
    /// The `ssh` binary, for what libssh2 has not: FIDO keys, certificates, `ProxyCommand`.
    System,
}

/// Connects to a machine, logs in, and makes sure that root can be become.
pub fn connect(
    target: &Target,
    options: &SshOptions,
    prompt: &dyn Prompt,
) -> Result<Box<dyn NodeMut>, Error> {
    let host = config::asked(target, options).explain()?;
    let within = options.timeout.or(host.connect_timeout).unwrap_or(CONNECT_WITHIN);
    let transport: Box<dyn Transport> = match options.backend {
        Backend::Libssh2 => Box::new(hop::reach(&target.name, &host, options, within, prompt)?),
        Backend::System => Box::new(system::Master::open(target, &host, options, within)?),
    };
    let privilege = privilege(&host, options);
    sudo::check(&privilege, &target.name, &transport, within.max(CONNECT_WITHIN))?;
    Ok(Box::new(Remote {
        name: target.name.clone(),
        host: host.host_name,
        transport,
        privilege,
        places: Places::default(),
    }))
}

fn privilege(host: &Host, options: &SshOptions) -> Privilege {
    let user = host.user.clone();
    if user == "root" {
        return Privilege::Root;
    }
    match options.become_password.clone() {
        Some(password) => Privilege::SudoWithPassword { user, password },
        None => Privilege::Sudo { user },
    }
}

/// Where connections to the target go, as the user's ssh configuration has it; told without connecting.
pub fn host_of(target: &Target, options: &SshOptions) -> String {
    config::asked(target, options).explain().map_or_else(|_| target.host.clone(), |host| host.host_name)
}
