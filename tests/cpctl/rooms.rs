//! Who may use whom: the `use crate::` lines of every room, held against the table.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Each room, and the rooms that it may use. Arrows go down only; tests may use what they like.
const TABLE: &[(&str, &[&str])] = &[
    (
        "command",
        &[
            "api",
            "apply",
            "balancer",
            "cert",
            "check",
            "cli",
            "distro",
            "endpoint",
            "error",
            "front",
            "inventory",
            "journal",
            "kubeconfig",
            "node",
            "operator",
            "outcome",
            "plan",
            "probe",
            "rehearse",
            "report",
            "san",
            "watch",
            "world",
        ],
    ),
    (
        "render",
        &[
            "apply", "cert", "edit", "endpoint", "error", "node", "operator", "outcome", "plan", "probe",
            "report", "san", "watch",
        ],
    ),
    ("cli", &["endpoint", "report", "san"]),
    ("operator", &["apply", "error", "outcome", "watch"]),
    (
        "error",
        &[
            "api",
            "apply",
            "balancer",
            "cert",
            "endpoint",
            "inventory",
            "journal",
            "node",
            "outcome",
            "plan",
            "report",
            "san",
        ],
    ),
    ("outcome", &["cert", "check", "endpoint", "node", "plan", "probe", "report", "san", "watch"]),
    ("machines", &["node", "plan", "rehearse", "world"]),
    (
        "apply",
        &[
            "api", "cert", "check", "edit", "endpoint", "front", "journal", "node", "plan", "probe",
            "report", "rollout", "world",
        ],
    ),
    ("front", &["api", "check", "endpoint", "probe", "san", "world"]),
    ("rollout", &["api", "cert", "endpoint", "plan", "probe", "world"]),
    ("world", &["node", "probe"]),
    ("inventory", &["api", "distro", "endpoint", "node"]),
    ("watch", &["api", "endpoint"]),
    ("check", &["api", "cert", "endpoint", "node", "probe", "report", "san"]),
    ("distro", &["cert", "edit", "endpoint", "node", "plan", "probe", "report", "san"]),
    ("balancer", &["cert", "edit", "endpoint", "kubeconfig", "node", "plan", "report", "san"]),
    ("kubeconfig", &["edit", "endpoint", "plan", "report", "san"]),
    ("rehearse", &["endpoint", "node", "san"]),
    ("journal", &["node", "plan"]),
    ("plan", &["cert", "edit", "endpoint", "node", "san"]),
    ("api", &["cert", "endpoint", "probe", "san"]),
    ("probe", &["cert", "endpoint", "san"]),
    ("report", &[]),
    ("edit", &["san"]),
    ("endpoint", &["san"]),
    ("cert", &["san"]),
    ("san", &[]),
    ("node", &[]),
];

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let table: BTreeMap<&str, &[&str]> = TABLE.iter().copied().collect();
    let (mut faults, mut arrows) = (vec![], BTreeSet::new());

    for file in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let room = room(&file);
        if ["lib", "main"].contains(&room.as_str()) {
            continue;
        }
        let allowed = table
            .get(room.as_str())
            .unwrap_or_else(|| panic!("{room} is a room that the table does not know"));
        for used in used(&fs::read_to_string(&file).unwrap()) {
            arrows.insert((room.clone(), used.clone()));
            if used != room && !allowed.contains(&used.as_str()) {
                faults.push(format!("{} uses {used}", file.display()));
            }
        }
    }

    assert_eq!(faults, Vec::<String>::new());
    for (room, uses) in TABLE {
        for used in *uses {
            assert!(
                arrows.contains(&((*room).to_owned(), (*used).to_owned())),
                "{room} no longer uses {used}"
            );
        }
    }
}

#[test]
fn the_table_has_no_circle_and_no_room_that_is_not_there() {
    let rooms: BTreeSet<String> = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")))
        .iter()
        .map(|file| room(file))
        .collect();

    for (index, (room, uses)) in TABLE.iter().enumerate() {
        assert!(rooms.contains(*room), "{room} is not there");
        for used in *uses {
            let at = TABLE
                .iter()
                .position(|(room, _)| room == used)
                .unwrap_or_else(|| panic!("{used} has no row"));
            assert!(at > index, "{room} uses {used}, which stands above it");
        }
    }
}

#[test]
fn only_apply_and_the_machines_themselves_can_change_a_machine() {
    let may = ["apply", "machines", "node", "rehearse", "world"];

    for file in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let text = fs::read_to_string(&file).unwrap();
        if !may.contains(&room(&file).as_str()) {
            assert!(!text.contains("NodeMut"), "{} names NodeMut", file.display());
            assert!(!text.contains(".reach.connect("), "{} takes hold of a machine", file.display());
        }
    }
}

fn room(file: &Path) -> String {
    let src = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let first = file.strip_prefix(src).unwrap().components().next().unwrap();
    Path::new(first.as_os_str()).file_stem().unwrap().to_string_lossy().into_owned()
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            found.push(path);
        }
    }
    found
}

fn is_test(path: &Path) -> bool {
    let below_src = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    below_src.components().any(|part| part.as_os_str() == "tests")
        || path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

/// The rooms behind every `crate::` of a source, grouped imports taken apart; tests may use what they like.
fn used(source: &str) -> BTreeSet<String> {
    let source = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(source);
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(heads(group)),
            None => found.extend(head(rest)),
        }
    }
    found
}

/// The first word of each member of `{a::b, c::{d, e}, f}`.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (0, 0, vec![]);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.extend(head(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(head(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn head(text: &str) -> Option<String> {
    let word: String =
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    word.starts_with(|c: char| c.is_ascii_lowercase()).then_some(word)
}
