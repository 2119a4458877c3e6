//! Entries come and go, and every other byte stays.

use super::*;
use crate::edit::Edit;

mod generated;

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
