//! Whether a presented chain leads to a CA, judged by OpenSSL as a Go client would.

use std::sync::Arc;

use jiff::Timestamp;
use openssl::{
    asn1::{Asn1Time, Asn1TimeRef},
    error::ErrorStack,
    stack::Stack,
    x509::{
        X509, X509PurposeId, X509StoreContext, X509StoreContextRef, X509VerifyResult,
        store::{X509Store, X509StoreBuilder},
        verify::{X509CheckFlags, X509VerifyFlags, X509VerifyParam, X509VerifyParamRef},
    },
};

use super::Presented;
use crate::{
    cert::{self, ServingCert},
    san::San,
};

/// CA certificates that a chain must lead to; the system's own are never among them.
#[derive(Clone)]
pub struct Trust {
    pub pem: String,
    certs: Arc<[ServingCert]>,
    roots: Arc<[X509]>,
    /// Judges chains without regard to the time, so that it can be built once.
    timeless: Arc<X509Store>,
}

/// What OpenSSL says of a presented chain: chain, time and name judged apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Why the chain is not trusted, in OpenSSL's words and whatever the time; `None` where it is.
    pub chain: Option<String>,
    pub validity: Validity,
    /// Whether the certificate names the host that was asked for.
    pub names_host: bool,
}

/// Where a moment lies in the time of a chain, that is of the certificate in it that is out of date first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Validity {
    Valid,
    Expired { since: Timestamp },
    NotYetValid { until: Timestamp },
}

impl Verdict {
    /// Whether a client takes the server for what it asked for.
    pub fn is_accepted(&self) -> bool {
        self.chain.is_none() && self.validity == Validity::Valid && self.names_host
    }
}

impl Trust {
    pub fn from_pem(pem: &str) -> Result<Self, cert::Error> {
        Self::from_certs(ServingCert::all_from_pem(pem.as_bytes())?)
    }

    /// Every given certificate becomes an anchor, a CA or not, as in Go.
    pub fn from_certs(certs: Vec<ServingCert>) -> Result<Self, cert::Error> {
        if certs.is_empty() {
            return Err(cert::Error::Empty);
        }
        let malformed = |error: ErrorStack| cert::Error::Malformed(error.to_string());
        let roots: Vec<_> = certs
            .iter()
            .map(|cert| X509::from_der(&cert.der))
            .collect::<Result<_, _>>()
            .map_err(malformed)?;
        Ok(Self {
            pem: certs.iter().map(ServingCert::to_pem).collect(),
            timeless: store(&roots, |param| param.set_flags(X509VerifyFlags::NO_CHECK_TIME))
                .map_err(malformed)?
                .into(),
            roots: roots.into(),
            certs: certs.into(),
        })
    }

    /// Judges what was presented as a Go client would: purpose server, any given CA an anchor, the common name never a name.
    pub fn judge(&self, presented: &Presented, host: &San, at: Timestamp) -> Verdict {
        self.judge_chain(&presented.leaf, &presented.chain, host, at)
    }

    /// The same for certificates that come from elsewhere, such as a file.
    pub fn judge_chain(
        &self,
        leaf: &ServingCert,
        chain: &[ServingCert],
        host: &San,
        at: Timestamp,
    ) -> Verdict {
        let names_host = leaf.covers(host);
        let (chain, validity) = self
            .verify(leaf, chain, at)
            .unwrap_or_else(|error| (Some(error.to_string()), validity_of(leaf, at)));
        Verdict { chain, validity, names_host }
    }

    /// SHA-256 of the first CA certificate, to name a cluster by.
    pub fn fingerprint(&self) -> String {
        self.certs[0].fingerprint.clone()
    }

    /// The CA certificates, in the order of the PEM text.
    pub fn certs(&self) -> &[ServingCert] {
        &self.certs
    }

    /// A store for live handshakes, which judges by the clock.
    pub(crate) fn live_store(&self) -> Result<X509Store, ErrorStack> {
        store(&self.roots, |_| Ok(()))
    }

    fn verify(
        &self,
        shown: &ServingCert,
        between: &[ServingCert],
        at: Timestamp,
    ) -> Result<(Option<String>, Validity), ErrorStack> {
        let leaf = X509::from_der(&shown.der)?;
        let mut chain = Stack::new()?;
        for cert in between {
            chain.push(X509::from_der(&cert.der)?)?;
        }
        let found = X509StoreContext::new()?.init(&self.timeless, &leaf, &chain, |verifying| {
            let is_trusted = verifying.verify_cert()?;
            Ok((is_trusted, verifying.error(), validity_of_chain(verifying, at)?))
        })?;
        match found {
            (false, error, _) => Ok((Some(error.error_string().to_owned()), validity_of(shown, at))),
            (true, _, Validity::Valid) => Ok((None, Validity::Valid)),
            // A renewed CA stands in the file beside its old certificate, and OpenSSL may have taken the old one.
            (true, _, validity) if !self.leads_to_a_valid_ca(&leaf, &chain, at)? => Ok((None, validity)),
            (true, ..) => Ok((None, Validity::Valid)),
        }
    }

    fn leads_to_a_valid_ca(
        &self,
        leaf: &X509,
        chain: &Stack<X509>,
        at: Timestamp,
    ) -> Result<bool, ErrorStack> {
        let store = store(&self.roots, |param| {
            param.set_time(at.as_second());
            Ok(())
        })?;
        X509StoreContext::new()?.init(&store, leaf, chain, X509StoreContextRef::verify_cert)
    }
}

/// The rules of every verdict; only the time is set by who asks.
fn store(
    roots: &[X509],
    time: impl FnOnce(&mut X509VerifyParamRef) -> Result<(), ErrorStack>,
) -> Result<X509Store, ErrorStack> {
    let mut param = X509VerifyParam::new()?;
    param.set_purpose(X509PurposeId::SSL_SERVER)?;
    strict(&mut param)?;
    time(&mut param)?;
    let mut store = X509StoreBuilder::new()?;
    for root in roots {
        store.add_cert(root.clone())?;
    }
    store.set_param(&param)?;
    Ok(store.build())
}

/// As Go judges: any given certificate is an anchor, and the common name is never a name.
pub(crate) fn strict(param: &mut X509VerifyParamRef) -> Result<(), ErrorStack> {
    param.set_flags(X509VerifyFlags::PARTIAL_CHAIN | X509VerifyFlags::TRUSTED_FIRST)?;
    param.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS | X509CheckFlags::NEVER_CHECK_SUBJECT);
    Ok(())
}

fn validity_of_chain(verifying: &X509StoreContextRef, at: Timestamp) -> Result<Validity, ErrorStack> {
    if verifying.error() != X509VerifyResult::OK {
        return Ok(Validity::Valid);
    }
    for cert in verifying.chain().into_iter().flatten() {
        let validity = place(timestamp(cert.not_before())?, timestamp(cert.not_after())?, at);
        if validity != Validity::Valid {
            return Ok(validity);
        }
    }
    Ok(Validity::Valid)
}

fn validity_of(cert: &ServingCert, at: Timestamp) -> Validity {
    place(cert.not_before, cert.not_after, at)
}

fn place(not_before: Timestamp, not_after: Timestamp, at: Timestamp) -> Validity {
    if at > not_after {
        return Validity::Expired { since: not_after };
    }
    if at < not_before {
        return Validity::NotYetValid { until: not_before };
    }
    Validity::Valid
}

fn timestamp(time: &Asn1TimeRef) -> Result<Timestamp, ErrorStack> {
    let since_epoch = Asn1Time::from_unix(0)?.diff(time)?;
    let seconds = i64::from(since_epoch.days) * 86_400 + i64::from(since_epoch.secs);
    Ok(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}
