//! What the verbs say that take names out of certificates, renew them, and show where names stand.

use cpctl::rehearse::Kind;

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
