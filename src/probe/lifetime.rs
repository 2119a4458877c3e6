//! How long whoever asked for a name keeps the answer, as this machine's own DNS server says; where the name leads is not
//! its business, because `/etc/hosts` and other sources count there too.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use ring::rand::{SecureRandom as _, SystemRandom};
use simple_dns::{CLASS, Name, Packet, PacketFlag, QTYPE, Question, RCODE, TYPE, rdata::RData};
use tokio::{net::UdpSocket, time::timeout};

use super::Wire;
use crate::san::DnsName;

/// <https://man7.org/linux/man-pages/man5/resolv.conf.5.html>
const RESOLVERS: &str = "/etc/resolv.conf";
const PORT: u16 = 53;
/// As the C library takes them.
const SERVERS: usize = 3;
/// A server that is there answers from its cache or asks a few others.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// More than any answer without extensions has.
const MOST: usize = 4096;

/// The record of a name that is kept longest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lifetime {
    pub seconds: u32,
    /// `A`, `AAAA` or `CNAME`.
    pub kind: &'static str,
    /// Who said so.
    pub server: IpAddr,
    /// Whether the server has it from the zone; a cache tells what is left.
    pub is_whole: bool,
}

/// What `/etc/resolv.conf` says.
#[derive(Debug, Eq, PartialEq)]
struct Resolvers {
    servers: Vec<SocketAddr>,
    search: Vec<String>,
    /// Names with fewer dots are looked for below `search` first.
    dots: usize,
}

impl Wire {
    /// How long clients keep where a name leads; `None` where no DNS server tells, as of a name in `/etc/hosts` alone.
    pub fn lifetime(&self, name: &DnsName) -> Option<Lifetime> {
        if is_own(name.as_str()) {
            return None;
        }
        let resolvers = Resolvers::read(&fs::read_to_string(RESOLVERS).ok()?);
        self.runtime().ok()?.block_on(resolvers.lifetime(name.as_str()))
    }
}

impl Resolvers {
    fn read(text: &str) -> Self {
        let mut read = Self { servers: vec![], search: vec![], dots: 1 };
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["nameserver", server, ..] => {
                    read.servers.extend(server.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, PORT)));
                }
                ["search" | "domain", domains @ ..] => {
                    read.search = domains.iter().map(|domain| (*domain).to_owned()).collect();
                }
                ["options", options @ ..] => {
                    let dots = options.iter().find_map(|option| option.strip_prefix("ndots:")?.parse().ok());
                    read.dots = dots.unwrap_or(read.dots);
                }
                _ => {}
            }
        }
        read.servers.truncate(SERVERS);
        read
    }

    async fn lifetime(mut self, name: &str) -> Option<Lifetime> {
        for name in self.meant_by(name) {
            let mut longest: Option<Lifetime> = None;
            for kind in [TYPE::A, TYPE::AAAA] {
                let told = self.ask(&name, kind).await;
                longest = longest.into_iter().chain(told).max_by_key(|record| record.seconds);
            }
            if longest.is_some() {
                return longest;
            }
        }
        None
    }

    /// The names that the C library would ask for, in its order.
    fn meant_by(&self, name: &str) -> Vec<String> {
        let below = self.search.iter().map(|domain| format!("{name}.{}", domain.trim_end_matches('.')));
        let mut names: Vec<String> = below.collect();
        let is_first = name.matches('.').count() >= self.dots;
        names.insert(if is_first { 0 } else { names.len() }, name.to_owned());
        names
    }

    /// The longest record of the first answer; a server that says nothing is not asked again, and a name that cannot be
    /// asked for is passed over.
    async fn ask(&mut self, name: &str, kind: TYPE) -> Option<Lifetime> {
        let number = number()?;
        let question = question(number, name, kind)?;
        for server in self.servers.clone() {
            match timeout(ANSWER_WITHIN, answer(server, number, &question)).await {
                Ok(Some(Ok(records))) => return records.into_iter().max_by_key(|record| record.seconds),
                // It may still answer for another name.
                Ok(Some(Err(_))) => {}
                Ok(None) | Err(_) => self.servers.retain(|other| *other != server),
            }
        }
        None
    }
}

/// A name of this machine itself, which no server is to be asked for.
/// <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>
fn is_own(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

/// What a server says, or why it does not; `None` where it cannot be asked.
async fn answer(server: SocketAddr, number: u16, question: &[u8]) -> Option<Result<Vec<Lifetime>, RCODE>> {
    let own: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((own, 0)).await.ok()?;
    socket.connect(server).await.ok()?;
    socket.send(question).await.ok()?;
    let mut bytes = [0; MOST];
    loop {
        let count = socket.recv(&mut bytes).await.ok()?;
        let answer = Packet::parse(&bytes[..count]).ok();
        if let Some(answer) = answer.filter(|answer| is_to(answer, number)) {
            return Some(match answer.rcode() {
                RCODE::NoError | RCODE::NameError => Ok(records(&answer, server.ip())),
                refusal => Err(refusal),
            });
        }
    }
}

fn question(number: u16, name: &str, kind: TYPE) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(number);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let (kind, class) = (QTYPE::TYPE(kind), CLASS::IN.into());
    packet.questions.push(Question::new(Name::new(name).ok()?, kind, class, false));
    packet.build_bytes_vec().ok()
}

/// Whether it answers the question of this number; anything else may be a stray or a forgery.
fn is_to(answer: &Packet<'_>, number: u16) -> bool {
    answer.id() == number && answer.has_flags(PacketFlag::RESPONSE)
}

/// The aliases of an answer and where they lead.
fn records(answer: &Packet<'_>, server: IpAddr) -> Vec<Lifetime> {
    let is_whole = answer.has_flags(PacketFlag::AUTHORITATIVE_ANSWER);
    let records = answer.answers.iter().filter_map(|record| {
        let kind = match record.rdata {
            RData::A(_) => "A",
            RData::AAAA(_) => "AAAA",
            RData::CNAME(_) => "CNAME",
            _ => return None,
        };
        Some(Lifetime { seconds: record.ttl, kind, server, is_whole })
    });
    records.collect()
}

/// One that nobody guesses.
fn number() -> Option<u16> {
    let mut bytes = [0; 2];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(u16::from_be_bytes(bytes))
}

#[cfg(test)]
#[path = "lifetime_tests.rs"]
mod tests;
