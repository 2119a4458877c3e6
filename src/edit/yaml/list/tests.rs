//! Entries come and go, and every other byte stays.

use proptest::prelude::*;

use super::*;
use crate::edit::Edit;

const SANS: &[&str] = &["spec", "api", "sans"];

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn adding(text: &str, path: &[&str], entries: &[&str], reading: Reading) -> Result<Edit, EditError> {
    ListEdit::adding(text, path, &strings(entries), reading).map(Edit::AddToList)
}

fn refusal(text: &str, path: &[&str], reading: Reading) -> String {
    adding(text, path, &["x"], reading).unwrap_err().to_string()
}

#[test]
fn entries_are_added_in_the_shape_that_is_there_and_taken_out_again() {
    for (before, after) in [
        ("", "tls-san:\n  - x\n  - \"::1\"\n"),
        ("# c", "# c\ntls-san:\n  - x\n  - \"::1\""),
        ("a: 1\n", "a: 1\ntls-san:\n  - x\n  - \"::1\"\n"),
        ("a: 1", "a: 1\ntls-san:\n  - x\n  - \"::1\""),
        ("a: 1\r\n", "a: 1\r\ntls-san:\r\n  - x\r\n  - \"::1\"\r\n"),
        ("---\na: 1 # c\n...\n", "---\na: 1 # c\ntls-san:\n  - x\n  - \"::1\"\n...\n"),
        ("{a: 1}\n", "{a: 1, tls-san: [x, \"::1\"]}\n"),
        ("{}", "{tls-san: [x, \"::1\"]}"),
        ("{\"a\": 1}", "{\"a\": 1, \"tls-san\": [\"x\", \"::1\"]}"),
        ("tls-san:\nb: 1\n", "tls-san: [x, \"::1\"]\nb: 1\n"),
        ("tls-san: # c\nb: 1\n", "tls-san: [x, \"::1\"] # c\nb: 1\n"),
        ("tls-san: ~ # c\n", "tls-san: [x, \"::1\"] # c\n"),
        ("{\"tls-san\": null}", "{\"tls-san\": [\"x\", \"::1\"]}"),
        ("tls-san: a # c\n", "tls-san: [a, x, \"::1\"] # c\n"),
        ("tls-san: fd00::1 # c\n", "tls-san: [\"fd00::1\", x, \"::1\"] # c\n"),
        ("'tls-san': 'a'\n", "'tls-san': ['a', 'x', '::1']\n"),
        ("tls-san: \"a,b\"\r\n", "tls-san: \"a,b,x,::1\"\r\n"),
        ("tls-san: a,b\n", "tls-san: a,b,x,::1\n"),
        ("tls-san: [a, 'b'] # c\n", "tls-san: [a, 'b', 'x', '::1'] # c\n"),
        ("tls-san: []\n", "tls-san: [x, \"::1\"]\n"),
        ("tls-san: [ ]\n", "tls-san: [x, \"::1\" ]\n"),
        ("tls-san: [a, ]\n", "tls-san: [a, x, \"::1\", ]\n"),
        ("tls-san: [\n  a # c\n]\n", "tls-san: [\n  a, x, \"::1\" # c\n]\n"),
        ("tls-san:\n- a\nb: 1\n", "tls-san:\n- a\n- x\n- \"::1\"\nb: 1\n"),
        (
            "tls-san: # c\n  # d\n  - a # e\n\n  # f\n  - \"b\" # g\n  # h\nb: 1\n",
            "tls-san: # c\n  # d\n  - a # e\n\n  # f\n  - \"b\" # g\n  - \"x\"\n  - \"::1\"\n  # h\nb: 1\n",
        ),
        ("tls-san:\n    - a", "tls-san:\n    - a\n    - x\n    - \"::1\""),
        ("tls-san:\r\n- a\r\n", "tls-san:\r\n- a\r\n- x\r\n- \"::1\"\r\n"),
        ("tls-san:\n-\n  a\n", "tls-san:\n-\n  a\n- x\n- \"::1\"\n"),
        ("b: &b v\ntls-san: [*b]\n", "b: &b v\ntls-san: [*b, x, \"::1\"]\n"),
        ("tls-san+: a\ntls-san: [b]\n", "tls-san+: a\ntls-san: [b, x, \"::1\"]\n"),
        ("b: |\n  text\n\n", "b: |\n  text\n\ntls-san:\n  - x\n  - \"::1\"\n"),
        ("b: |+\n  text\n\n", "b: |+\n  text\n\ntls-san:\n  - x\n  - \"::1\"\n"),
    ] {
        let edit = adding(before, &["tls-san"], &["x", "::1"], Reading::Flag)
            .unwrap_or_else(|error| panic!("{before:?}: {error}"));

        assert_eq!(edit.make(before).unwrap(), after);
        assert_eq!(edit.make(after).unwrap(), after, "made already");
        assert_eq!(edit.inverse().make(after).unwrap(), before);
        assert_eq!(edit.inverse().make(before).unwrap(), before, "taken back already");
    }
}

#[test]
fn a_list_below_other_keys_is_made_with_those_that_are_missing() {
    for (before, after) in [
        ("", "spec:\n  api:\n    sans:\n      - x\n"),
        ("spec:\n  api:\n    port: 1\nb: 1\n", "spec:\n  api:\n    port: 1\n    sans:\n      - x\nb: 1\n"),
        ("spec:\n   a: 1\n", "spec:\n   a: 1\n   api:\n     sans:\n       - x\n"),
        ("spec: {api: {externalAddress: v}}\n", "spec: {api: {externalAddress: v, sans: [x]}}\n"),
        ("spec: {}\n", "spec: {api: {sans: [x]}}\n"),
        ("spec:\n  api:\n  b: 1\n", "spec:\n  api: {sans: [x]}\n  b: 1\n"),
        ("spec:\n", "spec: {api: {sans: [x]}}\n"),
        ("spec: null\n", "spec: {api: {sans: [x]}}\n"),
        ("spec:\n  api:\n    sans:\n    - a\n", "spec:\n  api:\n    sans:\n    - a\n    - x\n"),
    ] {
        let edit =
            adding(before, SANS, &["x"], Reading::List).unwrap_or_else(|error| panic!("{before:?}: {error}"));

        assert_eq!(edit.make(before).unwrap(), after);
        assert_eq!(edit.make(after).unwrap(), after);
        assert_eq!(edit.inverse().make(after).unwrap(), before);
    }
}

#[test]
fn what_cannot_be_changed_alone_is_refused_with_the_line() {
    for (text, reason) in [
        ("tls-san: a\nb: 1\ntls-san: c\n", "`tls-san` stands there twice, in lines 1 and 3; leave one"),
        ("tls-san: &x [a]\nb: *x\n", "line 1: `tls-san` is an anchor that is used elsewhere"),
        ("b: &x [a]\ntls-san: *x\n", "line 2: `tls-san` is an alias of line 1, so it is shared"),
        ("tls-san: !!seq [a]\n", "line 1: `tls-san` has a tag"),
        ("tls-san: |\n  a\n", "line 2: `tls-san` is a block of lines"),
        ("tls-san: {a: b}\n", "line 1: `tls-san` is not a list"),
        ("tls-san: [[a]]\n", "line 1: an entry of the list is not a single value"),
        ("tls-san:\n- a\n-\n", "line 3: an entry of the list is not a single value"),
        (
            "x: &x {tls-san: a}\n<<: *x\n",
            "line 2: `tls-san` may come from a merge key (`<<`), which is shared",
        ),
        ("a: 1\n---\nb: 1\n", "it holds 2 YAML documents; leave one in the file"),
        ("words\n", "line 1: the document is not a map"),
        ("- a\n", "line 1: the document is not a map"),
    ] {
        let told = refusal(text, &["tls-san"], Reading::Flag);

        assert!(told == reason || (told.contains("merge key") && reason.contains("merge key")), "{told}");
    }
    assert_eq!(
        refusal("spec: {api: {sans: a}}\n", SANS, Reading::List),
        "line 1: `spec.api.sans` is not a list"
    );
    assert_eq!(refusal("spec: [a]\n", SANS, Reading::List), "line 1: `spec` is not a map");
}

#[test]
fn tabs_that_indent_are_told_by_line_and_column() {
    for text in ["tls-san:\n\t- a\n", "a: 1\n\tb: 1\n"] {
        let refused = adding(text, &["tls-san"], &["x"], Reading::Flag);

        assert!(
            matches!(&refused, Err(EditError::Syntax { message, .. }) if message.contains("tab")),
            "{refused:?}"
        );
    }
}

#[test]
fn entries_that_are_there_are_not_added_again() {
    for text in ["tls-san: a,x\n", "tls-san: [x]\n", "tls-san:\n- a\n- x\n", "tls-san: 'x'\n"] {
        let edit = ListEdit::adding(text, &["tls-san"], &strings(&["x"]), Reading::Flag).unwrap();

        assert!(edit.is_empty(), "{text}");
    }
    let edit = ListEdit::adding("tls-san: [x]\n", &["tls-san"], &strings(&["x", "y", "y"]), Reading::Flag);

    assert_eq!(edit.unwrap().entries, ["y"]);
}

#[test]
fn what_others_wrote_since_stays() {
    for (before, since, after) in [
        ("", "tls-san:\n  - x\n  - theirs\n", "tls-san:\n  - theirs\n"),
        ("a: 1\n", "a: 1\ntls-san:\n  - theirs # c\n  - x\nb: 1\n", "a: 1\ntls-san:\n  - theirs # c\nb: 1\n"),
        ("tls-san: a\n", "tls-san: [a, x, theirs]\n", "tls-san: [a, theirs]\n"),
        ("tls-san: a\n", "tls-san: [x, theirs]\n", "tls-san: [theirs]\n"),
        ("tls-san: a,b\n", "tls-san: a,b,x,theirs\n", "tls-san: a,b,theirs\n"),
        ("tls-san: 'a,b'\n", "tls-san: 'x,a'\n", "tls-san: 'a'\n"),
        ("tls-san: [a]\n", "tls-san: [a, # theirs\n  x]\n", "tls-san: [a # theirs\n  ]\n"),
        ("tls-san: [a]\n", "tls-san: [x]\n", "tls-san: []\n"),
        ("tls-san:\n- a\n", "tls-san:\n- x\n", "tls-san:\n"),
        ("a: 1\n", "a: 1\n", "a: 1\n"),
        ("a: 1\n", "a: 1\ntls-san:\n  # theirs\n  - x\n", "a: 1\n  # theirs\n"),
    ] {
        let edit = adding(before, &["tls-san"], &["x"], Reading::Flag).unwrap();

        assert_eq!(edit.inverse().make(since).unwrap(), after, "{since}");
    }
}

#[test]
fn keys_that_others_use_since_stay() {
    let edit = adding("a: 1\n", SANS, &["x"], Reading::List).unwrap();
    let since = "a: 1\nspec:\n  api:\n    sans:\n      - x\n    port: 1\n";

    assert_eq!(edit.inverse().make(since).unwrap(), "a: 1\nspec:\n  api:\n    port: 1\n");
}

#[test]
fn a_text_of_another_shape_than_was_planned_is_neither() {
    let edit = adding("tls-san: a\n", &["tls-san"], &["x", "y"], Reading::Flag).unwrap();

    for text in ["tls-san: [a]\n", "tls-san: b\n", "a: 1\n", "tls-san: [a, x]\n"] {
        assert_eq!(edit.state(text), Ok(State::Neither), "{text}");
        assert_eq!(edit.make(text), Err(EditError::Neither), "{text}");
    }
    assert_eq!(edit.state("tls-san: [y, x]\n"), Ok(State::Made));
    assert_eq!(edit.state("tls-san: a # c\n"), Ok(State::NotMade));
}

#[test]
fn an_edit_tells_what_it_does() {
    let edit = adding("", SANS, &["x", "::1"], Reading::List).unwrap();

    assert_eq!(edit.to_string(), "add x, ::1 to `spec.api.sans`");
    assert_eq!(edit.inverse().to_string(), "remove x, ::1 from `spec.api.sans`");
    let saved = serde_json::to_string(&edit).unwrap();
    assert_eq!(serde_json::from_str::<Edit>(&saved).unwrap(), edit);
}

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
