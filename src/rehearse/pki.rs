//! The keys and certificates that a rehearsed cluster starts with.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// A CA as MicroK8s makes it.
pub(super) struct Authority {
    pub certificate: String,
    pub key: String,
    issuer: Issuer<'static, KeyPair>,
    now: Timestamp,
}

/// A client's certificate and key, in PEM.
pub(super) struct Identity {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    /// Makes a CA that is valid for ten years from the day a year before `now`.
    pub fn new(now: Timestamp) -> Result<Self, rcgen::Error> {
        let mut params = params("10.152.183.1", now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        Ok(Self { certificate, key: key.serialize_pem(), issuer: Issuer::new(params, key), now })
    }

    /// Signs the administrator's client certificate.
    pub fn administrator(&self) -> Result<Identity, rcgen::Error> {
        let mut params = params("admin", self.now);
        params.distinguished_name.push(DnType::OrganizationName, "system:masters");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Identity { certificate, key: key.serialize_pem() })
    }
}

/// A server's private key, in PEM.
pub(super) fn server_key() -> Result<String, rcgen::Error> {
    Ok(KeyPair::generate()?.serialize_pem())
}

fn params(common_name: &str, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let today = now.to_zoned(TimeZone::UTC).date();
    let day = |years: i32| {
        let date = today.saturating_add(years.years());
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (day(-1), day(9));
    params
}
