//! What a machine is not changed for.

use super::*;
use crate::report::Code;

#[test]
fn machines_that_would_not_agree_while_they_change_are_refused() {
    let alike = "vrrp_instance a {\n    virtual_router_id 51\n    interface eth0\n    unicast_peer {\n        10.0.0.2\n    }\n    \
                 virtual_ipaddress {\n        172.22.22.3/24 dev eth0\n    }\n}\n";
    let file = || desired(vec![(&KEEPALIVED, vec![wish(KEEPALIVED.main, 0o644, alike)])]);
    let group = |old: &str| Machine::new().with(KEEPALIVED.main, old).plans(&file());
    for (from, to, key) in [
        ("virtual_router_id 51", "virtual_router_id 52", "virtual_router_id: 52"),
        ("interface eth0", "interface eth1", "interface: eth1"),
        ("interface eth0", "interface eth0\n    advert_int 2", "advert_int: 2"),
        (
            "interface eth0",
            "authentication {\n auth_pass x\n}\n    interface eth0",
            "authentication: a password",
        ),
        ("unicast_peer {\n        10.0.0.2\n    }\n", "", "how peers are spoken to: multicast"),
        ("172.22.22.3/24", "172.22.22.4/24", "virtual_ipaddress: 172.22.22.4"),
        ("vrrp_instance a", "vrrp_instance b { virtual_router_id 9 }\nvrrp_instance a", "2 instances"),
    ] {
        let found = group(&alike.replace(from, to)).unwrap_err();

        assert_eq!(found[0].code, Code::BalancerGroupLeft, "{found:?}");
        assert!(found[0].message.contains(key), "{found:?}");
    }
    assert!(group(alike).unwrap().step.is_none());
    assert!(group("virtual_server 10.0.0.1 80 { }\n").unwrap().step.is_some());
}

#[test]
fn what_else_is_served_is_kept_unless_that_is_what_is_wanted() {
    let machine = || Machine::new().with(CONFIG, "listen web\n    bind *:443\n");
    let nginx = || desired(vec![(&NGINX, vec![wish("/etc/nginx/nginx.conf", 0o644, "stream {}\n")])]);
    let sites = Machine::new().with("/etc/nginx/nginx.conf", "http {\n    include sites-enabled/*;\n}\n");

    let refused = [machine().plans(&haproxy()), sites.plans(&nginx())].map(Result::unwrap_err);
    let forced = machine().plans(&Desired { over: Over::Anything, ..haproxy() });

    assert!(refused.iter().all(|found| found[0].code == Code::BalancerServesMore), "{refused:?}");
    assert!(refused[0][0].message.contains("port 443"), "{refused:?}");
    assert!(forced.unwrap().step.is_some());
}

#[test]
fn a_unit_that_cannot_reload_is_no_machines_to_restart() {
    for (unit, is_fit) in [
        ("[Service]\nExecReload=/bin/kill -USR2 $MAINPID\n", true),
        ("[Service]\nType=notify-reload\n", true),
        ("[Service]\nExecStart=/usr/sbin/haproxy\n", false),
        ("[Service]\nExecReload=/bin/true\n\n[Service]\nExecReload=\n", false),
    ] {
        let machine = || Machine { unit_file: unit, ..Machine::new() }.with(CONFIG, "old\n");

        let planned = machine().plans(&haproxy());
        let stopped = Machine { unit: UnitSeen::Inactive, ..machine() }.plans(&haproxy());

        let found = planned.err().map(|findings| findings[0].code);
        assert_eq!(found, (!is_fit).then_some(Code::BalancerCannotReload), "{unit}");
        assert!(stopped.is_ok(), "{unit}");
    }
}

#[test]
fn what_stands_in_the_way_is_told_by_its_code() {
    let keepalived = |text: &str| vec![(&KEEPALIVED, vec![wish(KEEPALIVED.main, 0o644, text)])];
    let group = "vrrp_instance a {\n    virtual_router_id 52\n}\n";
    for (machine, desired, code) in [
        (Machine { has_programs: false, ..Machine::new() }, haproxy(), Code::BalancerProgramMissing),
        (Machine { unit: UnitSeen::Missing, ..Machine::new() }, haproxy(), Code::BalancerProgramMissing),
        (Machine { addresses: "172.22.22.9", ..Machine::new() }, haproxy(), Code::BalancerCannotBind),
        (Machine::new().with(USERS, "root:x:0:0\n"), desired(keepalived("")), Code::BalancerUserMissing),
        (
            Machine::new().with(KEEPALIVED.main, &group.replace("52", "51")),
            desired(keepalived(group)),
            Code::BalancerGroupLeft,
        ),
    ] {
        let found = machine.plans(&desired).unwrap_err();

        assert_eq!(found[0].code, code, "{found:?}");
    }
}
