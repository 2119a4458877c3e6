//! What becomes of one certificate and another.

use super::*;
use crate::cert;

#[test]
fn every_kind_of_key_that_can_be_used_signs_what_openssl_accepts() {
    for (key, algorithm) in [
        (rsa(2048), "1.2.840.113549.1.1.11"),
        (ec(Nid::X9_62_PRIME256V1), "1.2.840.10045.4.3.2"),
        (ec(Nid::SECP384R1), "1.2.840.10045.4.3.3"),
        (ec(Nid::SECP521R1), "1.2.840.10045.4.3.4"),
    ] {
        let authority = authority(key, "lab CA");
        let old = leaf(&authority, &usual());

        let new = reissued(&old, &authority, &names(&["172.22.22.3"]));

        assert!(verifies(&new, &authority), "{algorithm}");
        let (_, parsed) = X509Certificate::from_der(&new.der).unwrap();
        assert_eq!(parsed.signature_algorithm.algorithm.to_id_string(), algorithm);
        assert_eq!(parsed.tbs_certificate.signature, parsed.signature_algorithm);
    }
}

#[test]
fn names_are_appended_and_the_rest_is_as_it_was() {
    let old = leaf(&EC, &usual());

    let new = reissued(&old, &EC, &names(&["172.22.22.3", "fd00::3", "api.example.com", "kubernetes"]));

    let order: Vec<_> = new.names_in_order().iter().map(ToString::to_string).collect();
    let old_names = ["kubernetes", "kubernetes.default", "10.32.0.1", "127.0.0.1"];
    assert_eq!(order, [&old_names[..], &["api.example.com", "172.22.22.3", "fd00::3"]].concat());
    assert_eq!((new.subject, new.issuer, new.public_key), (old.subject, old.issuer, old.public_key));
    assert_eq!(new.serial, "fedcba");
    assert_eq!(new.not_before.to_string(), "2026-11-21T12:00:00Z");
    assert_eq!(new.not_after.to_string(), "2027-11-21T12:00:00Z");
}

#[test]
fn a_certificate_without_names_gets_them() {
    let old = leaf(&EC, &Shape::default());

    let new = reissued(&old, &EC, &names(&["172.22.22.3"]));
    let renewed = reissued(&old, &EC, &SanSet::default());

    assert_eq!(new.sans, names(&["172.22.22.3"]));
    assert_eq!(extensions_but(&new, &[SAN_ID]), extensions_but(&old, &[]));
    assert_eq!(extensions_but(&renewed, &[]), extensions_but(&old, &[]), "no name, no extension");
    assert!(verifies(&new, &EC) && verifies(&renewed, &EC));
}

#[test]
fn names_that_are_taken_out_go_and_the_others_stay_in_their_order() {
    let old = leaf(&EC, &Shape { mail: vec!["ann@example.com".into()], ..usual() });
    let gone = names(&["kubernetes.default", "127.0.0.1", "never.example"]);

    let new = made(&old, &EC, &SanSet::default(), &gone).unwrap();

    let order: Vec<_> = new.names_in_order().iter().map(ToString::to_string).collect();
    assert_eq!(order, ["kubernetes", "10.32.0.1"]);
    assert_eq!(other_names(&new), other_names(&old));
    assert_eq!(extensions_but(&new, &[SAN_ID]), extensions_but(&old, &[SAN_ID]));
    assert!(verifies(&new, &EC));
    let error = made(&old, &EC, &SanSet::default(), &old.sans).unwrap_err();
    assert_eq!(error.to_string(), "it would carry no name");
}

#[test]
fn a_ca_made_anew_under_its_name_is_pointed_at_by_its_own_identifier() {
    let newer = authority(ec(Nid::X9_62_PRIME256V1), "lab CA");
    let old = leaf(&EC, &usual());

    let new = reissued(&old, &newer, &names(&["172.22.22.3"]));

    assert!(verifies(&new, &newer));
    assert_eq!(extensions_but(&new, &[SAN_ID, AKI_ID]), extensions_but(&old, &[SAN_ID, AKI_ID]));
    assert_ne!(extensions_but(&new, &[SAN_ID]), extensions_but(&old, &[SAN_ID]));
}

#[test]
fn the_end_is_never_later_than_that_of_the_ca() {
    let old = leaf(&EC, &usual());
    let (adds, serial) = (SanSet::default(), Serial::new(&[9]).unwrap());
    let terms = |not_before: &str| Terms {
        authority: &EC.cert,
        adds: &adds,
        removes: SanSet::none(),
        serial: &serial,
        not_before: not_before.parse().unwrap(),
        not_after: "2200-01-01T00:00:00Z".parse().unwrap(),
    };

    let draft = Draft::of(&old, &terms("2050-01-01T00:00:00Z")).unwrap();
    let made = draft.assemble(&signature(&draft, &EC)).unwrap();
    let refused = Draft::of(&old, &terms("2100-01-01T00:00:00Z"));

    let new = ServingCert::from_der(&made).unwrap();
    assert_eq!(new.not_before.to_string(), "2050-01-01T00:00:00Z");
    assert_eq!(new.not_after, EC.cert.not_after);
    assert!(matches!(refused, Err(Error::NeverValid { .. })));
}

#[test]
fn what_cannot_be_made_anew_is_refused_in_words() {
    let old = leaf(&EC, &usual());
    let mut first = builder(0, 7, &LEAF, "lab CA", "kubernetes");
    first.sign(&EC.key, MessageDigest::sha256()).unwrap();
    let first = ServingCert::from_der(&first.build().to_der().unwrap()).unwrap();
    let edwards = authority(PKey::generate_ed25519().unwrap(), "lab CA");
    let koblitz = authority(ec(Nid::SECP256K1), "lab CA");
    let other = authority(ec(Nid::X9_62_PRIME256V1), "front-proxy CA");
    for (old, authority, reason) in [
        (&first, &*EC, "it is an X.509 certificate of version 1, which carries no names"),
        (&old, &edwards, "the CA's key is Ed25519; RSA and ECDSA with P-256, P-384 or P-521 can be used"),
        (
            &old,
            &koblitz,
            "the CA's key is ECDSA secp256k1; RSA and ECDSA with P-256, P-384 or P-521 can be used",
        ),
        (
            &old,
            &other,
            "`O=Kubernetes, CN=lab CA` signed it, and the CA is `O=Kubernetes, CN=front-proxy CA`",
        ),
    ] {
        let error = draft(old, authority, &SanSet::default()).unwrap_err();

        assert_eq!(error.to_string(), reason);
    }
}

#[test]
fn an_rsa_key_for_pss_alone_is_refused() {
    let plain = rsa(2048).public_key_to_der().unwrap();
    let (from, to) = (b"\x01\x01\x01\x05\x00", b"\x01\x01\x0a\x05\x00");
    let at = plain.windows(from.len()).position(|window| window == from).unwrap();
    let pss = [&plain[..at], to, &plain[at + to.len()..]].concat();

    let error = Scheme::of(&pss).unwrap_err();

    assert!(error.to_string().starts_with("the CA's key is RSA-PSS;"), "{error}");
    assert_eq!(Scheme::of(&plain).unwrap().digest, "sha256");
}

#[test]
fn a_serial_number_is_positive_new_and_has_at_most_twenty_octets() {
    let old = leaf(&EC, &usual());
    for (octets, is_good) in [
        (&[][..], false),
        (&[0, 0], false),
        (&[0, 1], true),
        (&[0x7f; 20], true),
        (&[0x80; 20], false),
        (&[0x80; 19], true),
        (&[1; 21], false),
    ] {
        assert_eq!(Serial::new(octets).is_ok(), is_good, "{octets:?}");
    }
    let terms = Terms {
        authority: &EC.cert,
        adds: &SanSet::default(),
        removes: SanSet::none(),
        serial: &Serial::new(&[0, 7]).unwrap(),
        not_before: "2026-11-21T12:00:00Z".parse().unwrap(),
        not_after: "2027-11-21T12:00:00Z".parse().unwrap(),
    };
    assert!(matches!(Draft::of(&old, &terms), Err(Error::SameSerial)));
}

#[test]
fn a_signature_of_another_key_does_not_count() {
    let old = leaf(&EC, &usual());
    let other = authority(ec(Nid::X9_62_PRIME256V1), "lab CA");
    let draft = draft(&old, &EC, &names(&["172.22.22.3"])).unwrap();
    let pem = old.to_pem().into_bytes();

    for wrong in [signature(&draft, &other), b"no signature".to_vec(), vec![]] {
        assert!(matches!(draft.put_into(&pem, &wrong), Err(Error::Signature)));
    }
}

#[test]
fn a_file_is_the_old_one_the_new_one_or_refused() {
    let old = leaf(&EC, &usual());
    let draft = draft(&old, &EC, &names(&["172.22.22.3"])).unwrap();
    let made = draft.put_into(old.to_pem().as_bytes(), &signature(&draft, &EC)).unwrap();
    let theirs = reissued(&old, &EC, &names(&["theirs.example"])).to_pem();
    let mut forged = ServingCert::all_from_pem(&made).unwrap().remove(0).der;
    *forged.last_mut().unwrap() ^= 1;

    assert!(!draft.is_made(old.to_pem().as_bytes()).unwrap());
    assert!(draft.is_made(&made).unwrap());
    for other in [theirs.into_bytes(), cert::pem::write(&forged).into_bytes()] {
        assert!(matches!(draft.is_made(&other), Err(Error::Replaced)));
    }
    assert!(matches!(draft.is_made(b"key"), Err(Error::Unreadable(cert::Error::Empty))));
}

#[test]
fn a_draft_is_saved_and_read_back() {
    let old = leaf(&EC, &usual());
    let draft = draft(&old, &EC, &names(&["172.22.22.3"])).unwrap();

    let saved = serde_json::to_string(&draft).unwrap();
    let back: Draft = serde_json::from_str(&saved).unwrap();
    let spoilt = serde_json::from_str::<Draft>(&saved.replace("\"signer\":\"", "\"signer\":\"AAAA"));

    assert_eq!(back, draft);
    assert!(spoilt.is_err());
}
