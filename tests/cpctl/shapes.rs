//! What checks came to, in every shape: each is held against its own rules, by somebody else's reading where there is one.

use cpctl::{
    outcome::{Preflight, Shape},
    render,
    report::Severity,
};

use super::left_out::left_out;

mod annotations;
mod chromium;
mod metrics;
mod page;
mod sample;
pub mod schemas;
mod tap;
mod xml;

fn text(shape: Shape, preflight: &Preflight) -> String {
    let mut text = vec![];
    render::preflight(shape, preflight, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// All that may be told.
fn samples() -> [Preflight; 3] {
    [sample::preflight(), sample::healthy(), sample::unseen()]
}

fn tool(name: &str) -> bool {
    let is_there = std::env::var("CPCTL_LAB").as_deref() == Ok("1");
    if !is_there {
        left_out(&format!("needs `{name}`, which the lab's setup installs"));
    }
    is_there
}

#[test]
fn for_people_it_reads_as_it_did() {
    let shown: Vec<String> = samples().iter().map(|one| text(Shape::Text, one)).collect();

    insta::assert_snapshot!("text", shown.join("\n=====\n\n"));
}

#[test]
fn a_line_of_a_check_fits_a_narrow_terminal_however_many_nodes_there_are() {
    let told = text(Shape::Text, &sample::healthy());

    for line in told.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn the_verdict_goes_by_what_counts() {
    let verdict = |fail_on| {
        let told = text(Shape::Text, &Preflight { fail_on, ..sample::preflight() });
        told.lines().rev().nth(1).unwrap().to_owned()
    };

    assert_eq!(verdict(Some(Severity::Fail)), "fail something must be put right first");
    assert_eq!(verdict(None), "warn something is wrong, and was told not to count");
}

#[test]
fn every_other_shape_reads_as_it_did() {
    let sample = sample::preflight();

    for (name, shape) in [
        ("junit", Shape::Junit),
        ("github", Shape::Github),
        ("tap", Shape::Tap),
        ("prometheus", Shape::Prometheus),
    ] {
        insta::assert_snapshot!(name, text(shape, &sample));
    }
}

#[test]
fn no_shape_steers_a_terminal() {
    use Shape::{Github, Html, Json, Junit, Prometheus, Sarif, Tap, Text};

    for shape in [Text, Json, Junit, Sarif, Github, Tap, Prometheus, Html] {
        let told = text(shape, &sample::preflight());
        assert!(!told.chars().any(|letter| letter.is_control() && letter != '\n'), "{shape:?}: {told}");
    }
}
