//! Documents of every shape, made up: no byte outside the list changes.

use proptest::prelude::*;

use super::*;

/// A value as it may stand in a configuration, and what it means.
fn value() -> impl Strategy<Value = (String, String)> {
    let plain = "(10\\.0\\.0\\.[1-9]|[a-z][a-z0-9-]{0,5}\\.example|node1)";
    prop_oneof![
        plain.prop_map(|text| (text.clone(), text)),
        plain.prop_map(|text| (format!("'{text}'"), text)),
        "(fd00::[1-9]|\\*\\.x\\.example|10\\.1\\.0\\.[1-9])".prop_map(|text| (format!("\"{text}\""), text)),
    ]
}

fn comment() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just(" # why"), Just("  #, x] - y")]
}

/// The entry of the list in every shape, and its values.
fn list() -> impl Strategy<Value = (String, Vec<String>)> {
    let key = || prop_oneof![Just("tls-san"), Just("'tls-san'"), Just("\"tls-san\""), Just("tls-san ")];
    let values = || proptest::collection::vec((value(), comment()), 1..4);
    let means =
        |values: &[((String, String), &str)]| values.iter().map(|((_, value), _)| value.clone()).collect();
    prop_oneof![
        Just((String::new(), vec![])),
        (key(), comment()).prop_map(|(key, c)| (format!("{key}:{c}\n"), vec![])),
        (key(), value(), comment())
            .prop_map(|(key, (text, value), c)| (format!("{key}: {text}{c}\n"), vec![value])),
        (key(), values()).prop_map(move |(key, all)| {
            let texts: Vec<_> = all.iter().map(|((text, _), _)| text.as_str()).collect();
            (format!("{key}: [{}]{}\n", texts.join(", "), all[0].1), means(&all))
        }),
        (key(), values(), 1..4_usize).prop_map(move |(key, all, indent)| {
            let line =
                |((text, _), c): &((String, String), &str)| format!("{}{text},{c}\n", " ".repeat(indent));
            (format!("{key}: [\n{} ]\n", all.iter().map(line).collect::<String>()), means(&all))
        }),
        (key(), values(), 0..4_usize, comment()).prop_map(move |(key, all, indent, between)| {
            let pad = " ".repeat(indent);
            let line = |((text, _), c): &((String, String), &str)| format!("{pad}- {text}{c}\n{between}\n");
            (format!("{key}:\n{}", all.iter().map(line).collect::<String>()), means(&all))
        }),
    ]
}

/// Other entries of a document, which must stay.
fn others() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("token: s3cret # t\n"),
        Just("# - x\n"),
        Just("\n"),
        Just("tls-san+: [other]\n"),
        Just("node-label:\n  - tls-san=1 # [\n  - b\n"),
        Just("text: |\n  tls-san: x\n  - y\n"),
        Just("map: {tls-san: [no], b: &anchor c}\n"),
        Just("'quoted key': \"é 😀\"\n"),
    ];
    proptest::collection::btree_set(0..8_usize, 0..5).prop_flat_map(move |_| {
        proptest::collection::vec(line.clone(), 0..5).prop_map(|mut lines| {
            let mut seen = std::collections::BTreeSet::new();
            lines.retain(|line| {
                line.starts_with(['#', '\n']) || seen.insert(line.split(':').next().map(str::to_owned))
            });
            lines.concat()
        })
    })
}

fn read(text: &str) -> serde_json::Map<String, serde_json::Value> {
    match serde_saphyr::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(map)) => map,
        Ok(serde_json::Value::Null) | Err(_) => serde_json::Map::new(),
        Ok(other) => panic!("{other}"),
    }
}

proptest! {
    #[test]
    fn any_document_keeps_every_byte_outside_the_list(
        head in others(),
        (list, values) in list(),
        tail in "(zz: 1\n|# end\n|\n){0,2}",
        added in proptest::collection::vec("(new[0-9]\\.example|172\\.22\\.22\\.[1-9]|fd22::[1-9])", 1..4),
        is_crlf in any::<bool>(),
        is_open in any::<bool>(),
    ) {
        prop_assume!(tail.matches("zz").count() < 2);
        let endings = |text: &str| if is_crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let mut text = endings(&format!("{head}{list}{tail}"));
        if is_open {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        let (head, tail) = (endings(&head), endings(&tail));
        let edit = adding(&text, &["tls-san"], &added.iter().map(String::as_str).collect::<Vec<_>>(), Reading::Flag).unwrap();
        let after = edit.make(&text).unwrap();

        let mut want = values.clone();
        let Edit::AddToList(ListEdit { entries, .. }) = &edit else { unreachable!() };
        want.extend(entries.iter().cloned());
        let (mut was, mut is) = (read(&text), read(&after));
        was.remove("tls-san");
        let found = is.remove("tls-san").unwrap();
        prop_assert_eq!(found, serde_json::json!(want), "{}", after);
        prop_assert_eq!(was, is);
        prop_assert!(entries.iter().all(|entry| added.contains(entry)) && added.iter().all(|entry| want.contains(entry)));
        prop_assert!(list.is_empty() || after.starts_with(&head), "{}", after);
        prop_assert!(list.is_empty() || is_open || after.ends_with(&tail), "{}", after);
        prop_assert_eq!(edit.inverse().make(&after).unwrap(), text);
    }

    #[test]
    fn any_text_is_edited_or_refused(text in "(tls-san|a|: |:\n|\\{|\\}|\\[|\\]|,|\\n|  |- |\"|'|&x |\\*x|\\||>|#|!t |---\\n|\t|\r\n|<<|é|\u{feff}|\\? |\\.\\.\\.\n){0,24}") {
        if let Ok(edit) = adding(&text, &["tls-san"], &["x"], Reading::Flag) {
            let after = edit.make(&text).unwrap();
            prop_assert_eq!(edit.inverse().make(&after).unwrap(), text);
        }
    }

    #[test]
    fn any_nested_text_is_edited_or_refused(text in "(spec|api|sans|a|: |:\n|\\{|\\}|\\[|\\]|,|\\n|  |- |\"|#|~|\r\n){0,24}") {
        if let Ok(edit) = adding(&text, SANS, &["x"], Reading::List) {
            let after = edit.make(&text).unwrap();
            prop_assert_eq!(edit.inverse().make(&after).unwrap(), text);
        }
    }
}
