//! What the standard streams carry, and for whom.

use std::process::{Command, Stdio};

use cpctl::outcome::Exit;

use crate::{
    desk::Desk,
    harness::{Cpctl, Ran},
};

#[test]
fn quiet_says_nothing_but_results_and_errors_and_verbose_says_each_wait() {
    let desk = Desk::new();

    let ran = desk.run(&["certs", "add-san", "cp.example.internal", "--yes", "--quiet"]).exits(0);
    assert!(ran.stderr.is_empty() && ran.stdout.contains("done on cp1, cp2, cp3"), "{}", ran.shown());
    let ran = desk.run(&["undo", "--yes", "--verbose"]).exits(0);
    assert!(ran.stderr.contains("cp1: wait until ") && ran.stderr.lines().count() > 10, "{}", ran.shown());
    let ran = desk.run(&["apply", "nowhere.json", "--quiet"]).exits(2);
    assert!(ran.stderr.contains("nowhere.json: cannot read"), "{}", ran.shown());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    let first = desk.cluster.targets()[0].api.clone().unwrap();
    let mut many = vec!["certs", "inspect"];
    many.extend(std::iter::repeat_n(first.as_str(), 40));
    for args in [&["certs", "inspect", "-o", "json"][..], &["completions", "bash"], &["--help"], &many] {
        let mut child =
            desk.cpctl.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());

        let output = child.wait_with_output().unwrap();

        assert!([Some(0), Some(Exit::No as i32)].contains(&output.status.code()), "{args:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let desk = Desk::new();
    let cpctl = || Cpctl::at_home(&desk.path("home")).from(&desk.path("cluster"));
    let has_colours = |ran: &Ran| ran.stdout.contains('\x1b') || ran.stderr.contains('\x1b');

    let forced = cpctl().with("CLICOLOR_FORCE", "1");
    assert!(has_colours(&forced.run(&["verify"])), "they can be forced, so their absence means something");
    assert!(has_colours(&forced.run(&["apply", "nowhere.json"])));
    let without = cpctl().with("CLICOLOR_FORCE", "1").with("NO_COLOR", "1");
    for args in
        [&["verify"][..], &["apply", "nowhere.json"], &["kubeconfig", "repoint"], &["certs", "inspect"]]
    {
        assert!(!has_colours(&without.run(args)), "{args:?}");
    }
}

#[test]
fn a_closed_standard_input_answers_no_question() {
    let desk = Desk::new();
    let line = format!("exec {} certs add-san cp.example.internal <&-", Cpctl::binary());
    let mut command = Command::new("sh");
    desk.cpctl.scrub(command.args(["-c", &line]));

    let ran = Ran::of(&mut command).exits(2);

    assert!(ran.stderr.contains("nobody can be asked"), "{}", ran.shown());
}
