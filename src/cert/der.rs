//! DER in its smallest pieces: elements read with all their bytes, and written.

use jiff::{Timestamp, tz::TimeZone};

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// A tag with a definite length and what it holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// Tag, length and content as they stand.
    pub whole: &'a [u8],
}

/// The elements that fill these bytes to the last one; `None` where they do not.
pub(super) fn all(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = vec![];
    while !bytes.is_empty() {
        let element = first(bytes)?;
        bytes = &bytes[element.whole.len()..];
        found.push(element);
    }
    Some(found)
}

fn first(bytes: &[u8]) -> Option<Element<'_>> {
    let [tag, length, rest @ ..] = bytes else { return None };
    // Tags of several bytes stand nowhere in a certificate.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (header, length) = match length {
        0..=0x7f => (2, usize::from(*length)),
        0x81..=0x84 => {
            let octets = rest.get(..usize::from(length & 0x7f))?;
            let length = octets.iter().fold(0, |length, octet| (length << 8) | u64::from(*octet));
            (2 + octets.len(), usize::try_from(length).ok()?)
        }
        _ => return None,
    };
    let whole = bytes.get(..header.checked_add(length)?)?;
    Some(Element { tag: *tag, content: &whole[header..], whole })
}

pub(super) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => bytes.push(short),
        _ => {
            let octets = content.len().to_be_bytes();
            let significant = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
            bytes.push(significant.len().try_into().map_or(0, |count: u8| 0x80 | count));
            bytes.extend(significant);
        }
    }
    bytes.extend(content);
    bytes
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    write(SEQUENCE, &parts.concat())
}

/// A positive number, given in big-endian octets.
pub(super) fn integer(octets: &[u8]) -> Vec<u8> {
    let is_read_as_negative = octets.first().is_some_and(|first| first & 0x80 != 0);
    let sign: &[u8] = if is_read_as_negative { &[0] } else { &[] };
    write(INTEGER, &[sign, octets].concat())
}

/// Two digits for the year from 1950 to 2049, four for any other (RFC 5280, 4.1.2.5).
pub(super) fn time(at: Timestamp) -> Vec<u8> {
    let at = at.to_zoned(TimeZone::UTC);
    let (tag, format) = match at.year() {
        1950..=2049 => (UTC_TIME, "%y%m%d%H%M%SZ"),
        _ => (GENERALIZED_TIME, "%Y%m%d%H%M%SZ"),
    };
    write(tag, at.strftime(format).to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_length_takes_as_few_octets_as_it_can() {
        for (length, header) in [
            (0, &[4, 0][..]),
            (127, &[4, 127]),
            (128, &[4, 0x81, 128]),
            (255, &[4, 0x81, 255]),
            (256, &[4, 0x82, 1, 0]),
            (70_000, &[4, 0x83, 1, 0x11, 0x70]),
        ] {
            let written = write(OCTET_STRING, &vec![7; length]);

            assert_eq!(&written[..header.len()], header);
            assert_eq!(written.len(), header.len() + length);
        }
    }

    #[test]
    fn a_year_has_two_digits_up_to_2049() {
        for (at, tag, text) in [
            ("1949-12-31T23:59:59Z", GENERALIZED_TIME, "19491231235959Z"),
            ("1950-01-01T00:00:00Z", UTC_TIME, "500101000000Z"),
            ("2049-12-31T23:59:59.9Z", UTC_TIME, "491231235959Z"),
            ("2050-01-01T00:00:00Z", GENERALIZED_TIME, "20500101000000Z"),
        ] {
            assert_eq!(time(at.parse().unwrap()), write(tag, text.as_bytes()), "{at}");
        }
    }

    #[test]
    fn bytes_that_are_no_elements_are_none() {
        for bytes in [&[4][..], &[4, 1], &[4, 0x80], &[4, 0x81], &[4, 0x85, 0, 0, 0, 0, 1, 7], &[0x1f, 0]] {
            assert_eq!(all(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            parts in proptest::collection::vec((0u8..0x1f, proptest::collection::vec(any::<u8>(), 0..300)), 0..6),
        ) {
            let written: Vec<u8> = parts.iter().flat_map(|(tag, content)| write(*tag, content)).collect();

            let read = all(&written).unwrap();

            let back: Vec<_> = read.iter().map(|element| (element.tag, element.content.to_vec())).collect();
            prop_assert_eq!(back, parts);
            prop_assert_eq!(read.iter().flat_map(|element| element.whole.to_vec()).collect::<Vec<_>>(), written);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            all(&bytes);
        }
    }
}
