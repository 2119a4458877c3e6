//! The address that balancers hold, on the network that it is part of.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use serde::{Serialize, Serializer};

/// An address, and where it is known the length of its network's prefix: `ADDRESS[/PREFIX]`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Vip {
    pub address: IpAddr,
    pub prefix: Option<u8>,
}

/// Why a text is no such address.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ParseVipError {
    #[error("`{0}` is no address; give `ADDRESS/PREFIX`, for example `172.22.22.3/24`")]
    NoAddress(String),
    #[error("`{0}` has no prefix between 1 and {1}")]
    BadPrefix(String, u8),
    #[error("`{0}` is no address that a machine can hold")]
    Nobodys(String),
}

impl Vip {
    /// As many bits as the address has.
    pub fn width(&self) -> u8 {
        if self.address.is_ipv4() { 32 } else { 128 }
    }

    /// Whether an address lies in its network; without a prefix that is the address alone.
    pub fn holds(&self, address: IpAddr) -> bool {
        let bits = |ip| match ip {
            IpAddr::V4(ip) => u128::from(ip.to_bits()),
            IpAddr::V6(ip) => ip.to_bits(),
        };
        let host = u32::from(self.width() - self.prefix.unwrap_or(self.width()));
        self.address.is_ipv4() == address.is_ipv4() && bits(self.address) >> host == bits(address) >> host
    }

    /// The address with a port, in brackets where it has colons.
    pub fn with_port(&self, port: u16) -> String {
        SocketAddr::new(self.address, port).to_string()
    }
}

impl FromStr for Vip {
    type Err = ParseVipError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| ParseVipError::NoAddress(text.to_owned()))?;
        if address.is_unspecified() || address.is_multicast() {
            return Err(ParseVipError::Nobodys(text.to_owned()));
        }
        let width = Self { address, prefix: None }.width();
        let prefix = prefix.map(|digits| {
            let number = digits.parse().ok().filter(|number| (1..=width).contains(number));
            number
                .filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))
                .ok_or_else(|| ParseVipError::BadPrefix(text.to_owned(), width))
        });
        Ok(Self { address, prefix: prefix.transpose()? })
    }
}

impl fmt::Display for Vip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        self.prefix.iter().try_for_each(|prefix| write!(f, "/{prefix}"))
    }
}

impl Serialize for Vip {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_is_written() {
        for text in ["172.22.22.3", "172.22.22.3/24", "10.0.0.1/32", "fd00::3", "fd00::3/64"] {
            let vip: Vip = text.parse().unwrap();

            assert_eq!(vip.to_string(), text);
        }
    }

    #[test]
    fn what_no_machine_can_hold_is_refused() {
        for (text, reason) in [
            ("api.example.com", "no address"),
            ("172.22.22.3:6443", "no address"),
            ("172.22.22.3/33", "no prefix between 1 and 32"),
            ("172.22.22.3/0", "no prefix"),
            ("172.22.22.3/+8", "no prefix"),
            ("fd00::3/129", "between 1 and 128"),
            ("0.0.0.0/24", "can hold"),
            ("224.0.0.18", "can hold"),
        ] {
            let error = text.parse::<Vip>().unwrap_err();

            assert!(error.to_string().contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn an_address_with_colons_has_brackets_before_its_port() {
        let [four, six] = ["10.0.0.3/24", "fd00::3/64"].map(|text| text.parse::<Vip>().unwrap());

        assert_eq!([four.with_port(6443), six.with_port(6443)], ["10.0.0.3:6443", "[fd00::3]:6443"]);
    }
}
