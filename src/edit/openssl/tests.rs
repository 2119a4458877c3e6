//! OpenSSL itself is the judge: what we read is what it reads, and an edit changes what it reads by exactly our names.

use std::{fmt::Write as _, net::IpAddr, path::PathBuf, process::Command};

use openssl::x509::X509;
use proptest::prelude::*;

use super::*;
use crate::edit::Edit;

mod cut;

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/microk8s/templates").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn set(names: &[&str]) -> SanSet {
    names.iter().map(|name| name.parse::<San>().unwrap()).collect()
}

fn wanted() -> SanSet {
    set(&["172.22.22.3", "fd00::3", "cp.example.internal"])
}

/// The names that `openssl` writes into a certificate, or `None` where it refuses the text.
#[expect(clippy::disallowed_methods, reason = "a test's judge is not a machine of the operator's")]
fn judged(text: &str) -> Option<SanSet> {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let group = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
    let key = openssl::ec::EcKey::generate(&group).unwrap().private_key_to_pem().unwrap();
    std::fs::write(path("key.pem"), key).unwrap();
    std::fs::write(path("csr.conf"), text).unwrap();

    let output = Command::new("openssl")
        .args(["req", "-new", "-x509", "-extensions", "v3_ext", "-config"])
        .arg(path("csr.conf"))
        .arg("-key")
        .arg(path("key.pem"))
        .output()
        .unwrap();

    let cert = output.status.success().then(|| X509::from_pem(&output.stdout).unwrap())?;
    let names = cert.subject_alt_names().unwrap();
    Some(names.iter().filter_map(|name| dns(name).or_else(|| ip(name))).collect())
}

fn dns(name: &openssl::x509::GeneralNameRef) -> Option<San> {
    name.dnsname()?.parse().ok().filter(|san| matches!(san, San::Dns(_)))
}

fn ip(name: &openssl::x509::GeneralNameRef) -> Option<San> {
    let bytes = name.ipaddress()?;
    let v4 = || <[u8; 4]>::try_from(bytes).map(IpAddr::from).ok();
    let v6 = || <[u8; 16]>::try_from(bytes).map(IpAddr::from).ok();
    v4().or_else(v6).map(San::Ip)
}

const READABLE: [&str; 19] = [
    "address-as-name.conf",
    "bare.conf",
    "below-the-mark.conf",
    "bom.conf",
    "by-hand.conf",
    "commented-value.conf",
    "continued.conf",
    "crlf.conf",
    "duplicate.conf",
    "high.conf",
    "indented.conf",
    "launch-configuration.conf",
    "mark-in-a-comment.conf",
    "mark-twice.conf",
    "semicolon-value.conf",
    "shipped.conf",
    "split-section.conf",
    "without-mark.conf",
    "without-mark-or-end.conf",
];

#[test]
fn names_are_read_as_openssl_reads_them() {
    for name in READABLE {
        let text = fixture(name);
        assert_eq!(Some(names(&text).unwrap()), judged(&text), "{name}");
    }
}

#[test]
fn what_openssl_refuses_is_refused_with_the_line() {
    for (name, reason) in [
        ("brackets.conf", "line 27, column 1: `[fd00::3]` is not an address"),
        ("comma-list.conf", "line 27, column 1: `172.22.22.3,172.22.22.4` is not an address"),
        ("lower-case.conf", "line 27, column 1: `ip.3` is no kind of name; OpenSSL knows `DNS.n` and `IP.n`"),
        ("name-as-address.conf", "line 27, column 1: `api.example.com` is not an address"),
        ("semicolon.conf", "line 27, column 1: it is neither a comment nor `key = value`"),
    ] {
        let text = fixture(name);
        assert_eq!(names(&text).unwrap_err().to_string(), reason, "{name}");
        assert_eq!(judged(&text), None, "{name}");
    }
}

#[test]
fn openssl_reads_exactly_the_old_names_and_the_new_ones() {
    for name in READABLE {
        let text = fixture(name);
        let edit = Edit::AddNames(Names::listing(&wanted(), &text).unwrap());

        let edited = edit.make(&text).unwrap();

        assert_eq!(judged(&edited).unwrap(), judged(&text).unwrap().union(&wanted()), "{name}");
        assert_eq!(edit.make(&edited).unwrap(), edited, "{name}");
        assert_eq!(edit.inverse().make(&edited).unwrap(), text, "{name}");
        assert_eq!(edit.inverse().make(&text).unwrap(), text, "{name}");
    }
}

#[test]
fn entries_go_directly_above_the_mark_and_at_the_start_of_the_line() {
    let text = fixture("indented.conf");
    let edit = Edit::AddNames(Names::listing(&set(&["api.example.com", "172.22.22.9"]), &text).unwrap());

    let edited = edit.make(&text).unwrap();

    assert!(
        edited.contains("\n  IP.3 = 172.22.22.3\nDNS.6 = api.example.com\nIP.101 = 172.22.22.9\n#MOREIPS\n")
    );
}

#[test]
fn without_a_mark_entries_go_to_the_end_of_the_section() {
    let names = Names::listing(&set(&["172.22.22.9"]), &fixture("without-mark.conf")).unwrap();

    let inside = Edit::AddNames(names.clone()).make(&fixture("without-mark.conf")).unwrap();
    let last = Edit::AddNames(names).make(&fixture("without-mark-or-end.conf")).unwrap();

    assert!(inside.contains("\nIP.2 = 10.152.183.1\nIP.101 = 172.22.22.9\n\n[ v3_ext ]\n"));
    assert!(last.ends_with("\nIP.2 = 10.152.183.1\nIP.101 = 172.22.22.9"));
}

#[test]
fn numbers_follow_the_highest_one_and_never_fall_below_101() {
    let listing = |name: &str| Names::listing(&wanted(), &fixture(name)).unwrap().to_string();

    assert_eq!(
        listing("shipped.conf"),
        "DNS.6 = cp.example.internal, IP.101 = 172.22.22.3, IP.102 = fd00::3"
    );
    assert_eq!(listing("high.conf"), "DNS.18 = cp.example.internal, IP.1000 = fd00::3");
    assert_eq!(listing("launch-configuration.conf"), "IP.101 = fd00::3");
}

#[test]
fn a_later_edit_of_somebody_else_survives_the_removal() {
    let text = fixture("shipped.conf");
    let edit = Edit::AddNames(Names::listing(&wanted(), &text).unwrap());
    let edited = edit.make(&text).unwrap();
    let theirs = |line: &str| line.replace("#MOREIPS", "IP.200 = 10.0.0.9\n#MOREIPS");

    let undone = edit.inverse().make(&theirs(&edited)).unwrap();

    assert_eq!(undone, theirs(&text));
}

#[test]
fn an_entry_that_somebody_else_changed_or_removed_is_left_as_it_is() {
    let text = fixture("shipped.conf");
    let edit = Edit::AddNames(Names::listing(&wanted(), &text).unwrap());
    let edited = edit.make(&text).unwrap();
    let changed = edited.replace("IP.101 = 172.22.22.3", "IP.101 = 172.22.22.4");
    let removed = edited.replace("IP.101 = 172.22.22.3\n", "");

    assert_eq!(edit.state(&changed), Ok(State::Neither));
    assert_eq!(edit.make(&changed), Err(EditError::Neither));
    assert_eq!(
        edit.inverse().make(&changed).unwrap(),
        text.replace("#MOREIPS", "IP.101 = 172.22.22.4\n#MOREIPS")
    );
    assert_eq!(edit.inverse().make(&removed).unwrap(), text);
    assert_eq!(edit.make(&removed).map(|text| names(&text).unwrap().is_superset(&wanted())), Ok(true));
}

#[test]
fn a_text_that_cannot_take_names_is_refused() {
    let entries = Names { entries: vec![("IP.101".into(), "172.22.22.3".parse().unwrap())] };
    let add = |text: &str| Edit::AddNames(entries.clone()).make(text).unwrap_err().to_string();

    assert_eq!(add("[ req ]\nprompt = no\n"), "there is no section `[ alt_names ]`");
    assert_eq!(
        add("[ alt_names ]\nIP.1 = 127.0.0.1 \\\n"),
        "the line above the end of `[ alt_names ]` goes on"
    );
    assert_eq!(add(".include other.conf\n[ alt_names ]\n"), "line 1 includes another file");
    assert_eq!(add("[ alt_names\n"), "line 1, column 1: a section's name does not end with `]`");
}

#[test]
fn a_value_from_a_variable_is_not_guessed() {
    let error = names("[ alt_names ]\nIP.1 = $ENV::ADDRESS\n").unwrap_err();

    assert_eq!(error.to_string(), "line 2 takes `IP.1` from a variable");
}

/// A line that may stand in `[ alt_names ]`, as people and programs write them.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u16..130, any::<[u8; 4]>()).prop_map(|(key, ip)| format!("IP.{key} = {}", IpAddr::from(ip))),
        (0_u16..130, any::<[u8; 4]>())
            .prop_map(|(key, ip)| format!("  IP.{key}={}  # by hand", IpAddr::from(ip))),
        (3_u16..9, any::<[u8; 16]>()).prop_map(|(key, ip)| format!("IP.{key} =\t{}", IpAddr::from(ip))),
        (0_u16..30, "[a-z]{1,8}(\\.[a-z]{1,8}){0,2}").prop_map(|(key, dns)| format!("DNS.{key} = {dns}")),
        (0_u16..30, "[a-z]{1,8}").prop_map(|(key, dns)| format!("DNS.{key} = \"{dns}\" ")),
        (0_u16..9, "[a-z]{1,8}").prop_map(|(key, dns)| format!("alt_names::DNS.x{key} = {dns}")),
        "[a-z]{1,8}".prop_map(|name| format!("email.1 = {name}@example.com")),
        Just(String::new()),
        Just("#MOREIPS".to_owned()),
        Just("  #MOREIPS".to_owned()),
        Just("# a note \\".to_owned()),
        Just("# \"quoted' [ note ] = 1".to_owned()),
        Just("[ alt_names ] # again".to_owned()),
        Just("[other names]\nIP.7 = 10.0.0.7\n[alt_names]".to_owned()),
    ]
}

fn template() -> impl Strategy<Value = String> {
    (prop::collection::vec(line(), 0..12), any::<[bool; 4]>()).prop_map(|(lines, [crlf, bom, last, open])| {
        let shipped = fixture("without-mark.conf");
        let (before, after) = shipped.split_once("\n[ v3_ext ]").unwrap();
        let mut text = if bom { "\u{feff}".to_owned() } else { String::new() };
        if last {
            write!(text, "[ v3_ext ]{after}\n{before}").unwrap();
            text.extend(lines.iter().map(|line| format!("{line}\n")));
        } else {
            write!(text, "{before}{}\n\n[ v3_ext ]{after}", lines.join("\n")).unwrap();
        }
        let text = if open { text.trim_end_matches('\n').to_owned() } else { text };
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn taking_names_out_again_leaves_every_byte_as_it_was(text in template()) {
        let edit = Edit::AddNames(Names::listing(&wanted(), &text).unwrap());
        let Ok(edited) = edit.make(&text) else { return Ok(()) };

        prop_assert_eq!(names(&edited).unwrap(), names(&text).unwrap().union(&wanted()));
        prop_assert_eq!(edit.make(&edited).unwrap(), edited.clone());
        prop_assert_eq!(edit.inverse().make(&edited).unwrap(), text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]a-zIPDNS.=:# \\\\\"'$\\r\\né0-9]{0,120}") {
        let edit = Edit::AddNames(Names { entries: vec![("IP.101".into(), "10.0.0.1".parse().unwrap())] });
        for text in [text.clone(), format!("[ alt_names ]\n{text}")] {
            if let Ok(edited) = edit.make(&text) && edited != text {
                prop_assert_eq!(edit.inverse().make(&edited).unwrap(), text);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn generated_texts_are_read_as_openssl_reads_them(text in template()) {
        prop_assert_eq!(judged(&text), Some(names(&text).unwrap()));
    }
}
