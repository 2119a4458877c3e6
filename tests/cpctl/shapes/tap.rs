//! TAP, read as its fourteenth version is written.

use cpctl::outcome::Shape;

use super::{sample, samples, text};

/// A test point: whether it is ok, and its directive.
fn points(told: &str) -> Vec<(bool, Option<String>)> {
    let mut lines = told.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan: usize = lines.next().and_then(|line| line.strip_prefix("1..")).unwrap().parse().unwrap();
    let (mut points, mut diagnosis): (Vec<(bool, Option<String>)>, Option<String>) = (vec![], None);
    for line in lines {
        if let Some(text) = &mut diagnosis {
            if line == "  ..." {
                let read: serde_json::Value = serde_saphyr::from_str(text).unwrap();
                assert!(!read["findings"].as_array().unwrap().is_empty());
                diagnosis = None;
            } else {
                text.push_str(line.strip_prefix("  ").unwrap());
                text.push('\n');
            }
        } else if line == "  ---" {
            diagnosis = Some(String::new());
        } else {
            points.push(point(line, points.len() + 1));
        }
    }
    assert_eq!((points.len(), diagnosis), (plan, None));
    points
}

fn point(line: &str, number: usize) -> (bool, Option<String>) {
    let (is_ok, rest) = match line.strip_prefix("not ") {
        Some(rest) => (false, rest),
        None => (true, line),
    };
    let rest = rest.strip_prefix(&format!("ok {number} - ")).unwrap_or_else(|| panic!("{line}"));
    // An escaped letter begins nothing.
    let plain = rest.replace("\\\\", "").replace("\\#", "");
    let directive = plain.split_once('#').map(|(_, directive)| directive.trim().to_owned());
    if let Some(directive) = &directive {
        assert!(directive.starts_with("SKIP ") || directive.starts_with("TODO "), "{line}");
    }
    (is_ok, directive)
}

#[test]
fn there_is_a_point_for_each_check_and_it_says_what_it_came_to() {
    for sample in samples() {
        let points = points(&text(Shape::Tap, &sample));

        assert_eq!(points.len(), sample.rows.len());
        let failed = points.iter().filter(|(is_ok, directive)| !is_ok && directive.is_none()).count();
        assert_eq!(failed > 0, sample.is_failed());
    }
}

#[test]
fn what_is_accepted_is_known_to_fail_and_what_was_not_looked_at_is_skipped() {
    let told = points(&text(Shape::Tap, &sample::preflight()));
    let of = |word: &str| {
        let meant = |(_, directive): &&(bool, Option<String>)| {
            directive.as_ref().is_some_and(|directive| directive.starts_with(word))
        };
        told.iter().filter(meant).map(|(is_ok, _)| *is_ok).collect::<Vec<_>>()
    };

    assert_eq!(of("TODO"), [false]);
    assert!(!of("SKIP").is_empty() && of("SKIP").iter().all(|is_ok| *is_ok));
}
