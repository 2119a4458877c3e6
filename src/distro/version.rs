//! Which Kubernetes it is.

use std::fmt;

/// A version up to the minor, as `kube-apiserver --version` and the tags of images tell it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Version(u32, u32);

/// kube-apiserver takes another certificate in without a restart since then.
/// <https://github.com/kubernetes/kubernetes/pull/83580>
pub(super) const RELOADS: Version = Version(1, 17);

/// kubeadm leads a control plane's controller manager and scheduler to its own API server since then.
/// <https://github.com/kubernetes/kubernetes/pull/94398>
pub(super) const LEADS_HOME: Version = Version(1, 20);

impl Version {
    /// Reads `Kubernetes v1.34.4` and `registry.k8s.io/kube-apiserver:v1.34.4`.
    pub fn read(told: &str) -> Option<Self> {
        let told = told.split('@').next().unwrap_or(told);
        let (_, number) = told.rsplit_once(|c: char| c.is_whitespace() || c == ':').unwrap_or(("", told));
        let mut parts = number.trim().strip_prefix('v')?.split('.').map(str::parse);
        let mut part = || parts.next()?.ok();
        Some(Self(part()?, part()?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_a_program_and_from_an_image() {
        for (told, version) in [
            ("Kubernetes v1.16.15", Some(Version(1, 16))),
            ("registry.example:5000/kube-apiserver:v1.34.4", Some(Version(1, 34))),
            ("registry.k8s.io/kube-apiserver:v1.35.0-rc.1", Some(Version(1, 35))),
            ("registry.k8s.io/kube-apiserver:v1.19.3@sha256:0a1b", Some(Version(1, 19))),
            ("kube-apiserver@sha256:0a1b", None),
            ("kube-apiserver:latest", None),
            ("", None),
        ] {
            assert_eq!(Version::read(told), version, "{told}");
        }
    }
}
