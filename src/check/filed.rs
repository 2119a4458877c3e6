//! Certificates beside those that API servers present: how long they are valid, and whether they are made well enough.

use jiff::{SignedDuration, Timestamp};

use super::EXPIRING;
use crate::{
    cert::{Form, ServingCert, Use},
    probe::Trust,
    report::{Code, Finding},
    san::San,
};

/// A new CA takes preparation, so its end is told earlier than that of what it signs.
const CA_EXPIRING: SignedDuration = SignedDuration::from_hours(180 * 24);

/// What clients of today take for safe.
const RSA_BITS: usize = 2048;

/// A certificate, and where it is.
pub struct Filed<'p> {
    pub subject: &'p str,
    /// What it is called in a sentence: a file, or what shows it.
    pub place: &'p str,
    pub cert: &'p ServingCert,
    pub of: Use,
    /// Where in the file, and what the line says.
    pub at: Option<(usize, String)>,
    /// How it is had anew, where that is not up to the distribution.
    pub renew: Option<&'p str>,
}

impl Filed<'_> {
    /// What is wrong with its term.
    pub fn validity(&self, now: Timestamp) -> Option<Finding> {
        let Self { place, cert, of, .. } = self;
        let remedy = match of {
            _ if cert.not_before > now => {
                "set the clocks of this machine and of the node: `sudo timedatectl set-ntp true`"
            }
            Use::Authority => {
                "the cluster needs a new CA, and everything that it signed needs new certificates"
            }
            _ => self
                .renew
                .unwrap_or("have the distribution sign it anew; what logs in with it is refused afterwards"),
        };
        let soon = if *of == Use::Authority { CA_EXPIRING } else { EXPIRING };
        let (code, message) = match cert.remaining(now) {
            _ if cert.not_before > now => {
                (Code::CertNotYetValid, format!("{place} is valid only from {}", cert.not_before))
            }
            left if !left.is_positive() => {
                (Code::CertExpired, format!("{place} has expired on {}", cert.not_after))
            }
            left if left < soon => (
                Code::CertExpiring,
                format!("{place} expires in {} days, on {}", left.as_hours() / 24, cert.not_after),
            ),
            _ => return None,
        };
        Some(self.finding(code, message, remedy))
    }

    /// What is wrong with the names of a serving certificate, of which clients look for `asked`.
    pub fn names(&self, asked: Option<&San>) -> Vec<Finding> {
        let Self { place, cert, .. } = self;
        let missing = asked.filter(|asked| !cert.sans.is_empty() && !cert.covers(asked)).map(|asked| {
            let message = format!("{asked} is not among the names of {place}: {}", cert.sans);
            self.finding(Code::SanMissing, message, format!("`cpctl certs add-san {asked}`"))
        });
        missing.into_iter().chain(self.useless()).collect()
    }

    /// Names of a serving certificate that help nobody.
    pub fn useless(&self) -> Option<Finding> {
        let Self { place, cert, .. } = self;
        (!cert.useless_names.is_empty()).then(|| {
            let message =
                format!("no client accepts {} as it stands in {place}", cert.useless_names.join(", "));
            let remedy =
                "an address belongs under `IP.n`, not under `DNS.n`; `cpctl certs add-san ADDRESS` writes it so";
            self.finding(Code::SanUseless, message, remedy)
        })
    }

    /// What is wrong with how it is made.
    pub fn form(&self) -> Vec<Finding> {
        let Some(form) = self.cert.form() else { return vec![] };
        [self.usage(&form), self.nameless(&form), self.signature(&form), self.key(&form)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn usage(&self, form: &Form) -> Option<Finding> {
        let lacking = match self.of {
            Use::Server if !form.may_serve => "serverAuth",
            Use::Client if !form.may_log_in => "clientAuth",
            _ => return None,
        };
        let message = format!("{} has an extended key usage without {lacking}, so it is refused", self.place);
        Some(self.finding(
            Code::CertUsage,
            message,
            format!("have it signed anew with `extendedKeyUsage = {lacking}`"),
        ))
    }

    fn nameless(&self, form: &Form) -> Option<Finding> {
        (self.of == Use::Server && !form.has_names).then(|| {
            let message = format!(
                "{} has no subject alternative name, and clients do not look at its common name: {}",
                self.place, self.cert.subject
            );
            self.finding(Code::CertNameless, message, "`cpctl certs add-san NAME` gives it names")
        })
    }

    fn signature(&self, form: &Form) -> Option<Finding> {
        let digest = form.broken_digest.filter(|_| !form.is_own_issuer)?;
        let message = format!("{} is signed with {digest}, which clients refuse", self.place);
        Some(self.finding(Code::SignatureWeak, message, "have it signed anew with SHA-256"))
    }

    fn key(&self, form: &Form) -> Option<Finding> {
        let bits = form.rsa_bits.filter(|bits| *bits < RSA_BITS)?;
        let message = format!("{} has an RSA key of {bits} bits", self.place);
        Some(self.finding(Code::KeyWeak, message, format!("give it a new key, of {RSA_BITS} bits or more")))
    }

    /// A certificate of a user that some clients' libraries do not read.
    pub fn first_version(&self) -> Option<Finding> {
        let form = self.cert.form()?;
        form.is_first_version.then(|| {
            let message = format!(
                "{} is an X.509 certificate of version 1, which some TLS libraries refuse to log in with",
                self.place
            );
            self.finding(
                Code::CertFirstVersion,
                message,
                "have it signed with an extension, such as a key usage",
            )
        })
    }

    /// A CA that is not the one clients trust: what it signs next is refused.
    pub fn differs(&self, context: &str, trust: &Trust) -> Option<Finding> {
        let is_known = trust.certs().iter().any(|ca| ca.public_key == self.cert.public_key);
        (self.of == Use::Authority && !is_known).then(|| {
            let message = format!(
                "{} (`{}`, SHA-256 {}) is not the CA of context {context}",
                self.place, self.cert.subject, self.cert.fingerprint
            );
            let remedy = "find out who replaced it; clients trust the one in their kubeconfigs alone";
            self.finding(Code::AuthorityDiffers, message, remedy)
        })
    }

    fn finding(&self, code: Code, message: String, remedy: impl Into<String>) -> Finding {
        let finding = Finding::new(code, self.subject, message).about(&self.cert.fingerprint).remedy(remedy);
        match &self.at {
            Some((line, quote)) => finding.at(*line, quote.clone()),
            None => finding,
        }
    }
}

/// The cluster's CA key on a machine that signs nothing; `public_key` is the SHA-256 of its public half.
pub fn astray(subject: &str, path: &str, public_key: &str, trust: &Trust) -> Option<Finding> {
    trust.certs().iter().any(|ca| ca.public_key == public_key).then(|| {
        let message = format!("{path} is the private key of the cluster's CA: whoever takes it is everybody");
        let remedy = format!("keep it where it signs alone, and take it from here: `sudo shred -u {path}`");
        Finding::new(Code::CaKeyAstray, subject, message).remedy(remedy)
    })
}
