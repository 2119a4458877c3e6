//! The man pages in `man/`, made from the command line's own types.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command as Program,
};

use clap::{Arg, Command, CommandFactory};
use cpctl::cli::Cli;

use super::{super::left_out::left_out, pages::page, verbs};

/// Set to write the pages anew.
const WRITE: &str = "CPCTL_WRITE_MAN";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("man")
}

/// The file name and the text of every page.
fn pages() -> BTreeMap<String, String> {
    let mut program = Cli::command();
    program.build();
    let verbs = verbs(&program, &mut vec![]);
    let made = verbs.iter().map(|path| {
        let name = [&["cpctl".to_owned()], &path[..]].concat().join("-");
        (format!("{name}.1"), page(&program, path))
    });
    made.collect()
}

#[test]
fn the_man_pages_are_what_the_command_line_says() {
    let pages = pages();
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(directory()).unwrap();
        pages.iter().for_each(|(file, text)| fs::write(directory().join(file), text).unwrap());
    }

    let kept: BTreeMap<String, String> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();

    assert_eq!(
        kept.keys().collect::<Vec<_>>(),
        pages.keys().collect::<Vec<_>>(),
        "a page too many or too few"
    );
    for (file, text) in &pages {
        assert!(kept[file] == *text, "write man/{file} anew: {WRITE}=1 cargo test --test cpctl -- man");
    }
}

#[test]
fn mandoc_finds_nothing_to_complain_of() {
    let pages = pages().into_keys().map(|file| directory().join(file));
    let Ok(ran) = Program::new("mandoc").args(["-T", "lint", "-W", "warning"]).args(pages).output() else {
        return left_out("what mandoc says of the man pages, because there is none");
    };

    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();

    // A page changes when the program does; a day on it would have to be remembered.
    let said: Vec<&str> = said.lines().filter(|line| !line.contains("missing date")).collect();
    assert_eq!(said, Vec::<&str>::new());
}

#[test]
fn every_page_holds_the_exit_codes_and_the_first_one_files_and_environment() {
    let pages = pages();

    for (file, text) in &pages {
        assert!(text.contains(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\n"), "{file}");
    }
    for section in ["FILES", "ENVIRONMENT"] {
        assert!(pages["cpctl.1"].contains(&format!(".SH {section}\n")), "{section}");
    }
    assert!(pages.contains_key("cpctl-certs-add-san.1"));
}

#[test]
fn every_flag_and_argument_stands_on_a_page() {
    let mut program = Cli::command();
    program.build();
    let pages = pages();

    for path in verbs(&program, &mut vec![]) {
        let command = path.iter().fold(&program, |command, verb| command.find_subcommand(verb).unwrap());
        let name = [&["cpctl".to_owned()], &path[..]].concat().join("-");
        let (own, every): (&str, &str) = (&pages[&format!("{name}.1")], &pages["cpctl.1"]);
        let shown = |arg: &&Arg| !arg.is_hide_set() && arg.get_id() != "help";
        for arg in command.get_arguments().filter(shown) {
            let at = if arg.is_global_set() { every } else { own };
            assert!(at.contains(&mark(arg)), "{name} does not tell {}", arg.get_id());
        }
    }
}

/// What marks a flag or an argument on its page.
fn mark(arg: &Arg) -> String {
    match (arg.get_long(), arg.get_short()) {
        (Some(long), _) => format!("\\fB\\-\\-{}\\fR", long.replace('-', "\\-")),
        (None, Some(short)) => format!("\\fB\\-{short}\\fR"),
        (None, None) => format!("\\fI{}\\fR", arg.get_value_names().unwrap()[0]),
    }
}

pub fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}
