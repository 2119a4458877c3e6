//! The user's own ssh configuration, as `ssh -G` explains it.

use std::{
    io,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    super::{Target, command::quote},
    Error, SshOptions,
    host::{Agent, Host, UnknownKeys, expand_home, unknown_keys},
};

/// Words on ssh's command line that lead to a host.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub host: String,
    pub user: Option<String>,
    pub port: Option<u16>,
    pub identity: Option<PathBuf>,
    pub jump: Option<String>,
    pub config: Option<PathBuf>,
}

/// The words for a target, the command line's options first, the inventory's next.
pub(super) fn asked(target: &Target, options: &SshOptions) -> Asked {
    Asked {
        host: target.host.clone(),
        user: options.user.clone().or_else(|| target.user.clone()),
        port: options.port.or(target.port),
        identity: options.identity.clone().or_else(|| target.identity.clone()),
        jump: options.jump.clone().or_else(|| target.jump.clone()),
        config: options.config.clone(),
    }
}

impl Asked {
    /// The options as ssh's arguments.
    pub fn words(&self) -> Vec<std::ffi::OsString> {
        let mut words = vec![];
        let mut add = |flag: &str, value: &std::ffi::OsStr| words.extend([flag.into(), value.to_owned()]);
        if let Some(config) = &self.config {
            add("-F", config.as_os_str());
        }
        if let Some(identity) = &self.identity {
            add("-i", identity.as_os_str());
        }
        if let Some(jump) = &self.jump {
            add("-J", jump.as_ref());
        }
        if let Some(port) = self.port {
            add("-p", port.to_string().as_ref());
        }
        if let Some(user) = &self.user {
            add("-l", user.as_ref());
        }
        words
    }

    /// What a person types after `ssh` to reach the same host.
    fn typed(&self) -> String {
        let (user, host) = match &self.user {
            Some(user) if !self.host.contains('@') => (None, format!("{user}@{}", self.host)),
            user => (user.clone(), self.host.clone()),
        };
        let words = Self { user, ..self.clone() }.words();
        let words = words.iter().map(|word| quote(&word.to_string_lossy()));
        words.chain([quote(&host)]).collect::<Vec<_>>().join(" ")
    }

    /// Asks `ssh -G`; where there is no ssh, the flags and ssh's defaults must do.
    #[expect(clippy::disallowed_methods, reason = "ssh alone knows how to read its configuration")]
    pub fn explain(&self) -> Result<Host, Error> {
        let mut ssh = Command::new("ssh");
        ssh.arg("-G").args(self.words()).arg("--").arg(&self.host).stdin(Stdio::null());
        let output = match ssh.output() {
            Ok(output) => output,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self.by_default()),
            Err(source) => return Err(Error::Ssh { source }),
        };
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Error::Ssh { source: io::Error::other(said) });
        }
        Ok(self.read(&String::from_utf8_lossy(&output.stdout)))
    }

    fn by_default(&self) -> Host {
        let (user, host) = match self.host.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, self.host.as_str()),
        };
        let own = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
        let user = self.user.clone().or(user).or(own.ok()).unwrap_or_else(|| "root".into());
        let in_home = |names: &[&str]| names.iter().map(|name| expand_home(name)).collect();
        Host {
            asked: host.to_owned(),
            host_name: host.trim_matches(['[', ']']).to_owned(),
            user,
            port: self.port.unwrap_or(22),
            identities: match &self.identity {
                Some(identity) => vec![identity.clone()],
                None => in_home(&["~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519"]),
            },
            identities_only: false,
            agent: Agent::FromEnvironment,
            alias: None,
            user_known_hosts: in_home(&["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]),
            global_known_hosts: vec!["/etc/ssh/ssh_known_hosts".into(), "/etc/ssh/ssh_known_hosts2".into()],
            unknown_keys: UnknownKeys::Refuse,
            connect_timeout: None,
            jump: self.jump.clone(),
            has_proxy_command: false,
            typed: self.typed(),
        }
    }

    fn read(&self, text: &str) -> Host {
        let mut host = self.by_default();
        let mut identities: Vec<&str> = vec![];
        let pairs = || text.lines().filter_map(|line| line.split_once(' '));
        // Tokens in the values stand for these, wherever the lines come.
        for (key, value) in pairs() {
            match key {
                "host" => host.asked = value.into(),
                "hostname" => host.host_name = value.trim_matches(['[', ']']).into(),
                "user" => host.user = value.into(),
                "port" => host.port = value.parse().unwrap_or(host.port),
                _ => {}
            }
        }
        for (key, value) in pairs() {
            match key {
                "identityfile" => identities.push(value),
                "identitiesonly" => host.identities_only = value == "yes",
                "identityagent" => host.agent = host.agent_at(value),
                "hostkeyalias" => host.alias = Some(host.expand(value)),
                "userknownhostsfile" => host.user_known_hosts = host.files(value),
                "globalknownhostsfile" => host.global_known_hosts = host.files(value),
                "stricthostkeychecking" => host.unknown_keys = unknown_keys(value),
                "connecttimeout" => host.connect_timeout = value.parse().ok().map(Duration::from_secs),
                "proxyjump" => host.jump = Some(value.into()).filter(|value| value != "none"),
                "proxycommand" => host.has_proxy_command = value != "none",
                _ => {}
            }
        }
        let named: Vec<_> = identities.into_iter().flat_map(|value| host.files(value)).collect();
        // ssh leaves out of its answer a `-i` that is not there.
        let chosen = self.identity.iter().filter(|identity| !named.contains(identity)).cloned();
        host.identities = chosen.chain(named.iter().cloned()).collect();
        host
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
