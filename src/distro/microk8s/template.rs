//! The template as it stands: what it lists, and what comes of it on this node today.

use super::{
    facts::{CERTS, Facts},
    render::{Addresses, render},
};
use crate::{
    distro::Role,
    edit::{EditError, openssl},
    report::{Code, Finding},
    san::SanSet,
};

pub(super) struct Template<'f> {
    pub text: &'f str,
    /// Names that it lists itself and that rendering does not hide: these stay, whatever addresses the node has.
    pub listed: SanSet,
    /// Whether the node's own addresses come in by themselves.
    pub has_mark: bool,
    addresses: &'f Addresses,
}

impl<'f> Template<'f> {
    /// Reads the template, or says why OpenSSL would sign nothing from it.
    pub fn read(facts: &'f Facts) -> Result<Self, Finding> {
        let text = match &facts.template {
            Some(Ok(text)) => text,
            Some(Err(_)) => return Err(unreadable(facts, "it is not a text in UTF-8")),
            None => return Err(missing(facts)),
        };
        let wrong = |error: EditError| unreadable(facts, &error.to_string());
        let addresses = &facts.addresses;
        let source = openssl::value(text, "v3_ext", "subjectAltName").map_err(wrong)?;
        if source.as_deref() != Some("@alt_names") {
            return Err(unreadable(facts, "`[ v3_ext ]` does not say `subjectAltName=@alt_names`"));
        }
        let listed = openssl::names(text).map_err(wrong)?;
        let hidden = listed.missing_from(&rendered(text, addresses).map_err(wrong)?);
        let listed = listed.missing_from(&hidden);
        Ok(Self { text, listed, has_mark: openssl::has_mark(text).map_err(wrong)?, addresses })
    }

    /// Whether it renders to what was applied last, so that the kicker has nothing to do.
    pub fn is_applied(&self, facts: &Facts) -> bool {
        facts.applied.as_deref() == Some(render(self.text, self.addresses).as_bytes())
    }

    /// Names that a certificate would carry if the template were this text.
    pub fn names_of(&self, text: &str) -> Result<SanSet, EditError> {
        rendered(text, self.addresses)
    }
}

fn rendered(text: &str, addresses: &Addresses) -> Result<SanSet, EditError> {
    openssl::names(&render(text, addresses))
}

/// A template from which nothing can be signed.
pub(super) fn unreadable(facts: &Facts, reason: &str) -> Finding {
    unfit(facts, format!("OpenSSL cannot sign from {CERTS}/csr.conf.template: {reason}"))
}

/// A template that cannot be made to list what is wanted.
pub(super) fn uneditable(facts: &Facts, reason: &str) -> Finding {
    unfit(facts, format!("{CERTS}/csr.conf.template cannot be changed: {reason}"))
}

fn unfit(facts: &Facts, message: String) -> Finding {
    let remedy = match facts.role() {
        Role::First if facts.is_watched() => {
            "the kicker kills every pod within 5 s of a change that it sees, so stop it with \
             `sudo systemctl stop snap.microk8s.daemon-apiserver-kicker`, correct the template, run this again, \
             and start it with `sudo systemctl start snap.microk8s.daemon-apiserver-kicker`"
        }
        _ => "correct the template, then run this again",
    };
    Finding::new(Code::TemplateUnreadable, &facts.node, message).remedy(remedy)
}

fn missing(facts: &Facts) -> Finding {
    Finding::new(Code::TemplateUnreadable, &facts.node, format!("there is no {CERTS}/csr.conf.template"))
        .remedy(format!(
            "put the one of the snap back: `sudo cp /snap/microk8s/current/certs/csr.conf.template {CERTS}/`"
        ))
}
