//! What a failover costs behind what was written, while `watch` measures it: real HAProxy, NGINX, keepalived and API servers.

use serde_json::Value;

use super::{
    super::{
        lab::Probe,
        wait::until,
        watch::{Watching, lane},
    },
    pair::{BALANCERS, Pair, VIP},
    seen,
};

/// What is shared by those who open a connection for each request, and those who keep one.
const LANES: [&str; 2] = ["new connections", "reused connection"];

/// How a server is lost, and what brings it back.
const FREEZE: [&str; 2] = ["kill -STOP", "kill -CONT"];
const KILL: [&str; 2] = ["kill -KILL", "true"];
const API_SERVER: &str = "$(systemctl show --property=MainPID --value snap.microk8s.daemon-kubelite)";

/// More answers in a row than an outage may have in it.
const OVER: usize = 12;

#[test]
fn machines_in_front_lead_past_what_dies_and_are_told_by_what_they_do() {
    let Some(pair) = Pair::start("failover") else { return };

    seen::the_server_that_lacks_the_name_is_named(&pair);
    seen::each_mode_is_told_by_what_it_does(&pair);
    seen::servers_that_refuse_the_check_are_counted_as_down(&pair);
    seen::a_pool_whose_servers_are_all_gone_is_dead(&pair);
    the_bound_is_what_was_written(&pair);
    a_server_that_is_killed_is_left_in_time(&pair);
    a_server_that_hangs_is_left_in_time(&pair);
    a_node_that_is_cut_off_is_left_in_time(&pair);
    a_check_that_only_connects_never_leaves_a_server_that_hangs(&pair);
    the_address_is_there_again_after_its_holder_lost_power(&pair);
    nginx_serves_in_its_place_and_the_address_moves(&pair);
}

fn the_bound_is_what_was_written(pair: &Pair) {
    let told = format!("is left within {:.1} s", pair.bound().as_secs_f64());

    assert!(pair.rendered.contains(&told), "{told}\n{}", pair.rendered);
}

/// Where the connection goes that is kept.
fn kept_at(watching: &mut Watching) -> String {
    loop {
        let line = watching.line();
        if let (Some("reused connection"), Some(node)) =
            (line["probe"]["lane"].as_str(), line["probe"]["node"].as_str())
        {
            return node.to_owned();
        }
    }
}

/// The result of a watch during which the server is lost to which the kept connection goes.
fn lost(pair: &Pair, lose: impl FnOnce(&str), mend: impl FnOnce(&str)) -> Value {
    pair.until_up();
    let mut watching = pair.watched();
    let node = kept_at(&mut watching);
    let before = pair.times_down(&node);

    lose(&node);
    until("the balancer has noticed", || pair.times_down(&node) != before);
    watching.mark("noticed");
    watching.until(&LANES, "ok", OVER);
    let (_, result) = watching.ends();

    mend(&node);
    pair.lab.until_ready(&node);
    result
}

fn lost_by(pair: &Pair, [lose, mend]: [&str; 2]) -> Value {
    let on = |node: &str, verb: &str| drop(pair.lab.on(node, &format!("{verb} {API_SERVER}")).exits(0));
    lost(pair, |node| on(node, lose), |node| on(node, mend))
}

#[track_caller]
fn assert_in_time(pair: &Pair, result: &Value) {
    let bound = pair.bound().as_secs_f64() * 1e3;
    for name in LANES {
        for outage in lane(result, name)["outages"].as_array().unwrap() {
            let took = outage["length_ms"].as_f64().unwrap();
            assert!(outage["is_over"] == true && took <= bound, "{name}: {took} of {bound} ms\n{result:#}");
        }
    }
}

fn a_server_that_is_killed_is_left_in_time(pair: &Pair) {
    let result = lost_by(pair, KILL);

    assert_in_time(pair, &result);
}

fn a_server_that_hangs_is_left_in_time(pair: &Pair) {
    let result = lost_by(pair, FREEZE);

    assert_in_time(pair, &result);
    assert!(lane(&result, "new connections")["failed"].as_u64() <= Some(1), "{result:#}");
    assert!(lane(&result, "reused connection")["failed"].as_u64() > Some(0), "it was met: {result:#}");
}

fn a_node_that_is_cut_off_is_left_in_time(pair: &Pair) {
    let fault = |node: &str, state| pair.lab.fault("unplug", node, state);

    let result = lost(pair, |node| fault(node, "on"), |node| fault(node, "off"));

    assert_in_time(pair, &result);
}

/// The measure of the others: it can fail.
fn a_check_that_only_connects_never_leaves_a_server_that_hangs(pair: &Pair) {
    let check = pair.rendered.lines().filter(|line| {
        ["option httpchk", "http-check expect", "default-server check-ssl"]
            .iter()
            .any(|words| line.trim_start().starts_with(words))
    });
    pair.changed(&check.map(|line| (line, "")).collect::<Vec<_>>());
    let mut watching = pair.watched();
    let node = kept_at(&mut watching);

    pair.lab.on(&node, &format!("{} {API_SERVER}", FREEZE[0])).exits(0);
    watching.until(&["reused connection"], "deadline", OVER);
    let (_, result) = watching.ends();
    pair.lab.on(&node, &format!("{} {API_SERVER}", FREEZE[1])).exits(0);
    pair.changed(&[]);

    let kept = lane(&result, "reused connection");
    assert!(kept["outages"][0]["length_ms"].as_f64() > Some(pair.bound().as_secs_f64() * 1e3), "{result:#}");
}

fn the_address_is_there_again_after_its_holder_lost_power(pair: &Pair) {
    pair.until_up();
    let (holder, other) = pair.holder();
    let mut watching = pair.watched();

    pair.lab.fault("power-off", holder, "on");
    until("the other one holds the address", || pair.holds(other));
    watching.mark("moved");
    watching.until(&LANES, "ok", OVER);
    let (code, result) = watching.ends();
    pair.lab.fault("power-off", holder, "off");

    assert_eq!((code, &result["result"]), (1, &"outage".into()), "{result:#}");
    for name in LANES {
        let outages = lane(&result, name)["outages"].as_array().unwrap();
        assert!(outages.iter().all(|outage| outage["is_over"] == true), "{result:#}");
    }
}

fn nginx_serves_in_its_place_and_the_address_moves(pair: &Pair) {
    let serves = || {
        let tally = Probe::start(&pair.lab, &[VIP, "--rate", "20", "--for", "1"]).tally();
        assert!(tally.ok == tally.sent && tally.sent > 0, "{tally:?}");
    };
    for balancer in BALANCERS {
        pair.lab.on(balancer, "systemctl stop haproxy && systemctl start nginx").exits(0);
    }
    let apply = ["lb", "apply", "nginx", "keepalived", "--proxy", "nginx", "--force", "--yes"];
    pair.lab.cpctl(&apply).exits(0);
    let (holder, other) = pair.holder();

    serves();
    pair.lab.fault("power-off", holder, "on");
    until("the other one holds the address", || pair.holds(other));

    serves();
}
