//! What is wrong with a HAProxy in front of API servers: each rule by the finding that it makes.

mod answers;
mod checks;
mod clients;
mod files;
mod tls;
mod waits;

pub use self::waits::noticed;
use super::{
    api::{Api, Seen},
    parse::Line,
};
use crate::{balancer::lint::Spot, report::Code};

type PoolRule = (Code, fn(&Api<'_>, &Seen<'_>) -> Vec<Spot>);
type FileRule = (Code, fn(&Seen<'_>) -> Vec<Spot>);

/// Rules on a pool, with the frontends that lead there.
pub const POOL_RULES: &[PoolRule] = &[
    (Code::TlsTerminated, tls::ended),
    (Code::TlsReencrypted, tls::reencrypted),
    (Code::ModeHttp, tls::mode_http),
    (Code::ProxyProtocol, tls::proxy_protocol),
    (Code::SniOnly, tls::sni_only),
    (Code::CheckMissing, checks::missing),
    (Code::CheckConnectOnly, checks::connect_only),
    (Code::CheckWithoutTls, checks::without_tls),
    (Code::CheckOverridden, checks::overridden),
    (Code::CheckSslHello, checks::ssl_hello),
    (Code::CheckUnverifiable, checks::unverifiable),
    (Code::CheckVerifiesAddress, checks::verifies_address),
    (Code::CheckUnverified, checks::unverified),
    (Code::CheckMethod, answers::method),
    (Code::CheckPath, answers::path),
    (Code::CheckStatus, answers::status),
    (Code::CheckUnauthorized, answers::unauthorized),
    (Code::IdleCut, waits::cut),
    (Code::IdleUnclear, waits::unclear),
    (Code::NumberWithoutUnit, waits::without_unit),
    (Code::SessionsKept, waits::sessions_kept),
    (Code::DetectionSlow, waits::slow),
    (Code::PoolPinned, waits::pinned),
    (Code::ConnectionsFew, waits::few_connections),
    (Code::BindAway, files::bind_away),
    (Code::ClientsHidden, clients::hidden),
];

/// Rules on a file that has such a pool, or should have one.
pub const FILE_RULES: &[FileRule] = &[
    (Code::BackendMissing, files::backend_missing),
    (Code::OldProcessStays, files::old_process_stays),
    (Code::StatsOpen, files::stats_open),
    (Code::StatsPassword, files::stats_password),
    (Code::KeyOnBalancer, files::key),
    (Code::TrafficJudged, clients::judged_by),
];

/// The line without these words, and without the values of those that have one.
fn without(line: &Line<'_>, flags: &[&str], valued: &[&str]) -> String {
    let (mut kept, mut words) = (vec![], line.written(0));
    while let Some((word, written)) = words.next() {
        if valued.contains(&word) {
            words.next();
        } else if !flags.contains(&word) {
            kept.push(written);
        }
    }
    kept.join(" ")
}

/// The line with another word in the place of this one.
fn in_place_of(line: &Line<'_>, wrong: &str, right: &str) -> String {
    let words = line.written(0).map(|(word, written)| if word == wrong { right } else { written });
    words.collect::<Vec<_>>().join(" ")
}

/// The line with these words behind it.
fn with(line: &Line<'_>, words: &str) -> String {
    line.written(0).map(|(_, written)| written).chain([words]).collect::<Vec<_>>().join(" ")
}
