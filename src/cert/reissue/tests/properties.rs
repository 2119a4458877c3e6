//! What holds for any certificate.

use proptest::prelude::*;

use super::*;
use crate::san::San;

fn shape() -> impl Strategy<Value = Shape> {
    let host = "[a-z]{1,8}\\.[a-z]{2,30}";
    let dns = proptest::collection::vec(host, 0..12);
    let addresses = proptest::collection::vec(any::<std::net::IpAddr>().prop_map(|ip| ip.to_string()), 0..6);
    let mail = proptest::collection::vec("[a-z]{1,8}@[a-z]{1,8}\\.example", 0..3);
    (dns, addresses, mail, any::<bool>(), any::<bool>()).prop_map(
        |(dns, addresses, mail, is_critical, is_unlinked)| Shape {
            dns,
            addresses,
            mail,
            is_critical,
            is_unlinked,
        },
    )
}

fn wish() -> impl Strategy<Value = SanSet> {
    let dns = "[a-z]{1,8}\\.[a-z]{2,8}".prop_map(|name| name.parse().unwrap());
    let address = any::<std::net::IpAddr>().prop_map(San::Ip);
    proptest::collection::vec(prop_oneof![dns, address], 0..8).prop_map(SanSet::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_certificate_made_anew_is_the_old_one_with_more_names(old in shape(), adds in wish()) {
        let old = leaf(&EC, &old);

        let new = reissued(&old, &EC, &adds);

        prop_assert!(verifies(&new, &EC));
        prop_assert_eq!(&new.sans, &old.sans.union(&adds));
        let order = new.names_in_order();
        prop_assert_eq!(&order[..old.names_in_order().len()], &old.names_in_order()[..]);
        prop_assert_eq!(other_names(&new), other_names(&old));
        prop_assert_eq!(extensions_but(&new, &[SAN_ID]), extensions_but(&old, &[SAN_ID]));
        let is_critical = |cert: &ServingCert| {
            extensions_but(cert, &[]).into_iter().find(|(id, ..)| id == SAN_ID).is_some_and(|found| found.1)
        };
        prop_assert_eq!(is_critical(&new), is_critical(&old));
        prop_assert_eq!(&new.public_key, &old.public_key);
        let subject = |cert: &ServingCert| X509::from_der(&cert.der).unwrap().subject_name().to_der().unwrap();
        prop_assert_eq!(subject(&new), subject(&old));
    }

    #[test]
    fn any_certificate_made_anew_without_some_names_is_the_old_one_without_them(
        old in shape(),
        picked in any::<u32>(),
        adds in wish(),
    ) {
        let old = leaf(&EC, &old);
        let is_picked = |(index, _): &(usize, &San)| picked >> (index % 32) & 1 == 1;
        let gone: SanSet = old.sans.iter().enumerate().filter(is_picked).map(|(_, name)| name.clone()).collect();
        let adds = adds.missing_from(&gone);
        prop_assume!(!old.sans.union(&adds).missing_from(&gone).is_empty());

        let new = made(&old, &EC, &adds, &gone).unwrap();

        prop_assert!(verifies(&new, &EC));
        prop_assert_eq!(&new.sans, &old.sans.union(&adds).missing_from(&gone));
        prop_assert_eq!(other_names(&new), other_names(&old));
        prop_assert_eq!(extensions_but(&new, &[SAN_ID]), extensions_but(&old, &[SAN_ID]));
        let kept: Vec<_> = old.names_in_order().into_iter().filter(|name| !gone.contains(name)).collect();
        prop_assert_eq!(&new.names_in_order()[..kept.len()], &kept[..]);
    }

    #[test]
    fn no_damage_to_the_old_certificate_makes_drafting_panic(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        static GOOD: LazyLock<ServingCert> = LazyLock::new(|| leaf(&EC, &usual()));
        let mut old = GOOD.clone();
        for (index, byte) in damage {
            let at = index.index(old.der.len());
            old.der[at] = byte;
        }

        let _ = draft(&old, &EC, &names(&["172.22.22.3"]));
    }

    #[test]
    fn every_byte_around_the_first_block_stays(
        before in "([ -,.-~]{0,30}\n){0,3}",
        after in "(\r?\n[ -,.-~]{0,30}){0,3}",
        is_chained in any::<bool>(),
        is_crlf in any::<bool>(),
    ) {
        static MADE: LazyLock<(Draft, ServingCert, Vec<u8>)> = LazyLock::new(|| {
            let old = leaf(&EC, &usual());
            let draft = draft(&old, &EC, &names(&["172.22.22.3"])).unwrap();
            let signature = signature(&draft, &EC);
            (draft, old, signature)
        });
        let (draft, old, signature) = &*MADE;
        let chain = if is_chained { EC.cert.to_pem() } else { String::new() };
        let file = |cert: &ServingCert| {
            let text = format!("{before}{}{chain}{after}", cert.to_pem());
            if is_crlf { text.replace('\n', "\r\n") } else { text }
        };

        let made = draft.put_into(file(old).as_bytes(), signature).unwrap();

        let new = ServingCert::all_from_pem(&made).unwrap();
        prop_assert_eq!(String::from_utf8(made).unwrap(), file(&new[0]));
        prop_assert_eq!(new.len(), 1 + usize::from(is_chained));
    }
}
