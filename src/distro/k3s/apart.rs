//! An API server beside the supervisor, as RKE2 has it: a certificate in a file of its own, signed anew at a start.
//!
//! A start signs it only where a name is asked for that it lacks, and then for what is asked for alone
//! (`pkg/daemons/control/deps` in k3s-io/k3s): every other name that it carried is gone.

use std::{net::IpAddr, path::Path};

use super::{SERVICES, facts::Facts, findings::finding, old, version::TAKES_NAMES};
use crate::{
    cert::ServingCert,
    distro::service,
    node::{Answer, Ask},
    report::{Code, Finding},
    san::{San, SanSet},
};

/// What is looked at beyond that of every server.
#[derive(Default)]
pub(super) struct Apart {
    certificate: Option<ServingCert>,
    hostname: String,
}

impl Apart {
    pub fn asks(data: &Path) -> Vec<Ask> {
        let certificate = data.join("server/tls/serving-kube-apiserver.crt");
        vec![Ask::PublicFile(certificate), Ask::File("/etc/hostname".into())]
    }

    /// Takes as many answers as there are `asks`.
    pub fn read(answers: &mut dyn Iterator<Item = Answer>) -> Self {
        let mut next =
            || answers.next().and_then(|answer| answer.bytes().map(<[u8]>::to_vec)).unwrap_or_default();
        let pem = next();
        Self {
            certificate: ServingCert::all_from_pem(&pem).ok().and_then(|all| all.into_iter().next()),
            hostname: String::from_utf8_lossy(&next()).trim().to_ascii_lowercase(),
        }
    }

    pub fn certificate(&self) -> Option<&ServingCert> {
        self.certificate.as_ref()
    }
}

/// An API server that serves another certificate than the one that is signed for it.
pub(super) fn other_file(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let (title, data) = (facts.title(), facts.data().display());
    (facts.apart.is_some() && !facts.signed(leaf)).then(|| {
        finding(
            facts,
            Code::CertificateElsewhere,
            format!("{data}/server/tls/server-ca.crt did not sign what its API server serves, so {title} does not change it"),
            "where `kube-apiserver-arg` names another `tls-cert-file`, add the name where that comes from; otherwise \
             correct `api:` in the inventory",
        )
    })
}

/// A version whose port for joining keeps its names: the way round that is not known to do with RKE2.
pub(super) fn too_old(facts: &Facts) -> Option<Finding> {
    let version = facts.version.filter(|version| *version < TAKES_NAMES)?;
    let (title, base) = (facts.title(), facts.base());
    Some(finding(
        facts,
        Code::VersionTooOld,
        format!(
            "{title} {version} keeps the names of the certificate that it shows where others join, whatever its \
             configuration says; {TAKES_NAMES} was the first to take further ones in when it restarts"
        ),
        format!(
            "upgrade to {TAKES_NAMES} or later, or by hand: below `tls-san:` in {base} list the name and all that are \
             served (`cpctl certs inspect`), because it forgets every other one; then {}",
            old::by_hand(facts)
        ),
    ))
}

/// Why no name is taken out, and what can be done for the API server's certificate.
pub(super) fn lasting(facts: &Facts, names: &SanSet) -> Finding {
    let (title, unit, name) = (facts.title(), &facts.found.unit, facts.flavour().name);
    finding(
        facts,
        Code::ChangeUnsupported,
        format!(
            "{title} takes no name out by itself: the API server's certificate keeps it until it is signed anew, and that \
             of the port for joining for ever, because any server that runs brings it back"
        ),
        format!(
            "for the API server alone: take {names} out of `tls-san` on every server, then on one after the other \
             `sudo systemctl stop {unit}`, `sudo {name} certificate rotate --service api-server`, \
             `sudo systemctl start {unit}`"
        ),
    )
}

impl Facts {
    /// Names that the API server's certificate carries and that the next one would lack, because nothing asks for them.
    pub fn lost(&self, configured: &SanSet, leaf: &ServingCert) -> SanSet {
        let Some(apart) = &self.apart else { return SanSet::default() };
        let names = leaf.sans.iter().filter(|san| !configured.covers(san) && !self.is_own(apart, san));
        names.cloned().collect()
    }

    /// Names that come into the API server's certificate by themselves.
    pub fn own_names(&self) -> Option<SanSet> {
        let apart = self.apart.as_ref()?;
        let names = apart.certificate()?.sans.iter().filter(|san| self.is_own(apart, san));
        Some(names.cloned().collect())
    }

    fn is_own(&self, apart: &Apart, san: &San) -> bool {
        match san {
            San::Dns(name) => {
                let name = name.as_str();
                let is_service =
                    service::names().any(|own| own == *san) || name.starts_with("kubernetes.default.svc.");
                is_service
                    || name == "localhost"
                    || name == apart.hostname
                    || self.said("node-name").any(|own| own == name)
            }
            San::Ip(address) => {
                let range = self.option("service-cidr").unwrap_or_else(|| SERVICES.into());
                address.is_loopback()
                    || service::addresses(&range).contains(san)
                    || self.own_addresses().contains(address)
            }
        }
    }

    /// Without `node-ip` it is that of the interface with the default route: of each family the first that is told.
    ///
    /// A node may have others, such as one that floats between servers: nothing brings those in.
    fn own_addresses(&self) -> Vec<IpAddr> {
        let parsed = |said: String| said.parse::<IpAddr>().ok();
        let all = |key| self.said(key).filter_map(parsed).collect::<Vec<_>>();
        let [mut own, external, advertised] = ["node-ip", "node-external-ip", "advertise-address"].map(all);
        if own.is_empty() {
            let told: Vec<_> = self.addresses.iter().cloned().filter_map(parsed).collect();
            let first = |family: fn(&IpAddr) -> bool| told.iter().copied().find(family);
            own.extend([first(IpAddr::is_ipv4), first(IpAddr::is_ipv6)].into_iter().flatten());
        }
        [own, external, advertised].concat()
    }

    /// What an option says, of which commas may make several.
    fn said(&self, key: &str) -> impl Iterator<Item = String> {
        let said = self.option(key).unwrap_or_default();
        said.split(',').map(|one| one.trim().to_ascii_lowercase()).collect::<Vec<_>>().into_iter()
    }
}
