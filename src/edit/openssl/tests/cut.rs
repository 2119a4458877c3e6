//! Lines taken out, and put back to the byte; OpenSSL itself says what is left.

use super::*;

#[test]
fn lines_that_list_a_name_go_and_come_back_where_they_stood() {
    let mut refused = vec![];
    for name in READABLE {
        let text = fixture(name);
        for removed in names(&text).unwrap().iter() {
            let Ok(cut) = Cut::of(&[removed.clone()].into_iter().collect(), &text) else {
                refused.push((name, removed.to_string()));
                continue;
            };
            let cut = Edit::Cut(cut);

            let left = cut.make(&text).unwrap();

            let gone = names(&text).unwrap().missing_from(&names(&left).unwrap());
            assert!(gone.contains(removed) && gone.len() == 1, "{name}: {removed}");
            assert_eq!(judged(&left).unwrap(), names(&left).unwrap(), "{name}: {removed}");
            assert_eq!(cut.make(&left).unwrap(), left, "{name}: {removed}");
            assert_eq!(cut.inverse().make(&left).unwrap(), text, "{name}: {removed}");
            assert_eq!(cut.inverse().make(&text).unwrap(), text, "{name}: {removed}");
        }
    }
    assert_eq!(refused, [("duplicate.conf", "172.22.22.4".to_owned())]);
}

#[test]
fn a_line_finds_its_place_again_among_what_others_changed_since() {
    let text = fixture("by-hand.conf");
    let cut = Edit::Cut(Cut::of(&set(&["127.0.0.1"]), &text).unwrap());
    let left = cut.make(&text).unwrap();
    let theirs = |text: &str| format!("# a note\n{text}");
    let without_neighbours = left.replace("DNS.", "# DNS.");
    let taken = left.replace("IP.2", "IP.1");

    assert_eq!(cut.inverse().make(&theirs(&left)).unwrap(), theirs(&text));
    let back = cut.inverse().make(&without_neighbours).unwrap();
    assert!(names(&back).unwrap().contains(&"127.0.0.1".parse().unwrap()), "{back}");
    assert_eq!(cut.inverse().make(&taken), Err(EditError::Neither));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn taking_lines_out_and_putting_them_back_leaves_every_byte_as_it_was(
        text in template(),
        picked in any::<u32>(),
    ) {
        let all = names(&text).unwrap();
        let removed: SanSet = all.iter().enumerate().filter(|(bit, _)| picked >> (bit % 32) & 1 == 1).map(|(_, name)| name.clone()).collect();
        let Ok(cut) = Cut::of(&removed, &text) else { return Ok(()) };
        let cut = Edit::Cut(cut);

        let left = cut.make(&text).unwrap();

        prop_assert_eq!(cut.state(&left).unwrap(), State::Made);
        prop_assert_eq!(names(&left).unwrap(), all.missing_from(&removed));
        prop_assert_eq!(cut.inverse().make(&left).unwrap(), text);
    }
}
