//! Files that were not there, and the directory above them.

use super::*;

fn create(machine: &Machine, name: &str, bytes: &[u8]) -> Act {
    Act::Create {
        path: machine.at(name),
        mode: 0o640,
        bytes: bytes.into(),
        mark: machine.at("state/runs/1/made"),
    }
}

fn remove(machine: &Machine, name: &str, bytes: &[u8]) -> Act {
    Act::Remove { path: machine.at(name), made: Digest::of(bytes), mark: machine.at("state/runs/1/made") }
}

fn mode(path: PathBuf) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn a_file_is_made_whole_with_its_directory_and_both_go_again() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let (make, take) = (
            create(&machine, "conf.d/it's 50.yaml", &bytes),
            remove(&machine, "conf.d/it's 50.yaml", &bytes),
        );

        let made = machine.node.act(&[make.clone(), make.clone()]).unwrap();
        let found = fs::read(machine.at("conf.d/it's 50.yaml")).unwrap();
        let modes = [mode(machine.at("conf.d/it's 50.yaml")), mode(machine.at("conf.d"))];
        let inside = fs::read_dir(machine.at("conf.d")).unwrap().count();
        let gone = machine.node.act(&[take.clone(), take]).unwrap();

        assert!(made == [Done::Done, Done::Already], "{shell}");
        assert!(found == bytes && modes == [0o640, 0o755] && inside == 1, "{shell} {modes:?} {inside}");
        assert!(gone == [Done::Done, Done::Already], "{shell}");
        assert_eq!(machine.names(), ["bin", "run", "state"], "{shell}");
        assert_eq!(fs::read_dir(machine.at("state/runs/1")).unwrap().count(), 0);
    }
}

#[test]
fn a_file_whose_digest_cannot_be_told_is_not_said_to_have_drifted_and_stays() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let file = machine.put("a", b"x");
        machine.program("sha256sum", "#!/bin/sh\nexit 1\n");

        for act in [create(&machine, "a", b"x"), remove(&machine, "a", b"x")] {
            let error = machine.one(act).unwrap_err();

            assert!(matches!(error, node::Error::Deed { .. }), "{shell}: {error:?}");
            assert_eq!(fs::read(&file).unwrap(), b"x", "{shell}");
        }
    }
}

#[test]
fn a_directory_that_was_there_or_that_others_use_since_stays() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        fs::create_dir(machine.at("theirs")).unwrap();
        let acts = [
            create(&machine, "theirs/a", b"x"),
            remove(&machine, "theirs/a", b"x"),
            create(&machine, "ours/a", b"x"),
        ];
        machine.node.act(&acts).unwrap();
        machine.put("ours/b", b"theirs");

        machine.one(remove(&machine, "ours/a", b"x")).unwrap();

        assert_eq!(fs::read(machine.at("ours/b")).unwrap(), b"theirs", "{shell}");
        assert_eq!(machine.names(), ["bin", "ours", "run", "state", "theirs"], "{shell}");
    }
}

#[test]
fn a_place_that_is_taken_is_refused_in_either_direction() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        machine.put("file", b"theirs");
        symlink("nowhere", machine.at("dangling")).unwrap();
        symlink("file", machine.at("link")).unwrap();

        for name in ["file", "dangling", "link"] {
            for act in [create(&machine, name, b"ours"), remove(&machine, name, b"ours")] {
                let error = machine.one(act).unwrap_err();
                assert!(matches!(error, node::Error::Drifted { .. }), "{shell} {name} {error:?}");
            }
        }

        assert_eq!(fs::read(machine.at("file")).unwrap(), b"theirs");
        assert_eq!(machine.names(), ["bin", "dangling", "file", "link", "run"], "{shell}");
    }
}

#[test]
fn a_file_that_appears_at_the_last_moment_is_not_replaced() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let path = machine.at("file");
        let late = format!("#!/bin/sh\nprintf theirs >'{}'\nexec /bin/chmod \"$@\"\n", path.display());
        machine.program("chmod", &late);

        let error = machine.one(create(&machine, "file", b"ours")).unwrap_err();

        assert!(matches!(error, node::Error::Drifted { .. }), "{shell} {error:?}");
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(machine.names(), ["bin", "file", "run"], "{shell}");
    }
}

#[test]
fn more_than_one_missing_directory_is_not_made() {
    for shell in shells() {
        let mut machine = Machine::new(shell);

        let error = machine.one(create(&machine, "a/b/file", b"x")).unwrap_err();

        assert!(matches!(error, node::Error::Deed { deed, .. } if deed.starts_with("create ")), "{shell}");
        assert!(!machine.at("a").exists() && !machine.at("state/runs/1/made").exists());
    }
}

#[test]
fn what_a_killed_run_left_half_made_is_taken_away() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        machine.one(create(&machine, "conf.d/file", b"x")).unwrap();
        fs::rename(machine.at("conf.d/file"), machine.at("conf.d/.file.cpctl")).unwrap();

        let again = machine.node.act(&[create(&machine, "conf.d/file", b"x")]).unwrap();
        fs::rename(machine.at("conf.d/file"), machine.at("conf.d/.file.cpctl")).unwrap();
        machine.one(remove(&machine, "conf.d/file", b"x")).unwrap();

        assert!(again == [Done::Done], "{shell}");
        assert_eq!(machine.names(), ["bin", "run", "state"], "{shell}");
    }
}
