//! A certificate taken apart, every part byte for byte as it stands.

use super::super::der::{self, BOOLEAN, Element, OCTET_STRING};

/// The tags of the optional fields of a TBSCertificate (RFC 5280, 4.1).
const VERSION: u8 = 0xa0;
pub(super) const EXTENSIONS: u8 = 0xa3;

pub(super) struct Parts<'a> {
    pub to_be_signed: &'a [u8],
    /// Absent from a certificate of the first version.
    pub version: Option<Element<'a>>,
    /// The octets of the number, a zero for its sign included.
    pub serial: &'a [u8],
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    pub key: &'a [u8],
    /// Unique identifiers, which nobody writes any more.
    pub identifiers: Vec<&'a [u8]>,
    pub extensions: Vec<Extension<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct Extension<'a> {
    pub whole: &'a [u8],
    pub id: &'a [u8],
    pub is_critical: bool,
    pub value: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn read(certificate: &'a [u8]) -> Option<Self> {
        let [to_be_signed, _algorithm, _signature] = held::<3>(held::<1>(certificate)?[0].content)?;
        let mut fields = der::all(to_be_signed.content)?.into_iter().peekable();
        let version = fields.next_if(|field| field.tag == VERSION);
        let fields: Vec<_> = fields.collect();
        let [serial, _algorithm, issuer, _validity, subject, key, others @ ..] = fields.as_slice() else {
            return None;
        };
        let (extensions, identifiers): (Vec<_>, Vec<_>) =
            others.iter().partition(|field| field.tag == EXTENSIONS);
        Some(Self {
            to_be_signed: to_be_signed.whole,
            version,
            serial: serial.content,
            issuer: issuer.whole,
            subject: subject.whole,
            key: key.whole,
            identifiers: identifiers.into_iter().map(|field: &Element<'_>| field.whole).collect(),
            extensions: extensions.first().map_or(Some(vec![]), |field| Extension::all(field.content))?,
        })
    }

    /// The version as people count it, from 1.
    pub(super) fn version(&self) -> u8 {
        let number = self.version.and_then(|version| version.content.last().copied());
        number.unwrap_or(0).saturating_add(1)
    }

    pub(super) fn extension(&self, id: &[u8]) -> Option<Extension<'a>> {
        self.extensions.iter().find(|extension| extension.id == id).copied()
    }
}

impl<'a> Extension<'a> {
    fn all(content: &'a [u8]) -> Option<Vec<Self>> {
        der::all(held::<1>(content)?[0].content)?.into_iter().map(Self::read).collect()
    }

    fn read(element: Element<'a>) -> Option<Self> {
        let fields = der::all(element.content)?;
        let (id, is_critical, value) = match fields.as_slice() {
            [id, value] => (id, false, value),
            [id, critical, value] if critical.tag == BOOLEAN => (id, critical.content != [0], value),
            _ => return None,
        };
        let is_whole = value.tag == OCTET_STRING;
        is_whole.then_some(Self { whole: element.whole, id: id.content, is_critical, value: value.content })
    }
}

/// Exactly so many elements.
pub(super) fn held<const COUNT: usize>(bytes: &[u8]) -> Option<[Element<'_>; COUNT]> {
    der::all(bytes)?.try_into().ok()
}
