//! The extensions of the new certificate: those of the old one, with the names and where needed the CA put right.

use std::net::IpAddr;

use super::{
    super::der::{self, BOOLEAN, Element, OCTET_STRING, SEQUENCE},
    parts::{Extension, Parts, held},
};
use crate::san::{San, SanSet};

/// Object identifiers without tag and length: 2.5.29.14, .17 and .35.
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];

/// Tags of general names (RFC 5280, 4.2.1.6).
const DNS_NAME: u8 = 0x82;
const DIRECTORY_NAME: u8 = 0xa4;
const IP_ADDRESS: u8 = 0x87;

/// Tags of an authority key identifier (RFC 5280, 4.2.1.1).
const KEY_IDENTIFIER: u8 = 0x80;
const AUTHORITY_ISSUER: u8 = 0xa1;
const AUTHORITY_SERIAL: u8 = 0x82;

/// What becomes of the names.
pub(super) struct Names<'a> {
    /// In the order in which they are appended.
    pub new: Vec<&'a San>,
    pub gone: &'a SanSet,
}

/// The extensions one after the other; `None` where one of the old ones cannot be read.
pub(super) fn renewed(old: &Parts<'_>, authority: &Parts<'_>, names: &Names<'_>) -> Option<Vec<u8>> {
    let mut written = vec![];
    for extension in &old.extensions {
        match extension.id {
            SUBJECT_ALT_NAME => written.extend(with_names(extension, names)?),
            AUTHORITY_KEY_IDENTIFIER if !points_at(extension, authority)? => {
                written.extend(pointer_to(authority)?);
            }
            _ => written.extend(extension.whole),
        }
    }
    if old.extension(SUBJECT_ALT_NAME).is_none() && !names.new.is_empty() {
        written.extend(write(
            SUBJECT_ALT_NAME,
            is_nameless(old),
            &der::write(SEQUENCE, &encoded(&names.new)),
        ));
    }
    Some(written)
}

/// The names that a certificate does not carry yet, in the order of the set.
pub(super) fn missing<'a>(names: &'a SanSet, carried: &SanSet) -> Vec<&'a San> {
    names.iter().filter(|name| !carried.contains(name)).collect()
}

fn with_names(extension: &Extension<'_>, names: &Names<'_>) -> Option<Vec<u8>> {
    if names.new.is_empty() && names.gone.is_empty() {
        return Some(extension.whole.to_vec());
    }
    let [old] = held(extension.value)?;
    let is_kept = |name: &Element<'_>| !read(name).is_some_and(|name| names.gone.contains(&name));
    let kept: Vec<_> = der::all(old.content)?.into_iter().filter(is_kept).map(|name| name.whole).collect();
    let all = der::sequence(&[&kept.concat(), &encoded(&names.new)]);
    Some(write(SUBJECT_ALT_NAME, extension.is_critical, &all))
}

/// A general name that clients accept as a DNS name or an address.
fn read(name: &Element<'_>) -> Option<San> {
    match name.tag {
        DNS_NAME => std::str::from_utf8(name.content).ok()?.parse().map(San::Dns).ok(),
        IP_ADDRESS => {
            let four = <[u8; 4]>::try_from(name.content).map(IpAddr::from);
            four.or_else(|_| <[u8; 16]>::try_from(name.content).map(IpAddr::from)).map(San::Ip).ok()
        }
        _ => None,
    }
}

fn encoded(names: &[&San]) -> Vec<u8> {
    let name = |name: &&San| match name {
        San::Dns(name) => der::write(DNS_NAME, name.as_str().as_bytes()),
        San::Ip(IpAddr::V4(address)) => der::write(IP_ADDRESS, &address.octets()),
        San::Ip(IpAddr::V6(address)) => der::write(IP_ADDRESS, &address.octets()),
    };
    names.iter().flat_map(name).collect()
}

/// A subject without a name makes its alternative names critical (RFC 5280, 4.2.1.6).
fn is_nameless(old: &Parts<'_>) -> bool {
    old.subject == [SEQUENCE, 0]
}

/// Whether a client finds this CA by the identifier, by the rules of OpenSSL's `X509_check_akid`.
fn points_at(extension: &Extension<'_>, authority: &Parts<'_>) -> Option<bool> {
    let [identifier] = held(extension.value)?;
    for field in der::all(identifier.content)? {
        let is_right = match field.tag {
            KEY_IDENTIFIER => key_identifier(authority).is_none_or(|key| key == field.content),
            AUTHORITY_SERIAL => field.content == authority.serial,
            AUTHORITY_ISSUER => {
                let names = der::all(field.content)?;
                let mut directories = names.iter().filter(|name| name.tag == DIRECTORY_NAME);
                directories.next().is_none_or(|name| name.content == authority.issuer)
            }
            _ => true,
        };
        if !is_right {
            return Some(false);
        }
    }
    Some(true)
}

/// An identifier by the CA's key; nothing where the CA does not name its key.
fn pointer_to(authority: &Parts<'_>) -> Option<Vec<u8>> {
    let Some(key) = key_identifier(authority) else { return Some(vec![]) };
    let identifier = der::sequence(&[&der::write(KEY_IDENTIFIER, key)]);
    Some(write(AUTHORITY_KEY_IDENTIFIER, false, &identifier))
}

fn key_identifier<'a>(authority: &Parts<'a>) -> Option<&'a [u8]> {
    let [key] = held(authority.extension(SUBJECT_KEY_IDENTIFIER)?.value)?;
    Some(key.content)
}

fn write(id: &[u8], is_critical: bool, value: &[u8]) -> Vec<u8> {
    const OBJECT_IDENTIFIER: u8 = 0x06;
    let critical = if is_critical { der::write(BOOLEAN, &[0xff]) } else { vec![] };
    der::sequence(&[&der::write(OBJECT_IDENTIFIER, id), &critical, &der::write(OCTET_STRING, value)])
}
