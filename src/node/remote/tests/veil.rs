//! Secrets of files, units and processes, which stay on their machine.

use std::collections::BTreeSet;

use proptest::{
    prelude::{Strategy, prop},
    strategy::ValueTree,
    test_runner::TestRunner,
};

use super::*;

/// What every secret of the texts holds, and nothing else of them.
pub(super) const MARK: &str = "s3cr3t";

pub(super) const TEXTS: [(&str, &str); 7] = [
    ("config.yaml", include_str!("veil/config.yaml")),
    ("kubeconfig.yaml", include_str!("veil/kubeconfig.yaml")),
    ("k3s.service", include_str!("veil/k3s.service")),
    ("k3s.service.env", include_str!("veil/k3s.service.env")),
    ("flags", include_str!("veil/flags")),
    ("pod.yaml", include_str!("veil/pod.yaml")),
    ("server.pem", include_str!("veil/server.pem")),
];

/// Machines with each shell, and those with each awk, as far as this machine has them.
fn machines() -> Vec<(String, Machine)> {
    let mut machines: Vec<_> =
        shells().into_iter().map(|shell| (shell.to_owned(), Machine::new(shell))).collect();
    for awk in ["mawk", "gawk", "original-awk", "busybox"] {
        let Some(at) =
            ["/bin", "/usr/bin"].map(|dir| Path::new(dir).join(awk)).into_iter().find(|at| at.exists())
        else {
            left_out(&format!("what stays on a machine with {awk}, because there is no {awk}"));
            continue;
        };
        let machine = Machine::new("sh");
        machine.program("awk", &format!("#!/bin/sh\nexec {} \"$@\"\n", called(&at)));
        machines.push((awk.to_owned(), machine));
    }
    machines
}

fn called(awk: &Path) -> String {
    let applet = if awk.ends_with("busybox") { " awk" } else { "" };
    format!("{}{applet}", awk.display())
}

fn seen(machine: &Machine, file: &Path) -> String {
    let answer = machine.node.look(&[Ask::File(file.to_owned())]).unwrap().remove(0);
    String::from_utf8(answer.bytes().expect("a file").to_vec()).unwrap()
}

#[test]
fn a_text_is_told_without_its_secrets_by_every_shell_and_awk() {
    for (name, text) in TEXTS {
        let told: BTreeSet<_> = machines()
            .into_iter()
            .map(|(_, mut machine)| {
                let file = machine.put(name, text.as_bytes());
                let told = seen(&machine, &file);
                let read = machine.one(Act::Read(file)).unwrap();
                assert_eq!(read.bytes(), Some(told.as_bytes()), "{name}");
                told
            })
            .collect();

        let [told] = &told.into_iter().collect::<Vec<_>>()[..] else { panic!("{name} is told in two ways") };
        assert!(!told.contains(MARK), "{name}: {told}");
        insta::assert_snapshot!(name, told);
    }
}

#[test]
fn what_is_written_has_the_secrets_that_the_file_holds_by_then() {
    for (tool, mut machine) in machines() {
        for (name, text) in TEXTS {
            let file = machine.put(name, text.as_bytes());
            let before = seen(&machine, &file);
            let after = format!("# one\n{}", before.replace("stays", "changed"));
            let write = Act::Write {
                path: file.clone(),
                before: Digest::of(before.as_bytes()),
                bytes: after.clone().into_bytes(),
            };
            let others = text.replace(MARK, "0ther-s3cr3t");
            super::write(&file, others.as_bytes());

            assert!(machine.one(write.clone()).unwrap() == Done::Done, "{tool} {name}");
            assert!(machine.one(write).unwrap() == Done::Already, "{tool} {name}");

            let expected = format!("# one\n{}", others.replace("stays", "changed"));
            assert_eq!(fs::read_to_string(&file).unwrap(), expected, "{tool} {name}");
        }
    }
}

#[test]
fn a_secret_that_is_rotated_in_the_very_moment_of_a_write_stays() {
    let mut machine = Machine::new("sh");
    let file = machine.put("config.yaml", b"token: s3cr3t\n");
    let before = seen(&machine, &file);
    // The secrets have been put into the copy by the time that it is brought to the disk.
    let rotated = format!("#!/bin/sh\nprintf 'token: 0ther\\n' >{}\nexec /bin/sync \"$@\"\n", file.display());
    machine.program("sync", &rotated);

    let write = Act::Write {
        path: file.clone(),
        before: Digest::of(before.as_bytes()),
        bytes: format!("{before}# more\n").into_bytes(),
    };

    assert!(matches!(machine.one(write), Err(node::Error::Drifted { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), "token: 0ther\n");
}

#[test]
fn a_kept_copy_goes_back_over_what_this_run_left_whatever_secrets_it_holds() {
    let mut machine = Machine::new("sh");
    let file = machine.put("config.yaml", TEXTS[0].1.as_bytes());
    let copy = machine.at("state/runs/1/config.yaml");
    let left = Digest::of(seen(&machine, &file).as_bytes());
    machine.one(Act::Keep { file: file.clone(), copy: copy.clone() }).unwrap();
    super::write(&file, TEXTS[0].1.replace(MARK, "0ther").as_bytes());

    let back = Act::PutBack { file: file.clone(), copy, kept: node::Kept::Surely, left: Some(left) };

    assert!(machine.one(back).unwrap() == Done::Done);
    assert_eq!(fs::read_to_string(&file).unwrap(), TEXTS[0].1);
}

#[test]
fn a_text_that_names_a_secret_which_is_gone_is_not_written() {
    let mut machine = Machine::new("sh");
    let file = machine.put("config.yaml", b"token: s3cr3t\n");
    let before = Digest::of(seen(&machine, &file).as_bytes());
    let bytes = b"token: secret-2-kept-here\n".to_vec();

    let error = machine.one(Act::Write { path: file.clone(), before, bytes }).unwrap_err();

    let node::Error::Deed { source, .. } = &error else { panic!("{error:?}") };
    assert_eq!(source.to_string(), format!("a secret is gone from {}", file.display()));
    assert_eq!(fs::read(&file).unwrap(), b"token: s3cr3t\n");
    assert_eq!(machine.names(), ["bin", "config.yaml", "run"]);
}

#[test]
fn a_long_line_without_a_space_is_no_burden() {
    let machine = Machine::new("sh");
    let text = format!("# k3s\n{}\n", "a".repeat(1_000_000));
    let file = machine.put("long", text.as_bytes());

    assert_eq!(seen(&machine, &file), text);
}

#[test]
fn what_holds_a_zero_byte_is_no_text() {
    let machine = Machine::new("sh");
    let file = machine.put("blob", b"token: a\0b\n");

    let answer = machine.node.look(&[Ask::File(file)]).unwrap().remove(0);

    assert_eq!(answer.bytes(), Some(&b"token: a\0b\n"[..]));
}

#[test]
fn a_secret_stays_where_what_looks_for_one_fails() {
    const TEXT: &str = "token: s3cr3t\nplain: a\n";
    for (program, status) in [("tr", 1), ("grep", 2)] {
        for shell in shells() {
            let mut machine = Machine::new(shell);
            let file = machine.put("config", TEXT.as_bytes());
            let told = seen(&machine, &file);
            machine.program(program, &format!("#!/bin/sh\nexit {status}\n"));

            assert_eq!(seen(&machine, &file), told, "{shell} {program}");
            let read = machine.one(Act::Read(file.clone())).unwrap();
            assert_eq!(read, Done::Read(Some(told.clone().into())), "{shell} {program}");
            let bytes = format!("{told}more: b\n").into_bytes();
            machine
                .one(Act::Write { path: file.clone(), before: Digest::of(told.as_bytes()), bytes })
                .unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), format!("{TEXT}more: b\n"), "{shell} {program}");
        }
    }
}

/// Pieces of texts that hold secrets, in any order, so that what begins is not always ended.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "token: ",
        "\"password\": ",
        "K3S_TOKEN=",
        "--token ",
        "--token=",
        "-t ",
        "k3s ",
        "a",
        "x y",
        "'",
        "\"",
        "\\",
        "\n",
        "\n",
        "\n  ",
        "\r\n",
        "- ",
        "{",
        "}",
        "[",
        ", ",
        "|",
        ">-",
        "&a ",
        "*a",
        "# ",
        "secret: ",
        "name: x_token\n",
        "value: ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "secret-1-kept-here",
        "secret-12-kept-here",
        "\t",
        "é",
        "client-key-data: QUJD",
        ":",
        "=",
    ]);
    prop::collection::vec(piece, 0..200).prop_map(|pieces| pieces.concat())
}

#[test]
fn any_text_comes_back_as_it_was() {
    const MANY: usize = 25;
    let mut runner = TestRunner::deterministic();
    for (tool, mut machine) in machines() {
        let texts: Vec<_> = (0..MANY).map(|_| pieces().new_tree(&mut runner).unwrap().current()).collect();
        let files: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(n, text)| machine.put(&format!("text-{n}"), text.as_bytes()))
            .collect();
        let asks: Vec<_> = files.iter().cloned().map(Ask::File).collect();
        let told = machine.node.look(&asks).unwrap();
        let writes: Vec<_> = told
            .iter()
            .zip(&files)
            .map(|(told, file)| {
                let told = told.bytes().unwrap();
                Act::Write {
                    path: file.clone(),
                    before: Digest::of(told),
                    bytes: [told, b"\n# the end"].concat(),
                }
            })
            .collect();

        machine.node.act(&writes).unwrap();

        for (file, text) in files.iter().zip(texts) {
            assert_eq!(fs::read_to_string(file).unwrap(), format!("{text}\n# the end"), "{tool}");
        }
    }
}
