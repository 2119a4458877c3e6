//! Addresses that one machine of a pair holds at a time, as the files beside tell.

use super::{
    Kind, Source, keepalived,
    sysctl::{self, Setting},
};

/// The addresses that keepalived moves, and the files that tell whether the kernel lets the other machine listen there
/// all the same.
pub struct Moving<'a> {
    held: Vec<String>,
    files: &'a [Source],
}

/// An address that only one machine of a pair holds, and what the kernel of a machine says of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Away {
    setting: Setting,
    key: &'static str,
}

impl<'a> Moving<'a> {
    pub fn of(files: &'a [Source]) -> Self {
        let of_keepalived = files.iter().filter(|source| source.kind() == Some(Kind::Keepalived));
        Self { held: of_keepalived.flat_map(keepalived::held).collect(), files }
    }

    /// Whether no address moves, so that nobody need ask the kernel.
    pub fn is_none(&self) -> bool {
        self.held.is_empty()
    }

    /// What to say of a file in which a proxy listens there; `None` where it can, whichever machine holds the address.
    pub fn away(&self, host: &str, file: &Source) -> Option<Away> {
        let key = sysctl::NONLOCAL_BIND[usize::from(host.contains(':'))];
        let setting = sysctl::setting(key, file, self.files);
        let is_away = self.held.iter().any(|held| held == host) && setting != Setting::On;
        is_away.then_some(Away { setting, key })
    }
}

impl Away {
    pub fn why(self) -> String {
        let Self { setting, key } = self;
        match setting {
            Setting::UntilBoot => format!(
                "the kernel lets the machine that does not hold this address listen there now, and no file that it starts \
                 with sets {key}: after its next start it does not, unless something else sets it"
            ),
            Setting::AfterBoot => format!(
                "the machine that does not hold this address cannot listen there: a file sets {key} to 1, and the kernel has \
                 not taken it in"
            ),
            Setting::Off | Setting::On => format!(
                "the machine that does not hold this address cannot listen there, unless its {key} is 1"
            ),
        }
    }

    /// The line that listens everywhere, or the setting.
    pub fn instead(self, line: &str) -> String {
        let Self { setting, key } = self;
        match setting {
            Setting::UntilBoot => {
                format!("`{key} = 1` in a file below /etc/sysctl.d/ on both machines; or {line}")
            }
            Setting::AfterBoot => format!("`sysctl --system` on that machine; or {line}"),
            Setting::Off | Setting::On => format!("{line}, or `sysctl -w {key}=1` on both machines"),
        }
    }
}
