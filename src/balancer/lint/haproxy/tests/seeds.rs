//! Configurations as their authors wrote them, with every fault of theirs and nothing else.

use super::*;

#[test]
fn opnsense_with_a_connection_for_a_check_is_told_its_faults() {
    let one = [source("one.cfg", &fixture("opnsense/one-server.cfg"))];
    let three = [source("three.cfg", &fixture("opnsense/three-servers.cfg"))];

    assert_eq!(one[0].kind(), Some(Kind::Opnsense));
    assert_eq!(
        told(&one, None),
        ["not-judged 9", "pool-of-one 14", "check-connect-only 14", "detection-slow 14", "sessions-kept 14",]
    );
    assert_eq!(
        told(&three, None),
        ["not-judged 9", "check-connect-only 14", "detection-slow 14", "sessions-kept 14"]
    );
}

#[test]
fn an_exporter_that_everybody_can_read_is_told() {
    let exported = [source("exporter.cfg", &fixture("opnsense/with-exporter.cfg"))];

    let told = told(&exported, None);

    assert_eq!(told.last().unwrap(), "stats-open 18");
    assert_eq!(told.len(), 5);
}

#[test]
fn pfsense_that_ends_tls_is_told_its_faults() {
    let exported = [source("pfsense.cfg", &fixture("pfsense/offloading.cfg"))];

    assert_eq!(exported[0].kind(), Some(Kind::Pfsense));
    assert_eq!(
        told(&exported, None),
        [
            "tls-terminated 28",
            "idle-cut 32",
            "sni-only 36",
            "idle-cut 44",
            "check-method 47",
            "check-path 47",
            "check-unauthorized 48",
            "tls-reencrypted 49",
            "sessions-kept 49",
            "tls-reencrypted 50",
            "tls-reencrypted 51",
        ]
    );
}
