//! The machines on our own network, by the hardware addresses that the kernel has heard of them.

use std::{collections::BTreeMap, fs, net::IpAddr};

/// Where Linux shows them, those of IPv4; other systems show them to no reader of files.
const SHOWN: &str = "/proc/net/arp";
/// Of an entry that was heard, and not merely asked for.
const COMPLETE: u32 = 0x2;

/// Hardware addresses by the addresses that they answer for; none where nobody shows them, or all is behind a router.
pub fn neighbours() -> BTreeMap<IpAddr, String> {
    fs::read_to_string(SHOWN).map(|text| read(&text)).unwrap_or_default()
}

fn read(text: &str) -> BTreeMap<IpAddr, String> {
    text.lines().filter_map(entry).collect()
}

/// `ADDRESS TYPE FLAGS HARDWARE MASK DEVICE`.
fn entry(line: &str) -> Option<(IpAddr, String)> {
    let mut words = line.split_whitespace();
    let address = words.next()?.parse().ok()?;
    let flags = u32::from_str_radix(words.nth(1)?.strip_prefix("0x")?, 16).ok()?;
    let hardware = words.next()?;
    (flags & COMPLETE != 0).then(|| (address, hardware.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_heard_is_told_and_who_was_only_asked_for_is_not() {
        let text = "IP address       HW type     Flags       HW address            Mask     Device\n\
                    172.22.22.3      0x1         0x2         02:00:00:00:00:0B     *        eth0\n\
                    172.22.22.12     0x1         0x0         00:00:00:00:00:00     *        eth0\n\
                    172.22.22.11     0x1         0x6         02:00:00:00:00:0b     *        eth0\n";

        let read = read(text);

        let heard = ["172.22.22.3", "172.22.22.11"];
        let expected = heard.map(|address| (address.parse().unwrap(), "02:00:00:00:00:0b".to_owned()));
        assert_eq!(read, BTreeMap::from(expected));
    }
}
