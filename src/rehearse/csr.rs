//! An OpenSSL configuration as `openssl req` and `openssl x509 -extfile` read it: the names and the subject in it.

use std::net::IpAddr;

/// What a certificate made from the configuration says.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Request {
    /// The subject's parts, `CN` and the like, in order.
    pub subject: Vec<(String, String)>,
    pub names: Vec<Name>,
}

/// An alternative name in the kind that the configuration calls it, sensible or not.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Name {
    Dns(String),
    Ip(IpAddr),
}

/// An address where it is one.
impl From<&str> for Name {
    fn from(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Dns(text.to_owned()), Self::Ip)
    }
}

/// Reads a configuration; the error is what `openssl` would complain of.
pub(super) fn read(text: &str) -> Result<Request, String> {
    let conf = Conf::read(text)?;
    let subject = conf.section(conf.value("req", "distinguished_name")?)?;
    let names = conf.value("v3_ext", "subjectAltName")?;
    let section = names.strip_prefix('@').ok_or_else(|| format!("cannot read `{names}`"))?;
    let names = conf.section(section)?.into_iter().map(|(key, value)| name(key, value));
    Ok(Request {
        subject: subject.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        names: names.collect::<Result<_, _>>()?,
    })
}

/// `IP.3` is of the kind `IP`; a kind in lower case is none.
fn name(key: &str, value: &str) -> Result<Name, String> {
    match key.split('.').next() {
        Some("DNS") => Ok(Name::Dns(value.to_owned())),
        Some("IP") => value.parse().map(Name::Ip).map_err(|_| format!("bad ip address: value={value}")),
        _ => Err(format!("unsupported option: name={key}")),
    }
}

struct Conf {
    entries: Vec<Entry>,
}

struct Entry {
    section: String,
    key: String,
    value: String,
}

impl Conf {
    /// Sections of one name are one section, and the last of several equal keys wins.
    fn read(text: &str) -> Result<Self, String> {
        let mut conf = Self { entries: vec![] };
        let mut section = "default".to_owned();
        for (index, line) in text.lines().enumerate() {
            let line = without_comment(line).trim();
            if line.is_empty() {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                let name = rest.strip_suffix(']').ok_or(format!("line {}: no closing bracket", index + 1))?;
                section = name.trim().to_owned();
                continue;
            }
            let (key, value) =
                line.split_once('=').ok_or(format!("line {}: missing equal sign", index + 1))?;
            conf.put(&section, key.trim(), value.trim().trim_matches('"'));
        }
        Ok(conf)
    }

    fn put(&mut self, section: &str, key: &str, value: &str) {
        self.entries.retain(|entry| entry.section != section || entry.key != key);
        self.entries.push(Entry { section: section.into(), key: key.into(), value: value.into() });
    }

    fn value(&self, section: &str, key: &str) -> Result<&str, String> {
        self.entries
            .iter()
            .find(|entry| entry.section == section && entry.key == key)
            .map(|entry| entry.value.as_str())
            .ok_or_else(|| format!("no value: group={section} name={key}"))
    }

    fn section(&self, name: &str) -> Result<Vec<(&str, &str)>, String> {
        let of = self.entries.iter().filter(|entry| entry.section == name);
        let found: Vec<_> = of.map(|entry| (entry.key.as_str(), entry.value.as_str())).collect();
        if found.is_empty() { Err(format!("no section: {name}")) } else { Ok(found) }
    }
}

/// A `#` ends a line, even behind a value; a `;` does not.
fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(alt_names: &str) -> Result<String, String> {
        let text = format!(
            "[ req ]\ndistinguished_name = dn\n[ dn ]\nCN = 127.0.0.1\n[ v3_ext ]\nsubjectAltName=@alt\n[ alt ]\n{alt_names}\n"
        );
        let shown = |name: Name| match name {
            Name::Dns(name) => format!("DNS:{name}"),
            Name::Ip(ip) => format!("IP:{ip}"),
        };
        read(&text).map(|request| request.names.into_iter().map(shown).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn names_are_read_as_openssl_reads_them() {
        for (alt_names, found) in [
            ("DNS.1 = a\nIP.1 = 10.0.0.1", "DNS:a IP:10.0.0.1"),
            ("IP.3 = 10.0.0.1\nIP.3 = 10.0.0.2", "IP:10.0.0.2"),
            ("IP.0 = 10.0.0.1\n  IP.999 = fd00::1", "IP:10.0.0.1 IP:fd00::1"),
            ("IP = 10.0.0.1 # the balancer", "IP:10.0.0.1"),
            ("DNS.1 = 10.0.0.1", "DNS:10.0.0.1"),
            ("DNS.1 = a\r\nDNS.2 = b\r", "DNS:a DNS:b"),
            ("DNS.1 = a\n[ alt ]\nDNS.2 = b", "DNS:a DNS:b"),
        ] {
            assert_eq!(names(alt_names).as_deref(), Ok(found), "{alt_names}");
        }
    }

    #[test]
    fn what_openssl_refuses_is_refused() {
        for alt_names in
            ["ip.1 = 10.0.0.1", "IP.1 = 10.0.0.1,10.0.0.2", "IP.1 = [::1]", "IP.1 = host", "; comment", ""]
        {
            assert!(names(alt_names).is_err(), "{alt_names}");
        }
    }
}
