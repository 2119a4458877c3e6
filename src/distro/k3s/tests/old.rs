//! Servers of versions that keep the names of the certificate that they have.

use super::*;
use crate::node::Command;

fn run(step: &Step) -> Option<(&[Command], &[Command])> {
    step.changes.iter().find_map(|change| match change {
        Change::Run { commands, undo, .. } => Some((commands.as_slice(), undo.as_slice())),
        _ => None,
    })
}

/// The status and the output of a real program.
#[expect(clippy::disallowed_methods, reason = "the node's own programs are the judge")]
fn output(command: &Command) -> (Option<i32>, String) {
    let ran = std::process::Command::new(&command.program).args(&command.args).output().unwrap();
    (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
}

#[test]
fn a_server_is_made_to_forget_which_certificate_it_has_before_its_restart() {
    let server = Server::installed().version("1.22.4").config(&fixture("configs/scalar.yaml"));

    insta::assert_snapshot!(told(&server.step(&["10.0.3.100"])));
}

#[test]
fn only_a_version_that_keeps_its_names_and_has_to_take_some_in_forgets() {
    let is_run = |server: Server| run(&server.step(&["10.0.3.100"])).is_some();
    let of = |version: &str| Server::installed().version(version);

    assert!(is_run(of("1.19.1")) && is_run(of("1.24.17")) && is_run(of("1.27.16")));
    assert!(is_run(of("1.22.4").unit("units/flags.service")), "it is configured and not served");
    assert!(!is_run(of("1.28.1")) && !is_run(of("1.22.4").serving(&["10.0.3.100"])));
}

#[test]
fn the_secret_is_deleted_on_the_node_with_the_kubeconfig_that_lies_there() {
    let server = Server::installed().version("1.22.4").config("write-kubeconfig: /root/k3s.yaml\n");

    let step = server.step(&["10.0.3.100"]);

    let (commands, undo) = run(&step).unwrap();
    assert_eq!(
        commands[0].to_string(),
        "/usr/local/bin/k3s kubectl --kubeconfig /root/k3s.yaml --namespace kube-system --request-timeout 20s \
         delete secret k3s-serving --ignore-not-found"
    );
    assert!(undo[0].to_string().ends_with(&commands[0].to_string()));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the node's own program works on a real file")]
fn the_version_of_the_certificate_is_taken_out_of_the_file_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let data = format!("data-dir: {}\n", directory.path().display());
    let step = Server::installed().version("1.22.4").config(&data).step(&["10.0.3.100"]);
    let file = directory.path().join("server/tls/dynamic-cert.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let text = fixture("dynamic-cert.json");
    std::fs::write(&file, &text).unwrap();
    let forget = &run(&step).unwrap().0[1];

    let ran = [output(forget).0, output(forget).0];

    assert_eq!(ran, [Some(0); 2]);
    let after = std::fs::read_to_string(&file).unwrap();
    assert_eq!(after, text.replace(r#""resourceVersion":"4711""#, r#""resourceVersion":"""#));
    assert_ne!(after, text);
}

/// What undo runs on the node, with the time at which the certificate of before ends.
fn undone_with_end(end: &str) -> Command {
    let step = Server::installed().version("1.22.4").step(&["10.0.3.100"]);
    let mut command = run(&step).unwrap().1[0].clone();
    command.args.truncate(3);
    command.arg(end)
}

#[test]
fn a_server_that_does_not_answer_gets_its_files_back_all_the_same() {
    let lenient = undone_with_end("9999999999");

    let fails = output(&lenient.clone().arg("false"));
    let works = output(&lenient.arg("echo").arg("a b"));

    assert_eq!(fails, (Some(0), "the secret stays: the API server does not answer\n".into()));
    assert_eq!(works, (Some(0), "a b\n".into()));
}

#[test]
fn a_certificate_that_has_expired_since_is_not_brought_back_to_all() {
    let told = output(&undone_with_end("1700000000").arg("echo").arg("deleted"));

    assert_eq!(told, (Some(0), "the secret stays: the certificate of before has expired\n".into()));
}

#[test]
fn undo_knows_when_the_certificate_of_before_ends() {
    let server = Server::installed().version("1.22.4");

    let step = server.step(&["10.0.3.100"]);

    let end = presented(&server.authority.sign(&server.served)).leaf.not_after;
    assert_eq!(run(&step).unwrap().1[0].args[3], end.as_second().to_string());
}

#[test]
fn a_version_that_reads_one_file_gets_the_names_there_and_goes_back() {
    let want = ["10.0.3.200", "new.example.com"];
    for config in ["scalar", "flow", "block", "crlf", "without", "empty"] {
        let server = Server::installed()
            .version("1.20.15")
            .unit("units/flags.service")
            .config(&fixture(&format!("configs/{config}.yaml")))
            .drop_in("10.yaml", "tls-san: not.read\n");
        let (before, files) = (server.observe().configured(), server.machine.files.clone());
        let step = server.step(&want);

        let after = server.after(&step);

        assert_eq!(after.observe().configured(), before.union(&set(&want)), "{config}");
        assert!(!before.to_string().contains("not.read"));
        assert_eq!(after.back(&step).machine.files, files, "{config}");
    }
}

#[test]
fn the_oldest_parser_counts_a_key_as_often_as_it_stands_there() {
    let of = |version: &str| Server::installed().version(version).config(&fixture("configs/duplicate.yaml"));

    assert_eq!(of("1.20.15").configured(), "a.example.com, b.example.com");
    assert_eq!(of("1.21.0").configured(), "b.example.com");
}

#[test]
fn a_file_that_is_not_there_is_made_for_the_names() {
    let step = Server::installed().version("1.20.15").step(&["10.0.3.100"]);

    let Change::Create { path, text, mode, .. } = &step.changes[0] else { panic!("{step:?}") };
    assert_eq!((path.to_str(), *mode), (Some(CONFIG), 0o600));
    assert_eq!(text, "# Names that cpctl added.\ntls-san:\n  - 10.0.3.100\n");
}

#[test]
fn names_that_would_not_count_are_refused() {
    for config in ["commas", "duplicate", "anchor"] {
        let server =
            Server::installed().version("1.20.15").config(&fixture(&format!("configs/{config}.yaml")));

        let findings = server.plan(&["10.0.3.100"]).unwrap_err();

        assert_eq!(ids(&findings), ["configuration-unreadable"], "{config}");
    }
}

#[test]
fn a_version_without_a_configuration_is_refused_with_the_way_by_hand() {
    let findings = Server::installed().version("1.18.20").plan(&["10.0.3.100"]).unwrap_err();

    assert_eq!(ids(&findings), ["version-too-old"]);
    insta::assert_snapshot!(format!("{}\n{}", findings[0].message, findings[0].remedy.as_deref().unwrap()));
}
