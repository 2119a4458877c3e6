//! One man page: how a verb's types become sections.

use clap::{Arg, Command};
use roff::{Inline, Roff, bold, italic, roman};

const FILES: &[(&str, &str)] = &[
    ("cpctl.yaml", "The inventory, in the working directory: who the nodes and the balancers are."),
    ("~/.kube/config", "The kubeconfig, where neither `--kubeconfig` nor `$KUBECONFIG` names one."),
    ("~/.ssh/config", "Hosts, users, keys and jumps, as ssh reads them; known_hosts beside it."),
    ("~/.local/state/cpctl", "The journals of runs, which `resume` and `undo` work from."),
    (
        "/var/lib/cpctl/runs",
        "On each machine that a run locks: its record, and for root alone the files as they were.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("KUBECONFIG", "Kubeconfig files, parted by colons, as kubectl reads them."),
    ("XDG_STATE_HOME", "Where journals are kept, in its directory `cpctl`, in place of ~/.local/state."),
    ("HTTPS_PROXY, NO_PROXY", "The proxy to the API, and what is reached without it."),
    ("SSH_AUTH_SOCK", "The agent whose keys log in on the nodes."),
    ("NO_COLOR", "Set to anything, it leaves colours out."),
];

/// The page of the verb that these words lead to; without any, that of the program.
pub fn page(program: &Command, path: &[String]) -> String {
    let command = path.iter().fold(program, |command, verb| command.find_subcommand(verb).unwrap());
    let name = named("cpctl", path);
    let mut page = Roff::new();
    let source = format!("cpctl {}", env!("CARGO_PKG_VERSION"));
    page.control("TH", [name.to_uppercase().as_str(), "1", r#""""#, source.as_str(), "cpctl"]);
    page.control("SH", ["NAME"]);
    page.text([roman(format!("{name} - {}", super::man::about(command)))]);
    page.control("SH", ["SYNOPSIS"]);
    synopsis(&mut page, command);
    page.control("SH", ["DESCRIPTION"]);
    let long = command.get_long_about().or(command.get_about()).unwrap().to_string();
    description(&mut page, &long);
    verbs(&mut page, command, path);
    options(&mut page, command, path);
    listed(&mut page, "EXIT STATUS", &exit_codes(program));
    if path.is_empty() {
        listed(&mut page, "FILES", &owned(FILES));
        listed(&mut page, "ENVIRONMENT", &owned(ENVIRONMENT));
    }
    see_also(&mut page, program, path);
    page.to_roff()
}

fn named(first: &str, path: &[String]) -> String {
    [&[first.to_owned()], path].concat().join("-")
}

fn synopsis(page: &mut Roff, command: &Command) {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").lines().next().unwrap_or_default().to_owned();
    let (verb, rest) = usage.split_at(usage.find(['[', '<']).unwrap_or(usage.len()));
    page.text([bold(verb.trim_end()), roman(format!(" {rest}"))]);
}

/// Paragraphs, and lines that are indented as they stand.
fn description(page: &mut Roff, text: &str) {
    for (place, paragraph) in text.split("\n\n").enumerate() {
        if place > 0 {
            page.control("PP", []);
        }
        if paragraph.starts_with("  ") {
            page.control("RS", ["4"]).control("nf", []);
            for line in paragraph.lines() {
                page.text([roman(line.trim_start())]);
            }
            page.control("fi", []).control("RE", []);
        } else {
            prose(page, paragraph);
        }
    }
}

/// Lines of text, what stands in backticks in bold.
fn prose(page: &mut Roff, text: &str) {
    for line in text.lines() {
        let parts = line.split('`').enumerate();
        let inlines: Vec<Inline> = parts
            .filter(|(_, part)| !part.is_empty())
            .map(|(place, part)| if place % 2 == 0 { roman(part) } else { bold(part) })
            .collect();
        page.text(inlines);
    }
}

fn verbs(page: &mut Roff, command: &Command, path: &[String]) {
    let shown = |verb: &&Command| verb.get_name() != "help" && !verb.is_hide_set();
    let mut verbs = command.get_subcommands().filter(shown).peekable();
    if verbs.peek().is_none() {
        return;
    }
    page.control("SH", ["VERBS"]);
    for verb in verbs {
        let below = [path, &[verb.get_name().to_owned()]].concat();
        page.control("TP", []);
        page.text([bold(named("cpctl", &below)), roman("(1)")]);
        prose(page, &super::man::about(verb));
    }
}

fn options(page: &mut Roff, command: &Command, path: &[String]) {
    let is_program = path.is_empty();
    let own =
        |arg: &&Arg| !arg.is_hide_set() && (is_program || !arg.is_global_set()) && arg.get_id() != "help";
    let (words, flags): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(own).partition(|arg| arg.is_positional());
    if !words.is_empty() {
        page.control("SH", ["ARGUMENTS"]);
        words.iter().for_each(|arg| option(page, arg));
    }
    page.control("SH", ["OPTIONS"]);
    let mut heading = None;
    for arg in &flags {
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            page.control("SS", [heading.unwrap_or("Others")]);
        }
        option(page, arg);
    }
    if !is_program {
        if !flags.is_empty() {
            page.control("PP", []);
        }
        page.text([roman("The options of every verb stand in "), bold("cpctl"), roman("(1).")]);
    }
}

fn option(page: &mut Roff, arg: &Arg) {
    let mut head = vec![];
    for name in
        [arg.get_short().map(|short| format!("-{short}")), arg.get_long().map(|long| format!("--{long}"))]
    {
        let Some(name) = name else { continue };
        if !head.is_empty() {
            head.push(roman(", "));
        }
        head.push(bold(name));
    }
    if arg.get_num_args().is_some_and(|count| count.takes_values()) {
        if !head.is_empty() {
            head.push(roman(" "));
        }
        head.push(italic(arg.get_value_names().unwrap_or_default().join(" ")));
    }
    page.control("TP", []);
    page.text(head);
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    prose(page, &format!("{}.", help.trim_end_matches('.')));
    values(page, arg);
}

fn values(page: &mut Roff, arg: &Arg) {
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let possible: Vec<_> =
        arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect();
    if !arg.get_num_args().is_some_and(|count| count.takes_values()) {
        return;
    }
    if !possible.is_empty() {
        let names: Vec<_> = possible.iter().map(|value| value.get_name()).collect();
        page.text([roman(format!("One of {}.", names.join(", ")))]);
    }
    if !defaults.is_empty() {
        page.text([roman("By default "), bold(defaults.join(",")), roman(".")]);
    }
}

/// The lines below `Exit codes:` in the help, each a number and what it means.
fn exit_codes(program: &Command) -> Vec<(String, String)> {
    let help = program.get_after_help().unwrap().to_string();
    let lines = help.lines().skip(1).filter_map(|line| line.trim().split_once(' '));
    lines.map(|(code, what)| (code.to_owned(), what.trim().to_owned())).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, what)| ((*name).to_owned(), (*what).to_owned())).collect()
}

fn listed(page: &mut Roff, title: &str, pairs: &[(String, String)]) {
    page.control("SH", [title]);
    for (name, what) in pairs {
        page.control("TP", []);
        page.text([bold(name.as_str())]);
        prose(page, what);
    }
}

/// The program's page, and those of the verbs beside this one.
fn see_also(page: &mut Roff, program: &Command, path: &[String]) {
    page.control("SH", ["SEE ALSO"]);
    if path.is_empty() {
        page.text([
            bold("kubectl"),
            roman("(1), "),
            bold("ssh"),
            roman("(1), "),
            bold("haproxy"),
            roman("(1)"),
        ]);
        return;
    }
    let above = &path[..path.len() - 1];
    let group = above.iter().fold(program, |command, verb| command.find_subcommand(verb).unwrap());
    let shown = |verb: &&Command| verb.get_name() != "help" && !verb.is_hide_set();
    let beside = group.get_subcommands().filter(shown).map(|verb| verb.get_name().to_owned());
    let beside = beside.filter(|verb| Some(verb) != path.last()).map(|verb| [above, &[verb]].concat());
    let mut names = vec!["cpctl".to_owned()];
    names.extend(beside.map(|path| named("cpctl", &path)));
    let mut inlines = vec![];
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            inlines.push(roman(", "));
        }
        inlines.extend([bold(name.as_str()), roman("(1)")]);
    }
    page.text(inlines);
}
