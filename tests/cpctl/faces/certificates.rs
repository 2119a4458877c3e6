//! What the verbs say that take names out of certificates, renew them, and show where names stand.

use cpctl::rehearse::Kind;
use jiff::{SignedDuration, Timestamp};

use super::{Desk, assert_told};

#[test]
fn names_are_taken_out_and_come_back() {
    let desk = Desk::new();
    let vip = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &vip, "old.example", "--yes"]).exits(0);
    let remove = ["certs", "remove-san", "old.example"];
    let [yes, json] =
        [["--yes"].as_slice(), &["--yes", "-o", "json"]].map(|flags| [&remove[..], flags].concat());

    assert_told!("drift", &desk.says(&["certs", "drift"]));
    assert_told!("remove-san-dry-run", &desk.says(&[&remove[..], &["--dry-run"]].concat()));
    assert_told!(
        "remove-san-plan",
        &desk.says(&[&remove[..], &["--limit", "cp2", "--dry-run", "-o", "json"]].concat()),
    );
    assert_told!(
        "remove-san",
        &desk.plays(&[&remove, &yes, &remove, &json, &["certs", "drift", "-o", "json"]]),
    );
    desk.leads_all_to("cp1");
    assert_told!(
        "remove-san-undo",
        &desk.plays(&[&["undo", "--yes"], &["certs", "inspect", "--require", "old.example"]]),
    );
    let forced = ["certs", "remove-san", &vip, "--force", "--yes", "-o", "json"];
    assert_told!("remove-san-forced", &desk.says(&forced));
}

#[test]
fn certificates_are_renewed_where_they_are_due() {
    let desk = Desk::new();
    let renew = ["certs", "renew"];
    let with = |flags: &[&'static str]| [&renew[..], flags].concat();

    assert_told!(
        "renew-not-due",
        &desk.plays(&[
            &with(&["--if-expires-within", "30d"]),
            &with(&["--if-expires-within", "720h", "-o", "json"]),
            &with(&["--if-expires-within", "30"]),
        ]),
    );
    assert_told!("renew-dry-run", &desk.says(&with(&["--if-expires-within", "300d", "--dry-run"])));
    assert_told!(
        "renew",
        &desk.plays(&[
            &with(&["--limit", "cp2", "--yes"]),
            &with(&["--if-expires-within", "300d"]),
            &with(&["--if-expires-within", "300d", "--yes", "-o", "json"]),
            &with(&["--if-expires-within", "300d", "--yes"]),
            &["undo", "--yes"],
            &["undo", "--yes", "-o", "json"],
        ]),
    );
}

#[test]
fn certificates_that_have_ended_on_every_node_are_renewed_all_the_same() {
    for kind in [Kind::MicroK8s, Kind::ByHand] {
        let desk = Desk::since(Timestamp::now() - SignedDuration::from_hours(300 * 24), &[kind; 3]);
        let ended = desk.run(&["certs", "inspect"]).exits(1);
        assert_eq!(ended.stdout.matches("[cert-expired]").count(), 4, "{}", ended.shown());

        let renewed = desk.run(&["certs", "renew", "--if-expires-within", "30d", "--yes"]).exits(0);

        assert!(renewed.stderr.contains("cp1 (1/3): the certificate has expired on "), "{}", renewed.shown());
        let seen = desk.run(&["certs", "inspect"]);
        assert!(!seen.stdout.contains("[cert-exp"), "{}", seen.shown());
    }
}

#[test]
fn servers_set_up_by_hand_say_the_same() {
    let desk = Desk::of(Kind::ByHand);
    desk.run(&["certs", "add-san", "old.example", "--limit", "cp1,cp2", "--yes"]).exits(0);

    assert_told!(
        "by-hand-certificates",
        &desk.plays(&[
            &["certs", "drift"],
            &["certs", "remove-san", "old.example", "--yes"],
            &["certs", "renew", "--dry-run"],
            &["certs", "renew", "--yes"],
        ]),
    );
}
