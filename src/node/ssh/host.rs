//! What the ssh configuration says about one host, and the tokens in its values.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// What ssh would do to reach a host.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Host {
    /// What was asked for, before the configuration had its say.
    pub asked: String,
    pub host_name: String,
    pub user: String,
    pub port: u16,
    pub identities: Vec<PathBuf>,
    pub identities_only: bool,
    pub agent: Agent,
    pub alias: Option<String>,
    pub user_known_hosts: Vec<PathBuf>,
    pub global_known_hosts: Vec<PathBuf>,
    pub unknown_keys: UnknownKeys,
    pub connect_timeout: Option<Duration>,
    pub jump: Option<String>,
    pub has_proxy_command: bool,
    /// What a person types after `ssh` to get there.
    pub typed: String,
}

/// Which agent holds keys.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Agent {
    FromEnvironment,
    At(PathBuf),
    None,
}

/// What to do with a host key that no file knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum UnknownKeys {
    Refuse,
    /// The user's configuration says `accept-new` or `no`.
    Accept,
}

impl Host {
    /// The name that known_hosts files use for this host.
    pub fn known_as(&self) -> String {
        match &self.alias {
            Some(alias) => alias.to_ascii_lowercase(),
            None if self.port == 22 => self.host_name.to_ascii_lowercase(),
            None => format!("[{}]:{}", self.host_name.to_ascii_lowercase(), self.port),
        }
    }

    /// The host's name alone, where `known_as` adds a port.
    pub fn known_without_port(&self) -> Option<String> {
        (self.alias.is_none() && self.port != 22).then(|| self.host_name.to_ascii_lowercase())
    }

    pub fn known_hosts(&self) -> impl Iterator<Item = &PathBuf> {
        self.user_known_hosts.iter().chain(&self.global_known_hosts)
    }

    pub fn agent_at(&self, value: &str) -> Agent {
        match value {
            "none" => Agent::None,
            "SSH_AUTH_SOCK" => Agent::FromEnvironment,
            _ => match value.strip_prefix('$') {
                Some(name) => {
                    let name = name.trim_matches(['{', '}']);
                    std::env::var_os(name).map_or(Agent::None, |path| Agent::At(path.into()))
                }
                None => Agent::At(expand_home(&self.expand(value))),
            },
        }
    }

    /// The files of a list; a name with spaces cannot be told from two names in what ssh prints, so what is there wins.
    pub fn files(&self, value: &str) -> Vec<PathBuf> {
        if value == "none" {
            return vec![];
        }
        let whole = expand_home(&self.expand(value));
        if whole.exists() {
            return vec![whole];
        }
        value.split(' ').map(|word| expand_home(&self.expand(word))).collect()
    }

    /// The tokens of ssh_config(5) that can stand in the values read here.
    pub fn expand(&self, value: &str) -> String {
        let mut text = String::new();
        let mut rest = value.chars();
        while let Some(letter) = rest.next() {
            if letter != '%' {
                text.push(letter);
                continue;
            }
            match rest.next() {
                Some('%') => text.push('%'),
                Some('d') => text.push_str(&std::env::var("HOME").unwrap_or_default()),
                Some('h') => text.push_str(&self.host_name),
                Some('k') => text.push_str(self.alias.as_ref().unwrap_or(&self.asked)),
                Some('n') => text.push_str(&self.asked),
                Some('p') => text.push_str(&self.port.to_string()),
                Some('r') => text.push_str(&self.user),
                Some('u') => text.push_str(&std::env::var("USER").unwrap_or_default()),
                Some(other) => text.extend(['%', other]),
                None => text.push('%'),
            }
        }
        text
    }
}

/// The meaning of `StrictHostKeyChecking`.
pub(super) fn unknown_keys(value: &str) -> UnknownKeys {
    match value {
        "accept-new" | "no" | "off" | "false" => UnknownKeys::Accept,
        _ => UnknownKeys::Refuse,
    }
}

/// A path with `~/` in front of it, as the shell would read it.
pub(super) fn expand_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.into(),
    }
}
