//! What a version of K3s does.

use super::config::Commas;
use crate::distro::version::Version;

/// Before, a restart takes no further name into a certificate that is there (dynamiclistener 0.3.6 brought it, in August
/// 2023); 1.24.17, of the same month, was still seen to keep its names.
pub(super) const TAKES_NAMES: Version = Version(1, 28, 1);

/// The configuration file came with it.
pub(super) const READS_A_FILE: Version = Version(1, 19, 1);

/// Drop-in files came with it.
pub(super) const READS_DROP_INS: Version = Version(1, 21, 0);

/// Before, wildcards never come into the certificate (dynamiclistener 0.9.0 brought them).
const TAKES_WILDCARDS: Version = Version(1, 36, 3);

impl Version {
    /// How it reads a value with commas; <https://github.com/k3s-io/k3s/pull/7365>.
    pub fn commas(self) -> Commas {
        let since = match self.1 {
            25 => 10,
            26 => 5,
            27 => 2,
            minor if minor < 25 => return Commas::Kept,
            _ => 0,
        };
        if self.2 < since { Commas::Kept } else { Commas::Separate }
    }

    /// Whether certificates may alternate after rolling restarts; <https://github.com/k3s-io/k3s/issues/12821>.
    pub fn flips(self) -> bool {
        (Self(1, 31, 0)..Self(1, 33, 6)).contains(&self) || (Self(1, 34, 0)..Self(1, 34, 2)).contains(&self)
    }

    /// Whether an RKE2 whose certificate has ended while it was down does not start again;
    /// <https://github.com/rancher/rke2/issues/8318>.
    pub fn is_stopped_by_expiry(self) -> bool {
        let since = match self.1 {
            30 => 14,
            31 => 10,
            32 => 6,
            33 => 2,
            minor => return minor < 30,
        };
        self.2 < since
    }

    pub fn drops_wildcards(self) -> bool {
        self < TAKES_WILDCARDS
    }

    /// Whether `tls-san-security` is on where nothing is said.
    pub fn is_closed_by_default(self) -> bool {
        self >= Self(1, 28, 1)
    }

    /// Whether there is a `tls-san-security` that could be turned on (CVE-2023-32187).
    pub fn can_be_closed(self) -> bool {
        let since = match self.1 {
            24 => 17,
            25 => 13,
            26 => 8,
            27 => 5,
            28 => 1,
            minor => return minor > 28,
        };
        self.2 >= since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::read(&format!("k3s version v{text}+k3s1 (0a1b2c3d)")).unwrap()
    }

    #[test]
    fn commas_separate_since_the_patch_that_brought_it_to_each_minor() {
        for (text, commas) in [
            ("1.24.17", Commas::Kept),
            ("1.25.9", Commas::Kept),
            ("1.25.10", Commas::Separate),
            ("1.26.4", Commas::Kept),
            ("1.26.5", Commas::Separate),
            ("1.27.1", Commas::Kept),
            ("1.27.2", Commas::Separate),
            ("1.28.0", Commas::Separate),
        ] {
            assert_eq!(version(text).commas(), commas, "{text}");
        }
    }

    #[test]
    fn versions_with_a_known_fault_are_told_apart() {
        let flips = ["1.31.0", "1.32.9", "1.33.5", "1.34.1"];
        let flips_not = ["1.30.14", "1.33.6", "1.34.2", "1.35.0"];

        assert!(flips.into_iter().all(|text| version(text).flips()));
        assert!(!flips_not.into_iter().any(|text| version(text).flips()));
        let stops = ["1.28.15", "1.30.13", "1.31.9", "1.32.5", "1.33.1"];
        let stops_not = ["1.30.14", "1.31.10", "1.32.6", "1.33.2", "1.34.0"];
        assert!(stops.into_iter().all(|text| version(text).is_stopped_by_expiry()));
        assert!(!stops_not.into_iter().any(|text| version(text).is_stopped_by_expiry()));
        assert!(version("1.36.2").drops_wildcards() && !version("1.36.3").drops_wildcards());
    }

    #[test]
    fn the_filter_of_names_is_there_and_on_by_version() {
        for (text, can_be, is_on) in [
            ("1.23.17", false, false),
            ("1.24.16", false, false),
            ("1.24.17", true, false),
            ("1.27.5", true, false),
            ("1.28.0", false, false),
            ("1.28.1", true, true),
            ("1.34.1", true, true),
        ] {
            let version = version(text);
            assert_eq!((version.can_be_closed(), version.is_closed_by_default()), (can_be, is_on), "{text}");
        }
    }
}
