//! Which names are names, and which host each answers to.

use super::*;

fn san(text: &str) -> San {
    text.parse().unwrap()
}

#[test]
fn every_spelling_of_a_name_is_one_name() {
    for (text, shown) in [
        ("API.Example.COM.", "api.example.com"),
        ("*.example.com", "*.example.com"),
        ("172.22.22.3", "172.22.22.3"),
        ("[fd00::0001]", "fd00::1"),
        ("FD00::1", "fd00::1"),
        ("cp2", "cp2"),
        ("_etcd.example.com", "_etcd.example.com"),
    ] {
        assert_eq!(san(text).to_string(), shown);
    }
}

#[test]
fn what_no_certificate_can_carry_is_refused_with_a_reason() {
    let long = "a".repeat(300);
    for (text, reason) in [
        ("", "an empty name"),
        (".", "an empty name"),
        ("*.10.0.0.1", "a wildcard in front of an address"),
        ("10.0.0.256", "not one"),
        ("10.0.0", "not one"),
        ("[::1", "no IPv6 address"),
        ("a..b", "a label is empty"),
        ("a.*.b", "only be the first label"),
        ("-a.b", "a hyphen"),
        ("a b", "a character other than"),
        (&long, "longer than the 253"),
        (&format!("{}.b", "a".repeat(64)), "longer than 63"),
    ] {
        let error = text.parse::<San>().unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn a_url_or_a_port_is_told_with_the_host_to_type() {
    for (text, host) in [
        ("https://h", "h"),
        ("https://h:6443/", "h"),
        ("h:6443", "h"),
        ("10.0.0.1:6443", "10.0.0.1"),
        ("[fd00::1]:6443", "fd00::1"),
    ] {
        let error = text.parse::<San>().unwrap_err();

        assert_eq!(error.to_string(), format!("`{text}` is more than a name"));
        assert_eq!(error.hint(), format!("give the host alone: `{host}`"));
    }
    for text in ["https://", "a b:1", "h:", "ab:cd:1"] {
        let error = text.parse::<San>().unwrap_err();

        assert!(!matches!(error, ParseSanError::MoreThanAName { .. }), "{error}");
    }
}

#[test]
fn a_wildcard_answers_for_exactly_one_label() {
    for (have, asked, answers) in [
        ("*.example.com", "api.example.com", true),
        ("*.example.com", "a.b.example.com", false),
        ("*.example.com", "example.com", false),
        ("api.example.com", "api.example.com", true),
        ("10.0.0.1", "10.0.0.1", true),
        ("10.0.0.1", "10.0.0.2", false),
    ] {
        assert_eq!(san(have).matches(&san(asked)), answers, "{have} {asked}");
    }
}

#[test]
fn sets_are_told_in_one_order() {
    let set: SanSet = ["10.0.0.1", "b", "a", "b"].into_iter().map(san).collect();

    assert_eq!(set.to_string(), "a, b, 10.0.0.1");
    assert_eq!(serde_json::to_string(&set).unwrap(), r#"["a","b","10.0.0.1"]"#);
    assert_eq!(set.missing_from(&[san("a")].into_iter().collect()).to_string(), "b, 10.0.0.1");
}
