//! What it costs to lose a server or a machine in front, behind what was written for them, while `watch` measures it.

use serde_json::Value;

use super::{
    super::{
        lab::Probe,
        wait::until,
        watching::{Watching, lane},
    },
    pair::{Pair, VIP, WRITTEN},
    seen::{self, CONNECTS_ONLY, NOBODY_STAYS},
};

/// What is shared by those who open a connection for each request, and those who keep one.
const LANES: [&str; 2] = ["new connections", "reused connection"];

const API_SERVER: &str = "$(systemctl show --property=MainPID --value snap.microk8s.daemon-kubelite)";

/// More answers than there are in the second after which an outage is over.
const OVER: usize = 6;

/// What is done one after the other between a failure and its end, each as late as the probes were themselves: a probe that
/// leaves, two checks, and a probe that comes through.
const TURNS: f64 = 4.0;

/// Requests that are on their way while connections are counted.
const UNDER_WAY: u64 = 1;

#[test]
fn machines_in_front_lead_past_what_dies_and_are_told_by_what_they_do() {
    let Some(pair) = Pair::start("failover") else { return };

    pair.opens_all_doors();
    seen::the_server_that_lacks_the_name_is_named(&pair);
    seen::each_mode_is_told_by_what_it_does(&pair);
    seen::an_address_on_a_node_is_told_by_its_hardware_address(&pair);
    a_server_that_hangs_is_left_in_time_unless_the_check_only_connects(&pair);
    a_node_that_is_cut_off_is_left_in_time(&pair);
    a_server_that_is_killed_is_left_in_time(&pair);
    the_address_is_there_again_in_time_after_its_holder_lost_power(&pair);
    nginx_serves_in_its_place_and_the_address_moves(&pair);
    seen::a_pool_whose_servers_are_all_gone_is_dead(&pair);
}

/// The node to which the kept connection went and which was lost, and what that came to.
fn lost(pair: &Pair, lose: impl FnOnce(&str)) -> (String, Value) {
    pair.until_up();
    let mut watching = pair.watched(VIP, &[WRITTEN]);
    let node = watching.awaited("who answers on the kept connection", |line| {
        let probe = &line["probe"];
        probe["node"].as_str().filter(|_| probe["lane"] == "reused connection").map(str::to_owned)
    });
    let before = pair.times_down(&node);

    lose(&node);
    until("the balancer has noticed", || pair.times_down(&node) != before);
    watching.until(&LANES, "ok", OVER);
    (node, watching.ends().1)
}

fn signal(pair: &Pair, node: &str, name: &str) {
    pair.lab.on(node, &format!("kill -{name} {API_SERVER}")).exits(0);
}

#[track_caller]
fn assert_in_time(result: &Value) {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let late = TURNS * number(&result["lateness_ms"]["max"]);

    let [took, predicted] = ["longest_outage_ms", "max_outage_ms"].map(|key| number(&result[key]));

    assert!(predicted > 0.0 && took <= predicted + late, "{result:#}");
}

fn failed(result: &Value, name: &str) -> u64 {
    lane(result, name)["failed"].as_u64().unwrap()
}

/// The usual configuration stands beside what was written and loses more, which shows that a loss would be seen. A server
/// that hangs takes new connections in until it has as many as each of the others, and one more.
fn a_server_that_hangs_is_left_in_time_unless_the_check_only_connects(pair: &Pair) {
    let mut usual = pair.watched(CONNECTS_ONLY, &[WRITTEN]);
    let fresh = Probe::start(&pair.lab, &["--rate", "2", NOBODY_STAYS]);

    let mut ahead = 0;
    let (node, result) = lost(pair, |node| {
        pair.until_door_up(NOBODY_STAYS);
        ahead = pair.ahead_of(node);
        signal(pair, node, "STOP");
    });
    fails_beyond(&mut usual, result["max_outage_ms"].as_f64().unwrap());
    let (code, usual) = usual.ends();
    let fresh = fresh.tally();
    signal(pair, &node, "CONT");

    assert_in_time(&result);
    assert_eq!(fresh.sent - fresh.ok, 1, "{fresh:?}");
    let taken_in = (ahead + 1).max(0).unsigned_abs() + UNDER_WAY;
    assert!(failed(&result, "new connections") <= taken_in, "{ahead} ahead: {result:#}");
    assert!(failed(&result, "reused connection") > 0, "it was met: {result:#}");
    assert_eq!((code, &usual["result"]), (1, &"outage".into()), "{usual:#}");
    assert!(failed(&usual, "new connections") > failed(&result, "new connections"), "{result:#}\n{usual:#}");
}

/// Reads on until new connections fail that came so long after the first one to fail.
fn fails_beyond(watching: &mut Watching, long: f64) {
    let mut first = None;
    watching.awaited("new connections go on failing", |line| {
        let probe = &line["probe"];
        let fails = probe["lane"] == "new connections" && probe["result"] != "ok";
        let at = probe["scheduled_ms"].as_f64().filter(|_| fails)?;
        (at > *first.get_or_insert(at) + long).then_some(())
    });
}

fn a_node_that_is_cut_off_is_left_in_time(pair: &Pair) {
    let (node, result) = lost(pair, |node| pair.lab.fault("unplug", node, "on"));
    pair.lab.fault("unplug", &node, "off");

    assert_in_time(&result);
    assert!(failed(&result, "reused connection") > 0, "it was met: {result:#}");
}

fn a_server_that_is_killed_is_left_in_time(pair: &Pair) {
    let (_, result) = lost(pair, |node| signal(pair, node, "KILL"));

    assert_in_time(&result);
}

fn the_address_is_there_again_in_time_after_its_holder_lost_power(pair: &Pair) {
    pair.until_up();
    let (holder, other) = pair.holder();
    let moves = format!("keepalived/{holder}/etc/keepalived/keepalived.conf");
    let mut watching = pair.watched(VIP, &[WRITTEN, &moves]);

    pair.lab.fault("power-off", holder, "on");
    until("the other one holds the address", || pair.holds(other));
    watching.until(&LANES, "ok", OVER);
    let (_, result) = watching.ends();
    pair.lab.fault("power-off", holder, "off");

    assert_in_time(&result);
    LANES.iter().for_each(|lane| assert!(failed(&result, lane) > 0, "it was met: {result:#}"));
}

fn nginx_serves_in_its_place_and_the_address_moves(pair: &Pair) {
    pair.changes_to_nginx();
    pair.lab.until_balanced();
    pair.assert_told(VIP, "passes-through", &[]);
    let (holder, other) = pair.holder();

    pair.lab.fault("power-off", holder, "on");
    until("the other one holds the address", || pair.holds(other));

    pair.lab.until_balanced();
}
