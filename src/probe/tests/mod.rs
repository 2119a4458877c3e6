//! Servers of every kind, looked at and judged.

use jiff::Timestamp;

use super::{
    server::{Ca, Identity, Tls, tls},
    *,
};
use crate::san::San;

mod judge;
mod look;
mod passed_on;
mod visit;

fn wire() -> Wire {
    Wire::new(Duration::from_secs(20))
}

fn impatient() -> Wire {
    Wire::new(Duration::from_millis(150))
}

fn now() -> Timestamp {
    "2027-06-01T00:00:00Z".parse().unwrap()
}

fn host(text: &str) -> San {
    text.parse().unwrap()
}

fn shown(identity: &Identity, how: &Tls) -> Presented {
    wire().presented(&tls(identity, how).0).unwrap()
}

fn judged(identity: &Identity, ca: &Ca, asked: &str, at: Timestamp) -> (Verdict, Option<String>) {
    let presented = shown(identity, &Tls::default());
    let verdict = Trust::from_pem(&ca.pem).unwrap().judge(&presented, &host(asked), at);
    let words = refusal(&presented, &verdict, &host(asked), at);
    (verdict, words)
}
