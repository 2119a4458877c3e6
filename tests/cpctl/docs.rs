//! What is written about the program, held against the program.

use std::{fs, path::Path};

use clap::{CommandFactory, Parser};
use cpctl::{cli::Cli, inventory::Inventory, report::Code};

use super::harness::{Cpctl, Ran};

const SHELLS: [(&str, &str); 5] = [
    ("bash", "cpctl.bash"),
    ("zsh", "_cpctl"),
    ("fish", "cpctl.fish"),
    ("powershell", "_cpctl.ps1"),
    ("elvish", "cpctl.elv"),
];

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of a Markdown text in one language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    markdown.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or(rest).to_owned()).collect()
}

#[test]
fn every_command_in_the_readme_is_one_that_the_program_takes() {
    let readme = text("README.md");
    let lines: Vec<String> = blocks(&readme, "sh")
        .iter()
        .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();

    let commands: Vec<_> = lines.iter().filter(|line| line.starts_with("cpctl ")).collect();

    assert!(commands.len() >= 6, "the README shows the main job and the way back");
    for line in commands {
        Cli::try_parse_from(line.split_whitespace()).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn the_readme_has_two_commands_and_ci_calls_the_second() {
    let readme = text("README.md");
    let first: Vec<String> = blocks(&readme, "sh").into_iter().take(2).collect();

    assert_eq!(first, ["cargo run --release -- rehearse\n", "./test\n"]);
    let ci: Vec<String> =
        text(".ci/run").lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(ci, ["exec ./test"]);
}

#[test]
fn the_inventory_in_the_readme_is_one() {
    let readme = text("README.md");
    let block = blocks(&readme, "yaml").remove(0);

    let inventory = Inventory::parse("README.md".into(), &block).unwrap();

    assert_eq!(inventory.nodes.len(), 2);
    assert_eq!(inventory.endpoint.unwrap().to_string(), "172.22.22.3:16443");
}

#[test]
fn the_completions_are_those_that_the_program_prints() {
    let home = tempfile::tempdir().unwrap();
    for (shell, file) in SHELLS {
        let ran = Cpctl::at_home(home.path()).run(&["completions", shell]).exits(0);

        assert_eq!(ran.stderr, "");
        assert!(
            text(&format!("completions/{file}")) == ran.stdout,
            "write it anew: cpctl completions {shell} > completions/{file}"
        );
    }
}

#[test]
fn the_help_of_every_verb_reads_as_it_did() {
    let home = tempfile::tempdir().unwrap();
    for path in verbs(&Cli::command(), &mut vec![]) {
        let mut args: Vec<&str> = path.iter().map(String::as_str).collect();
        args.push("--help");

        let Ran { code, stdout, stderr } = Cpctl::at_home(home.path()).run(&args);

        assert_eq!((code, stderr.as_str()), (0, ""), "{path:?}");
        insta::assert_snapshot!(format!("help {}", path.join(" ")).trim(), stdout);
    }
}

/// The words that lead to each verb, the program itself first.
fn verbs(command: &clap::Command, path: &mut Vec<String>) -> Vec<Vec<String>> {
    let mut found = vec![path.clone()];
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        path.push(verb.get_name().to_owned());
        found.extend(verbs(verb, path));
        path.pop();
    }
    found
}

#[test]
fn every_file_starts_with_what_it_is_for_and_leaves_nothing_for_later() {
    let mut stack = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            assert!(source.starts_with("//! "), "{}", path.display());
            for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "allow(dead_code)"] {
                assert!(!source.contains(word), "{} holds {word}", path.display());
            }
        }
    }
}

#[test]
fn every_code_is_written_as_a_script_would_match_it() {
    for code in Code::ALL {
        assert!(
            code.id().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{}",
            code.id()
        );
    }
}
