//! One scalar changes, and every other byte stays.

use proptest::prelude::*;

use super::*;

fn server(name: &str) -> Vec<Segment> {
    vec![
        Segment::Key("clusters".into()),
        Segment::Named(name.into()),
        Segment::Key("cluster".into()),
        Segment::Key("server".into()),
    ]
}

fn key(name: &str) -> Vec<Segment> {
    vec![Segment::Key(name.into())]
}

fn refusal(text: &str, path: Vec<Segment>) -> String {
    ScalarEdit::to(text, path, "new").unwrap_err().to_string()
}

#[test]
fn the_scalar_changes_and_nothing_else() {
    for (before, after) in [
        ("a: old # why\n", "a: new # why\n"),
        ("a: 'old'", "a: 'new'"),
        ("\"a\": \"old\"\r\nb: 1\r\n", "\"a\": \"new\"\r\nb: 1\r\n"),
        ("\u{feff}a: old\n", "\u{feff}a: new\n"),
        ("ключ: 😀 # é\na:\n  old\n", "ключ: 😀 # é\na:\n  new\n"),
        ("{a: old, x: [1, 2]}", "{a: new, x: [1, 2]}"),
        ("{\n\t\"a\": \"old\"\n}", "{\n\t\"a\": \"new\"\n}"),
        ("a: &unused old\nb: 1\n", "a: &unused new\nb: 1\n"),
        ("---\na: old\n...\n", "---\na: new\n...\n"),
        ("b: &x old\na: *x\n", "b: &x old\na: new\n"),
        ("a: old\n  and more\nb: 1\n", "a: new\nb: 1\n"),
        ("? a\n: old\n", "? a\n: new\n"),
    ] {
        let edit = ScalarEdit::to(before, key("a"), "new").unwrap();

        assert_eq!(edit.make(before).unwrap(), after);
        assert_eq!(edit.make(after).unwrap(), after);
        assert_eq!(edit.inverse().make(after).unwrap(), before);
    }
}

#[test]
fn what_cannot_be_changed_alone_is_refused_with_the_line() {
    for (text, reason) in [
        ("a: 1\nb: 2\na: 3\n", "`a` stands there twice, in lines 1 and 3; leave one"),
        ("a: &x old\nb: *x\n", "line 1: `a` is an anchor that is used elsewhere"),
        ("a: |\n  old\n", "line 2: `a` is a block of lines"),
        ("a: >-\n  old\n", "line 2: `a` is a block of lines"),
        ("a: !!str old\n", "line 1: `a` has a tag"),
        ("a:\nb: 1\n", "line 1: `a` has no value"),
        ("a: ~\n", "line 1: `a` has no value"),
        ("a: [old]\n", "line 1: `a` is not a single value"),
        ("b: &x [old]\na: *x\n", "line 2: `a` is not a plain value"),
        ("b: 1\n", "there is no `a`"),
        ("", "there is no document in it"),
        ("# nothing\n", "there is no document in it"),
        ("just words\n", "there is no `a`"),
        ("x: &x {a: old}\n<<: *x\n", "line 1: `a` may come from a merge key (`<<`), which is shared"),
        (
            "a: old\n---\na: old\n",
            "it holds 2 YAML documents, of which clients read the first alone; leave one in the file",
        ),
        ("b: &x [*x]\na: old\n", "line 1: an alias stands for the very thing that holds it"),
    ] {
        assert_eq!(refusal(text, key("a")), reason, "{text}");
    }
}

#[test]
fn shared_or_tagged_ways_are_refused() {
    for (text, reason) in [
        ("b: &c [{name: x, cluster: {server: s}}]\nclusters: *c\n", "is an alias of line 1"),
        ("clusters: &c [{name: x, cluster: {server: s}}]\nb: *c\n", "is an anchor that is used elsewhere"),
        ("clusters: !!seq [{name: x, cluster: {server: s}}]\n", "has a tag"),
        ("clusters: [{name: x, cluster: {server: s}}, {name: x}]\n", "`x` stands in `clusters` twice"),
        ("clusters: [{name: x, name: x, cluster: {server: s}}]\n", "`x` has a second `name`"),
        ("clusters: [{name: y, cluster: {server: s}}]\n", "there is no `clusters[x]`"),
        ("clusters: {x: {server: s}}\n", "there is no `clusters[x]`"),
    ] {
        let told = refusal(text, server("x"));

        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn text_that_is_not_yaml_is_told_by_line_and_column() {
    for text in ["a: old\n\tb: 1\n", "a: \"old\n", "a: [old\n", "a: *nowhere\n", "a: b: c\n"] {
        assert!(matches!(ScalarEdit::to(text, key("a"), "new"), Err(EditError::Syntax { .. })), "{text}");
    }
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = String::from("a: old\nb0: &b0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let below = format!("*b{}", level - 1);
        text += &format!("b{level}: &b{level} [{}]\n", [below.as_str(); 10].join(", "));
    }

    assert!(refusal(&text, key("a")).contains("the aliases, written out, are too many"));
}

#[test]
fn more_comments_than_a_parser_would_keep_do_no_harm() {
    let text = format!("{}a: old\n", "# b: 1\n".repeat(5_000));

    let edit = ScalarEdit::to(&text, key("a"), "new").unwrap();

    assert_eq!(edit.make(&text).unwrap(), text.replace("old", "new"));
}

#[test]
fn a_value_of_somebody_else_is_neither() {
    let edit = ScalarEdit::to("a: old\n", key("a"), "new").unwrap();

    assert_eq!(edit.state("a: 'old'\n"), Ok(State::NotMade));
    assert_eq!(edit.state("a: \"new\"\n"), Ok(State::Made));
    assert_eq!(edit.state("a: other\n"), Ok(State::Neither));
    assert_eq!(edit.make("a: other\n"), Err(EditError::Neither));
}

#[test]
fn an_edit_taken_back_leaves_what_others_wrote_since() {
    let edit = ScalarEdit::to("b: &x old\na: *x\n", key("a"), "new").unwrap();

    assert_eq!(edit.inverse().make("c: 1\nb: &x old\na: new # c\n").unwrap(), "c: 1\nb: &x old\na: *x # c\n");
}

#[test]
fn an_alias_whose_anchor_changed_is_taken_back_as_the_value_it_had() {
    let edit = ScalarEdit::to("b: &x old\na: *x\n", key("a"), "new").unwrap();

    assert_eq!(edit.inverse().make("b: &x other\na: new\n").unwrap(), "b: &x other\na: old\n");
    assert_eq!(edit.inverse().make("b: gone\na: new\n").unwrap(), "b: gone\na: old\n");
}

#[test]
fn a_recorded_text_that_means_more_than_its_value_is_not_put_in() {
    let mut edit = ScalarEdit::to("a: old\n", key("a"), "new").unwrap();
    edit.to.text = "new\nb: 1".into();

    assert_eq!(edit.make("a: old\n").unwrap(), "a: new\n");
}

proptest! {
    #[test]
    fn any_text_is_edited_in_one_place_or_refused(text in "(a|b|server|: |\\{|\\}|\\[|\\]|,|\\n|  |- |\"|'|&x |\\*x|\\||>|#|!t |---\\n|\t|\r\n|<<|é|\u{feff}|\\? ){0,24}") {
        prop_assume!(!text.is_empty());
        if let Ok(edit) = ScalarEdit::to(&text, key("a"), "https://[fd00::1]:1") {
            let after = edit.make(&text).unwrap();
            prop_assert_eq!(edit.inverse().make(&after).unwrap(), text);
        }
    }

    #[test]
    fn any_value_is_read_back_as_it_was_given(
        value in proptest::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
        style in 0..4_usize,
    ) {
        let text = ["a: old\n", "a: 'old'\n", "a: \"old\"\n", "{a: old, b: 1}\n"][style];

        let edit = ScalarEdit::to(text, key("a"), &value).unwrap();
        let after = edit.make(text).unwrap();

        let read: serde_json::Value = serde_saphyr::from_str(&after).unwrap();
        prop_assert_eq!(read["a"].as_str(), Some(value.as_str()));
        prop_assert_eq!(edit.inverse().make(&after).unwrap(), text);
    }
}
