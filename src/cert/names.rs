//! The subject alternative names of a certificate, sorted by whether a client accepts them.

use std::net::IpAddr;

use x509_parser::prelude::{GeneralName, X509Certificate};

use super::{Error, hex, printable};
use crate::san::{DnsName, San, SanSet};

#[derive(Default)]
pub(super) struct Names {
    pub sans: SanSet,
    pub in_order: Vec<San>,
    pub useless: Vec<String>,
}

/// DNS names and addresses; mail addresses, URIs and the like say nothing about a server and are passed over.
pub(super) fn read(cert: &X509Certificate<'_>) -> Result<Names, Error> {
    let extension =
        cert.subject_alternative_name().map_err(|error| Error::Malformed(printable(&error.to_string())))?;
    let mut names = Names::default();
    for name in extension.iter().flat_map(|extension| &extension.value.general_names) {
        match name {
            GeneralName::DNSName(text) => names.take(dns(text)),
            GeneralName::IPAddress(bytes) => names.take(address(bytes)),
            GeneralName::Invalid(tag, bytes) => {
                names.useless.push(format!("{tag} {}", printable(&String::from_utf8_lossy(bytes))));
            }
            _ => {}
        }
    }
    Ok(names)
}

impl Names {
    fn take(&mut self, name: Result<San, String>) {
        match name {
            Ok(san) => {
                self.sans.insert(san.clone());
                self.in_order.push(san);
            }
            Err(text) => self.useless.push(text),
        }
    }
}

/// An address is refused here: clients look for it among the addresses only.
fn dns(text: &str) -> Result<San, String> {
    text.parse::<DnsName>().map(San::Dns).map_err(|_| printable(text))
}

fn address(bytes: &[u8]) -> Result<San, String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ok(San::Ip(IpAddr::from(four)));
    }
    <[u8; 16]>::try_from(bytes)
        .map(|sixteen| San::Ip(IpAddr::from(sixteen)))
        .map_err(|_| format!("an address of {} bytes: {}", bytes.len(), hex(bytes)))
}
