//! What is written about the program, held against the program.

use std::{fs, path::Path};

use clap::{CommandFactory, Parser};
use cpctl::{cli::Cli, inventory::Inventory, report::Code};

use super::{
    desk::Desk,
    harness::{Cpctl, Ran},
};

mod blocks;
mod findings;
mod man;
mod pages;

const SHELLS: [(&str, &str); 5] = [
    ("bash", "cpctl.bash"),
    ("zsh", "_cpctl"),
    ("fish", "cpctl.fish"),
    ("powershell", "_cpctl.ps1"),
    ("elvish", "cpctl.elv"),
];

pub fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of a Markdown text in one language.
pub fn blocks(markdown: &str, language: &str) -> Vec<String> {
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

/// The lines that start cpctl in the block that holds `line`.
fn block_with(line: &str) -> Vec<String> {
    let blocks = blocks(&text("README.md"), "sh");
    let block =
        blocks.iter().find(|block| block.contains(line)).unwrap_or_else(|| panic!("no block holds {line}"));
    block.lines().map(str::to_owned).collect()
}

#[test]
fn the_main_job_of_the_readme_does_what_it_says_and_so_does_the_way_back() {
    let desk = Desk::new();
    let (host, endpoint) = (desk.cluster.endpoint().host.to_string(), desk.endpoint());
    let play = |line: &str| {
        // The balancer of a rehearsal has a port of its own, and nobody sits there to say yes.
        let line =
            line.replace("--to 172.22.22.3", &format!("--to {endpoint}")).replace("172.22.22.3", &host);
        let mut words: Vec<&str> = line.split_whitespace().skip(1).collect();
        if ["certs", "undo"].contains(&words[0]) {
            words.push("--yes");
        }
        desk.run(&words).exits(0)
    };

    desk.run(&["verify"]).exits(1);
    let ran: Vec<Ran> = block_with("cpctl certs add-san").iter().map(|line| play(line)).collect();
    assert_eq!(ran.len(), 3);
    assert!(ran[0].stdout.contains("done on cp1, cp2, cp3"), "{}", ran[0].shown());
    assert!(fs::read_to_string(desk.kubeconfig()).unwrap().contains(&format!("server: https://{endpoint}")));

    let ran: Vec<Ran> = block_with("cpctl undo").iter().map(|line| play(line)).collect();
    assert_eq!(ran[0].stdout.matches(" done ").count(), 2, "{}", ran[0].shown());
    assert!(ran[1].stdout.contains("no run is unfinished"), "{}", ran[1].shown());
    assert!(ran[2].stdout.contains("taken back in"), "{}", ran[2].shown());
    assert!(!fs::read_to_string(desk.kubeconfig()).unwrap().contains(&endpoint));
}

#[test]
fn the_readme_has_a_row_for_every_verb_and_no_other() {
    let readme = text("README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("The verbs")).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `cpctl ")?.split('`').next());
    let told: Vec<Vec<String>> = rows
        .map(|row| {
            let is_word =
                |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
            row.split(' ').take_while(is_word).map(str::to_owned).collect()
        })
        .collect();

    let is_leaf = |path: &&Vec<String>, all: &[Vec<String>]| {
        !all.iter().any(|other| other.len() > path.len() && other.starts_with(path))
    };
    let all = verbs(&Cli::command(), &mut vec![]);
    let mut verbs: Vec<_> = all.iter().filter(|path| is_leaf(path, &all)).cloned().collect();
    verbs.sort();
    let mut told = told;
    told.sort();
    assert_eq!(told, verbs);
}

#[test]
fn a_word_short_of_a_verb_shows_the_help() {
    let home = tempfile::tempdir().unwrap();
    for words in [&[][..], &["certs"], &["kubeconfig"], &["endpoint"], &["lb"]] {
        let help = Cpctl::at_home(home.path()).run(&[words, &["-h"]].concat()).exits(0);

        let ran = Cpctl::at_home(home.path()).run(words);

        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr), (2, "", help.stdout), "{words:?}");
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
        insta::assert_snapshot!([&["help".to_owned()], &path[..]].concat().join("-"), stdout);
    }
}

/// The words that lead to each verb, the program itself first.
fn verbs(command: &clap::Command, path: &mut Vec<String>) -> Vec<Vec<String>> {
    let mut found = vec![path.clone()];
    let told = |verb: &&clap::Command| verb.get_name() != "help" && !verb.is_hide_set();
    for verb in command.get_subcommands().filter(told) {
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

#[test]
fn every_test_that_the_comparison_names_is_there() {
    let page = text("docs/comparison.md");
    let named: Vec<_> = page.split('`').filter_map(|word| word.split_once(".rs::")).collect();

    let is_missing = |(file, name): &&(&str, &str)| {
        !text(&format!("tests/cpctl/{file}.rs")).contains(&format!("#[test]\nfn {name}()"))
    };
    let missing: Vec<_> = named.iter().filter(is_missing).collect();

    assert!(named.len() > 40, "{named:?}");
    assert_eq!(missing, Vec::<&(&str, &str)>::new());
}
