//! Metrics, read as strictly as Prometheus' text format is written.

use std::collections::BTreeSet;

use cpctl::outcome::Shape;

use super::{sample, samples, text};

/// Every series with its value; each family stands together, below what it is.
fn series(told: &str) -> Vec<(String, f64)> {
    assert!(told.ends_with('\n'));
    let (mut family, mut families, mut seen, mut series) = ("", BTreeSet::new(), BTreeSet::new(), vec![]);
    let mut lines = told.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            family = help.split_once(' ').unwrap().0;
            assert!(families.insert(family), "{family} stands together");
            assert_eq!(lines.next(), Some(&*format!("# TYPE {family} gauge")));
            continue;
        }
        let (labelled, value) = line.rsplit_once(' ').unwrap();
        let labels = labelled.strip_prefix(family).unwrap_or_else(|| panic!("{line} is of {family}"));
        labels_are_right(labels);
        assert!(seen.insert(labelled.to_owned()), "{line} stands there twice");
        series.push((labelled.to_owned(), value.parse().unwrap()));
    }
    series
}

fn labels_are_right(labels: &str) {
    let Some(mut rest) = labels.strip_prefix('{') else {
        assert_eq!(labels, "");
        return;
    };
    loop {
        let (name, value) = rest.split_once("=\"").unwrap();
        assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'), "{name}");
        let mut escaped = false;
        let end = value.find(|letter| {
            let is_end = letter == '"' && !escaped;
            assert!(!escaped || matches!(letter, '\\' | '"' | 'n'), "{value}");
            escaped = letter == '\\' && !escaped;
            is_end
        });
        rest = &value[end.unwrap() + 1..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => break,
        }
    }
    assert_eq!(rest, "}", "{labels}");
}

#[test]
fn metrics_are_read_and_none_is_there_twice() {
    for sample in samples() {
        let series = series(&text(Shape::Prometheus, &sample));

        let passed = series.iter().find(|(name, _)| name == "cpctl_preflight_passed").unwrap();
        assert_eq!(passed.1 > 0.5, !sample.is_failed());
    }
}

#[test]
fn what_was_found_twice_of_a_file_is_one_series() {
    let series = series(&text(Shape::Prometheus, &sample::preflight()));
    let value = |part: &str| series.iter().find(|(name, _)| name.contains(part)).map(|(_, value)| *value);

    assert_eq!(value("code=\"server-twice\""), Some(2.0));
    assert_eq!(value("subject=\"cp1\",accepted=\"true\""), Some(1.0));
    assert_eq!(value("node=\"cp2\",place=\"wire\""), Some(1795176000.0));
}
