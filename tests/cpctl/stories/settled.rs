//! What a terminal shows, with what differs from run to run named instead.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What differs wherever it stands.
static CHANGING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b\d{8}-\d{6}-[0-9a-z]{4}\b", "RUN"),
        (r"\b([0-9a-f]{64}|[0-9a-f]{16})\b", "DIGEST"),
        (r"\b\d{4}-\d\d-\d\d( \d\d:\d\d)?\b", "DATE"),
        (r"\b[0-9A-F]{40}\b", "SERIAL"),
        ("[ \t]+", " "),
    ]
    .map(|(what, name)| (Regex::new(what).unwrap(), name))
    .into()
});

/// The lines that count or measure; of those only what is nought is held.
static COUNTING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(handshakes took|fresh connections|requests to|n[1-3]: [0-9]+ connections)").unwrap()
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(\.\d+)?( (ms|s|min)\b)?").unwrap());

pub fn settled(shown: &str) -> String {
    shown.trim_end().lines().map(|line| settled_line(line) + "\n").collect()
}

fn settled_line(line: &str) -> String {
    let name = |line: String, (what, name): &(Regex, &str)| what.replace_all(&line, *name).into_owned();
    let named = CHANGING.iter().fold(line.to_owned(), name);
    match COUNTING.is_match(&named) {
        true => NUMBER.replace_all(&named, nought_or_some).into_owned(),
        false => named,
    }
}

fn nought_or_some(number: &Captures<'_>) -> String {
    let is_nought = number[0].chars().all(|letter| !('1'..='9').contains(&letter));
    if is_nought { "0".to_owned() } else { "#".to_owned() }
}

#[test]
fn what_differs_from_run_to_run_is_the_same_and_nothing_else_is() {
    for (one, other) in [
        (
            "to take it back: cpctl undo 20261122-042135-3grf",
            "to take it back: cpctl undo 20261123-052135-aaaa",
        ),
        ("handshakes took: endpoint 103 ms, n1 53 ms", "handshakes took: endpoint 9 ms, n1 1.2 s"),
        (
            "requests to 1.2.3.4:1 meanwhile: 379 sent, 0 failed",
            "requests to 1.2.3.4:1 meanwhile: 9 sent, 0 failed",
        ),
        ("n1   172.22.22.11:1  d7b46a06b335a975", "n1  172.22.22.11:1 61ede45a8ffa3c24"),
        (
            "fresh connections: 15 made: d7b46a06b335a975 15",
            "fresh connections: 15 made: 61ede45a8ffa3c24 15",
        ),
    ] {
        assert_eq!(settled(one), settled(other));
    }
    for (one, other) in [
        (
            "requests to 1.2.3.4:1 meanwhile: 9 sent, 0 failed",
            "requests to 1.2.3.4:1 meanwhile: 9 sent, 1 failed",
        ),
        ("15 of 15 fresh connections", "10 of 15 fresh connections"),
        ("an idle connection ends after 30s", "an idle connection ends after 60s"),
    ] {
        assert_ne!(settled(one), settled(other));
    }
}
