//! Machines that hold an address between them.

use super::*;

fn with_priorities(priorities: &[Option<u8>]) -> Wanted {
    let mut wanted = wanted("kubeadm");
    let like = wanted.machines[0].clone();
    let machine = |(index, priority): (usize, &Option<u8>)| Machine {
        name: format!("lb{}", index + 1),
        host: format!("10.0.0.{}", index + 1),
        priority: *priority,
        ..like.clone()
    };
    wanted.machines = priorities.iter().enumerate().map(machine).collect();
    wanted
}

#[test]
fn the_first_machine_holds_the_address_and_loses_it_to_the_last_where_it_has_no_server_left() {
    for (priorities, expected, weight) in [
        (&[None, None][..], &[150, 120][..], 60),
        (&[None, None, None, None], &[150, 120, 110, 100], 80),
        (&[Some(100), Some(101)], &[100, 101], 31),
        (&[Some(1), Some(254)], &[1, 254], 253),
    ] {
        let files = render(Kind::Keepalived, &with_priorities(priorities)).unwrap();

        for (file, priority) in files.iter().zip(expected) {
            assert_eq!(lines(&file.text, "priority "), [format!("priority {priority}")], "{priorities:?}");
            assert_eq!(lines(&file.text, "weight "), [format!("weight -{weight}")], "{priorities:?}");
        }
    }
}

#[test]
fn each_machine_is_told_its_own_address_and_those_of_the_others() {
    let files = render(Kind::Keepalived, &with_priorities(&[None, None, None])).unwrap();

    let lb2 = files.iter().find(|file| file.machine.as_deref() == Some("lb2")).unwrap();
    assert_eq!(lines(&lb2.text, "unicast_src_ip"), ["unicast_src_ip 10.0.0.2"]);
    assert_eq!(
        lines(&lb2.text, "10.0.0.").split_last().unwrap().1,
        ["unicast_src_ip 10.0.0.2", "10.0.0.1", "10.0.0.3"]
    );
    assert_eq!(lines(&lb2.text, "virtual_router_id"), ["virtual_router_id 52"]);
}

#[test]
fn the_machine_with_the_highest_priority_has_carps_smallest_skew() {
    let files = render(Kind::FreebsdCarp, &with_priorities(&[Some(90), None, Some(200)])).unwrap();

    let skews: Vec<_> = files
        .iter()
        .filter(|file| file.machine.is_some())
        .map(|file| lines(&file.text, "advskew")[0].split(' ').nth(4).unwrap().to_owned())
        .collect();
    assert_eq!(skews, ["100", "50", "0"]);
}

#[test]
fn scripts_begin_with_their_interpreter_and_can_be_run() {
    for proxy in [Proxy::Haproxy, Proxy::Nginx] {
        let files = render(Kind::Keepalived, &Wanted { proxy, ..wanted("microk8s") }).unwrap();

        let scripts: Vec<_> = files.iter().filter(|file| file.path.ends_with(".sh")).collect();
        assert_eq!(scripts.len(), 2);
        for script in scripts {
            assert!(script.text.starts_with("#!/bin/sh\n") && script.mode == 0o755, "{}", script.text);
        }
    }
}

#[test]
fn behind_nginx_any_answer_counts_that_the_cluster_may_give() {
    let wanted = Wanted { proxy: Proxy::Nginx, ..wanted("microk8s") };

    let files = render(Kind::Keepalived, &wanted).unwrap();

    let script = files.iter().find(|file| file.path.ends_with("backends.sh")).unwrap();
    assert_eq!(lines(&script.text, "exit 0"), ["200 | 401) exit 0 ;;"]);
    assert!(script.text.contains("https://kubernetes:6443/readyz"), "{}", script.text);
}
