//! Which version a program is.

use std::fmt;

/// A version up to the patch, as `kube-apiserver --version`, `k3s --version` and the tags of images tell it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Version(pub(super) u32, pub(super) u32, pub(super) u32);

/// kube-apiserver takes another certificate in without a restart since then.
/// <https://github.com/kubernetes/kubernetes/pull/83580>
pub(super) const RELOADS: Version = Version(1, 17, 0);

/// kubeadm leads a control plane's controller manager and scheduler to its own API server since then.
/// <https://github.com/kubernetes/kubernetes/pull/94398>
pub(super) const LEADS_HOME: Version = Version(1, 19, 1);

impl Version {
    /// Reads `Kubernetes v1.34.4`, `k3s version v1.34.1+k3s1 (0a1b2c3d)` and `registry.k8s.io/kube-apiserver:v1.34.4`.
    pub fn read(told: &str) -> Option<Self> {
        let told = told.split('@').next().unwrap_or(told);
        told.split(|c: char| c.is_whitespace() || c == ':').find_map(Self::of)
    }

    /// A word that begins as `v1.34.4` does.
    fn of(word: &str) -> Option<Self> {
        let mut parts = word.strip_prefix('v')?.split(|c: char| !c.is_ascii_digit()).map(str::parse);
        let mut part = || parts.next()?.ok();
        Some(Self(part()?, part()?, part()?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_a_program_and_from_an_image() {
        for (told, version) in [
            ("Kubernetes v1.16.15", Some(Version(1, 16, 15))),
            ("k3s version v1.34.1+k3s1 (0a1b2c3d)\ngo version go1.24.6", Some(Version(1, 34, 1))),
            ("k3s version v1.35.0-rc1+k3s1 (x)", Some(Version(1, 35, 0))),
            ("v2.example:5000/kube-apiserver:v1.34.4", Some(Version(1, 34, 4))),
            ("registry.example:5000/kube-apiserver:v1.34.4", Some(Version(1, 34, 4))),
            ("registry.k8s.io/kube-apiserver:v1.35.0-rc.1", Some(Version(1, 35, 0))),
            ("registry.k8s.io/kube-apiserver:v1.19.3@sha256:0a1b", Some(Version(1, 19, 3))),
            ("kube-apiserver@sha256:0a1b", None),
            ("kube-apiserver:latest", None),
            ("k3s version dev (HEAD)", None),
            ("k3s version v1.34", None),
            ("v", None),
            ("", None),
        ] {
            assert_eq!(Version::read(told), version, "{told}");
        }
    }
}
