//! Annotations, as a runner of GitHub reads them.

use std::collections::BTreeMap;

use cpctl::outcome::Shape;

use super::{sample, text};

/// A command with its properties and its message, each as it was meant.
struct Annotation {
    command: String,
    properties: BTreeMap<String, String>,
    message: String,
}

fn decoded(text: &str) -> String {
    [("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%25", "%")]
        .iter()
        .fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant))
}

fn read(line: &str) -> Option<Annotation> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (command, properties) = head.split_once(' ')?;
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), decoded(value))
    };
    let properties = properties.split(',').map(pair).collect();
    Some(Annotation { command: command.into(), properties, message: decoded(message) })
}

#[test]
fn each_finding_that_counts_is_one_annotation_with_its_place() {
    let sample = sample::preflight();
    let told = text(Shape::Github, &sample);

    let annotations: Vec<Annotation> = told.lines().filter_map(read).collect();

    assert_eq!(annotations.len(), sample.findings().count(), "{told}");
    for (annotation, finding) in annotations.iter().zip(sample.findings()) {
        let is_known = ["error", "warning", "notice"].contains(&annotation.command.as_str());
        let message = finding.message.replace('\u{1b}', "\\u{1b}");
        assert!(is_known && annotation.message.starts_with(&message), "{told}");
        let line = finding.at.as_ref().map(|at| at.line.to_string());
        assert_eq!(annotation.properties.get("line"), line.as_ref());
        let file = line.map(|_| finding.subject.clone());
        assert_eq!(annotation.properties.get("file"), file.as_ref());
        assert_eq!(annotation.properties["title"], format!("{}: {}", finding.subject, finding.code.id()));
    }
    assert!(told.contains("file=accepted%2C by all.yaml,"), "{told}");
}

#[test]
fn what_is_found_gives_the_runner_no_command_of_its_own() {
    let told = text(Shape::Github, &sample::preflight());

    let others = told.lines().filter(|line| read(line).is_none());

    assert!(others.clone().count() >= 3, "accepted ones, numbers and the verdict");
    for line in others {
        assert!(!line.contains("::"), "{line}");
    }
}
