//! Servers drained and put back through a socket that answers as HAProxy does, with each program that can speak to one.

use std::{os::unix::net::UnixListener, sync::Arc};

use super::*;
use crate::node::Drain;

mod balancer;

use balancer::{Balancer, SYSTEMD};

#[test]
fn a_server_is_drained_with_an_order_to_put_it_back_and_put_back_with_the_order_gone() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);

        let drained = balancer.drain().unwrap();
        let (state, order) = (balancer.state(), balancer.order());
        assert!(order.exists());
        let again = balancer.drain().unwrap();
        let back = balancer.undrain(Some(Duration::ZERO)).unwrap();
        let told = balancer.told();
        let once_more = balancer.undrain(Some(Duration::ZERO)).unwrap();

        assert!([drained, again, back, once_more].iter().all(|done| *done == Done::Done), "{shell}");
        assert_eq!((state, balancer.state(), order.exists()), (8, 0, false));
        let socket = balancer.machine.at("admin.sock");
        let armed = format!(
            "systemd-run --quiet --collect --unit=cpctl-r1-3-api-n1 --on-active=300 \
             --timer-property=AccuracySec=1s /bin/sh {} {} api/n1\n",
            order.display(),
            socket.display()
        );
        let stop = "systemctl stop cpctl-r1-3-api-n1.timer\n";
        assert_eq!(told, [stop, &armed, stop, &armed, stop].concat());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "systemd runs the order")]
fn the_order_puts_the_server_back_by_itself() {
    for shell in shells() {
        for (state, after) in [(8, 0), (9, 9)] {
            let mut balancer = Balancer::new(shell);
            balancer.drain().unwrap();
            balancer.set("n1", (state, "UP", 0));
            let told = balancer.told();
            let words: Vec<_> = told.lines().last().unwrap().split(' ').collect();
            let order = &words[words.len() - 4..];

            let ran = Command::new(order[0]).args(&order[1..]).output().unwrap();

            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            assert_eq!((balancer.state(), balancer.order().exists()), (after, false), "{shell}");
        }
    }
}

#[test]
fn what_somebody_else_took_out_is_neither_drained_nor_put_back() {
    for shell in shells() {
        for theirs in [1, 8, 9] {
            let mut balancer = Balancer::new(shell);
            balancer.set("n1", (theirs, "UP", 0));

            let drained = balancer.drain().unwrap();
            let back = balancer.undrain(Some(Duration::ZERO)).unwrap();

            assert!(drained == Done::Already && back == Done::Already, "{shell}");
            assert_eq!((balancer.state(), balancer.order().exists()), (theirs, false));
            assert!(!balancer.told().contains("systemd-run"));
        }
    }
}

#[test]
fn a_server_in_maintenance_by_another_hand_since_stays_there() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);
        balancer.drain().unwrap();
        balancer.set("n1", (9, "UP", 0));

        let back = balancer.undrain(Some(Duration::ZERO)).unwrap();

        assert!(back == Done::Already, "{shell}");
        assert_eq!((balancer.state(), balancer.order().exists()), (9, false));
    }
}

#[test]
fn a_server_that_this_run_drained_and_somebody_forced_into_maintenance_is_not_drained_again() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);
        balancer.drain().unwrap();
        balancer.set("n1", (1, "MAINT", 0));

        let again = balancer.drain().unwrap();

        assert!(again == Done::Already, "{shell}");
        assert_eq!(balancer.state(), 1);
    }
}

#[test]
fn the_last_server_is_not_drained() {
    for shell in shells() {
        for (other, why) in
            [("DOWN", "api/n2 is DOWN"), ("UP 1/2", "api/n2 is UP 1/2"), ("", "api has no other server")]
        {
            let mut balancer = Balancer::new(shell);
            match other {
                "" => drop(balancer.servers.lock().unwrap().remove("n2")),
                other => balancer.set("n2", (0, other, 0)),
            }

            let error = balancer.drain().unwrap_err();

            assert_eq!(error.to_string(), format!("cp1: api/n1 cannot be spared: {why}"), "{shell}");
            assert_eq!((balancer.state(), balancer.order().exists()), (0, false));
        }
    }
}

#[test]
fn a_server_that_is_not_up_again_is_told_unless_nobody_expects_it() {
    for shell in shells() {
        let mut balancer = Balancer::new(shell);
        balancer.drain().unwrap();
        balancer.set("n1", (8, "DOWN", 0));

        let error = balancer.undrain(Some(Duration::ZERO)).unwrap_err();
        let unseen = balancer.undrain(None).unwrap();

        assert_eq!(error.to_string(), "cp1: api/n1 is back and not up: it is DOWN", "{shell}");
        assert!(unseen == Done::Done);
        assert_eq!((balancer.state(), balancer.order().exists()), (0, false));
    }
}

#[test]
fn a_drain_waits_for_the_connections_to_end() {
    let mut balancer = Balancer::new("sh");
    balancer.set("n1", (0, "UP", 1));
    let servers = Arc::clone(&balancer.servers);
    let ending = std::thread::spawn(move || {
        while servers.lock().unwrap()["n1"].0 == 0 {
            std::thread::yield_now();
        }
        servers.lock().unwrap().get_mut("n1").unwrap().2 = 0;
    });
    let socket = balancer.machine.at("admin.sock");
    let (server, run) = ("api/n1".to_owned(), "r1".to_owned());
    let rest = Duration::from_secs(600);

    let drained = balancer.machine.one(Act::Drain(Drain { socket, server, run, rest, back_after: rest }));

    ending.join().unwrap();
    assert!(drained.unwrap() == Done::Done);
    assert_eq!(balancer.servers.lock().unwrap()["n1"].2, 0);
}

#[test]
fn a_server_that_haproxy_does_not_know_is_an_error() {
    let mut balancer = Balancer::new("sh");
    balancer.servers.lock().unwrap().remove("n1");

    let error = balancer.drain().unwrap_err();

    let node::Error::Deed { deed, source, .. } = &error else { panic!("{error:?}") };
    assert_eq!((deed.as_str(), &*source.to_string()), ("drain api/n1", "HAProxy does not know api/n1"));
}

#[test]
fn a_server_with_a_name_that_is_none_is_not_even_sent() {
    for server in ["api", "api/n1; rm", "/n1", "api/", "api/n1/n2", "$(x)/y"] {
        let mut balancer = Balancer::new("sh");
        let (socket, run) = (balancer.machine.at("admin.sock"), "r1".to_owned());

        let act = Act::Undrain { socket, server: server.into(), run, within: None };

        assert!(balancer.machine.one(act).is_err(), "{server}");
        assert_eq!(balancer.told(), "");
    }
}

#[test]
fn every_program_that_can_speak_to_a_socket_does() {
    for program in ["socat", "perl", "python3"] {
        let Some(mut balancer) = Balancer::speaking(Some(program)) else {
            left_out(&format!("HAProxy's socket with {program}, because there is no {program}"));
            continue;
        };

        let answers =
            balancer.machine.node.look(&[Ask::Balancer(balancer.machine.at("admin.sock"))]).unwrap();
        let drained = balancer.drain().unwrap();

        let [Answer::Said(said)] = answers.as_slice() else { panic!("{program}: {answers:?}") };
        assert!(said.contains("3 api 1 n1 10.0.0.1") && said.contains("api,n2,0,0,7"), "{program}: {said}");
        assert!(drained == Done::Done && balancer.state() == 8, "{program}");
    }
}

#[test]
fn a_balancer_that_cannot_be_asked_says_why() {
    for shell in shells() {
        let machine = Machine::new(shell);
        let socket = machine.at("admin.sock");

        let absent = machine.node.look(&[Ask::Balancer(socket.clone())]).unwrap();
        drop(UnixListener::bind(&socket).unwrap());
        machine.program("systemd-run", SYSTEMD);
        let silent = machine.node.look(&[Ask::Balancer(socket)]).unwrap_err();

        assert_eq!(absent, [Answer::Absent], "{shell}");
        let node::Error::Deed { source, .. } = &silent else { panic!("{silent:?}") };
        assert!(source.to_string().to_lowercase().contains("refused"), "{source}");
    }
}

#[test]
fn a_machine_with_nothing_that_speaks_to_a_socket_says_what_to_install() {
    let Some(balancer) = Balancer::speaking(None) else { panic!("the programs of every machine are there") };

    let answers = balancer.machine.node.look(&[Ask::Balancer(balancer.machine.at("admin.sock"))]).unwrap();

    let why = "nothing there can speak to HAProxy: install socat";
    assert_eq!(answers, [Answer::No(why.into())]);
}
