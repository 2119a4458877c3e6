//! Files that were not there, and the directory above them.

use super::*;
use crate::node::{Digest, run_directory};

const FILE: &str = "/etc/k3s.d/99.yaml";

fn create(path: &str, text: &str) -> Act {
    let mark = run_directory("r1").join("made");
    Act::Create { path: path.into(), mode: 0o640, bytes: text.into(), mark }
}

fn remove(text: &str) -> Act {
    let mark = run_directory("r1").join("made");
    Act::Remove { path: FILE.into(), made: Digest::of(text.as_bytes()), mark }
}

#[test]
fn a_file_is_made_with_its_directory_and_both_go_again() {
    let alone = Alone::new(Part::Joined);
    std::fs::create_dir(alone.machine.path(Path::new("/etc")).unwrap()).unwrap();

    let made = [(); 2].map(|()| alone.act(create(FILE, "ours")).unwrap());
    let refused = [create(FILE, "theirs"), remove("theirs")].map(|act| alone.act(act).unwrap_err());
    let text = alone.bytes(Path::new(FILE));
    let gone = [(); 2].map(|()| alone.act(remove("ours")).unwrap());

    assert!(made == [Done::Done, Done::Already] && gone == [Done::Done, Done::Already]);
    assert!(refused.iter().all(|error| matches!(error, Error::Drifted { .. })), "{refused:?}");
    assert_eq!(text, b"ours");
    assert!(!alone.machine.path(Path::new("/etc/k3s.d")).unwrap().exists());
}

#[test]
fn more_than_one_missing_directory_is_not_made() {
    let alone = Alone::new(Part::Joined);

    assert!(matches!(alone.act(create("/nowhere/at/all", "x")), Err(Error::Deed { .. })));
    assert!(!alone.machine.path(Path::new("/nowhere")).unwrap().exists());
}
