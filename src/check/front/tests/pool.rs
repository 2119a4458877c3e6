//! What fresh connections tell of the servers behind.

use super::*;

#[test]
fn fresh_connections_tell_what_is_wrong_behind() {
    let all_at_first = |seen: &mut Evidence| seen.samples = (0..15).map(|_| met("print1")).collect();
    let drains = |seen: &mut Evidence| seen.nodes[2].face.ready = Ready::No("500".into());
    for (seen, expected) in [
        (with(all_at_first), vec![Code::BalancerPinned]),
        (
            with(|seen| {
                all_at_first(seen);
                seen.samples.truncate(14);
            }),
            vec![],
        ),
        (
            with(|seen| {
                all_at_first(seen);
                seen.nodes[1].face.ready = Ready::No("500".into());
                drains(seen);
            }),
            vec![],
        ),
        (
            with(|seen| seen.samples = (0..15).map(|turn| met(&format!("print{}", turn % 2 + 1))).collect()),
            vec![Code::BackendUnseen],
        ),
        (with(drains), vec![Code::UnreadyInRotation]),
        (
            with(|seen| seen.samples[3] = Ok(Met { status: Some(500), ..met("print1").unwrap() })),
            vec![Code::UnreadyInRotation],
        ),
        (with(|seen| seen.samples[3] = Err("no answer within 5 s".into())), vec![Code::BackendFailing]),
        (with(|seen| seen.samples[3] = met("print9")), vec![Code::ServerUnlisted]),
        (
            with(|seen| seen.samples[3] = Ok(Met { chain: unfit(), ..met("print1").unwrap() })),
            vec![Code::WrongCluster],
        ),
        (with(|seen| seen.nodes[1].face.tls.as_mut().unwrap().names_host = false), vec![Code::SanMissing]),
        (
            with(|seen| seen.samples[3] = Ok(Met { names_host: false, ..met("print1").unwrap() })),
            vec![Code::SanMissing],
        ),
        (
            with(|seen| {
                let place = seen.nodes[2].face.at.to_string();
                seen.nodes[2].face.tls = Err(refused(&place));
                seen.samples = (0..15).map(|turn| met(&format!("print{}", turn % 2 + 1))).collect();
            }),
            vec![Code::BackendSilent],
        ),
    ] {
        assert_judged(&seen, &Way::PassesThrough, Certain, &expected);
    }
}

fn unfit() -> Chain {
    Chain::Strays("unsuitable certificate purpose".into())
}

#[test]
fn a_server_of_another_cluster_is_told_by_its_node_and_by_how_often_it_was_met() {
    let seen = with(|seen| {
        for sample in seen.samples.iter_mut().flatten().filter(|met| met.fingerprint == "print2") {
            sample.chain = unfit();
        }
    });

    let message = judge(&seen).findings.remove(0).message;

    assert_eq!(
        message,
        "5 of 15 fresh connections met a certificate that does not lead to the cluster's CA (unsuitable certificate \
         purpose), such as that of cp2"
    );
}

#[test]
fn an_address_that_a_node_has_itself_is_told_by_its_hardware_address() {
    let told = |hardware: [&str; 3]| {
        let seen = with(|seen| {
            seen.samples = (0..15).map(|_| met("print1")).collect();
            let hosts = ["172.22.22.3", "172.22.22.11", "172.22.22.12"].map(|host| host.parse().unwrap());
            let known = hosts.into_iter().zip(hardware.map(str::to_owned));
            seen.neighbours = known.filter(|(_, hardware)| !hardware.is_empty()).collect();
        });
        let judged = judge(&seen);
        (judged.findings[0].message.clone(), judged.untold.len())
    };

    let (on_node, untold_on_node) = told(["a", "a", "b"]);
    let (elsewhere, untold) = told(["c", "a", "b"]);
    let (behind_router, untold_behind) = told(["a", "a", "a"]);
    let (alone, untold_alone) = told(["a", "a", ""]);

    assert!(on_node.ends_with("; cp1 has the address itself, as its hardware address shows"), "{on_node}");
    assert_eq!([&elsewhere, &elsewhere], [&behind_router, &alone]);
    assert!(!elsewhere.contains("hardware"), "{elsewhere}");
    assert_eq!([untold_on_node, untold, untold_behind, untold_alone], [1; 4]);
}

#[test]
fn a_missing_name_is_told_by_its_nodes_and_by_how_often_it_was_met() {
    let seen = with(|seen| {
        seen.nodes[1].face.tls.as_mut().unwrap().names_host = false;
        for sample in seen.samples.iter_mut().flatten().filter(|met| met.fingerprint == "print2") {
            sample.names_host = false;
        }
    });

    let message = judge(&seen).findings.remove(0).message;

    assert_eq!(
        message,
        "172.22.22.3 is not among the names of cp2 behind it: 5 of 15 fresh connections met such a certificate"
    );
}

#[test]
fn a_certificate_that_nodes_share_is_nobodys_identity() {
    let seen = with(|seen| {
        for node in &mut seen.nodes {
            node.face.tls.as_mut().unwrap().fingerprint = "print1".into();
        }
        seen.samples = (0..15).map(|_| met("print1")).collect();
    });

    let judged = judge(&seen);

    assert_judged(&seen, &Way::PassesThrough, Certain, &[]);
    assert!(judged.untold.iter().any(|untold| untold.contains("share a certificate")), "{:?}", judged.untold);
    assert!(!judged.sentence.contains("by cp1"), "{}", judged.sentence);
}

#[test]
fn that_all_connections_came_from_one_address_is_told_where_they_reached_one_server() {
    let pinned = with(|seen| seen.samples = (0..15).map(|_| met("print1")).collect());

    let of =
        |seen: &Evidence| judge(seen).untold.iter().any(|untold| untold.contains("the client's address"));

    assert!(of(&pinned) && !of(&through()));
}

#[test]
fn what_nobody_looked_at_is_told_and_not_taken_for_good() {
    let seen = with(|seen| {
        seen.nodes[0].face.ready = Ready::Untold;
        seen.front.tls.as_mut().unwrap().chain = Chain::Unjudged;
        seen.unlooked = vec!["the weather".into()];
    });

    let untold = judge(&seen).untold;

    assert_eq!(untold.len(), 3, "{untold:?}");
    assert!(
        untold[0] == "the weather" && untold[1].contains("cp1") && untold[2].contains("no CA"),
        "{untold:?}"
    );
}

#[test]
fn so_many_connections_miss_a_server_once_in_a_hundred_runs() {
    let sizes = [0, 1, 2, 3, 5, 7].map(sample_size);

    assert_eq!(sizes, [3, 3, 8, 15, 28, 43]);
}
