//! Names added to servers of RKE2, with the shipped binary on rehearsed machines.

use std::{fs, time::Duration};

use cpctl::{cert::ServingCert, endpoint::Endpoint, probe::Wire, rehearse::Kind, san::SanSet};

use super::{
    desk::{Desk, NODES},
    k3s::{configurations, file},
    told::assert_told,
};

const JOINING: u16 = 9345;
const SHARED: &str = "/var/lib/rancher/rke2/server/tls/dynamic-cert.pem";

/// What each server serves to clients, and where others join.
fn served(desk: &Desk) -> Vec<[ServingCert; 2]> {
    let wire = Wire::new(Duration::from_secs(5));
    let joining = |api: &Endpoint| wire.presented(&Endpoint::new(api.host.clone(), JOINING)).unwrap().leaf;
    desk.api_servers().iter().map(joining).zip(desk.served()).map(|(shared, own)| [shared, own]).collect()
}

fn names(served: &[[ServingCert; 2]]) -> Vec<SanSet> {
    served.iter().flatten().map(|leaf| leaf.sans.clone()).collect()
}

#[test]
fn names_are_served_at_both_ports_after_one_restart_of_each_server_and_undo_takes_them_out_of_the_configuration()
 {
    let desk = Desk::of(Kind::Rke2);
    let (files, old) = (configurations(&desk), served(&desk));
    let vip = desk.cluster.endpoint().host.clone();
    let add = ["certs", "add-san", &vip.to_string(), "--yes"];

    desk.run(&add).exits(0);

    let new = served(&desk);
    for (new, old) in names(&new).iter().zip(names(&old)) {
        assert_eq!(*new, old.union(&SanSet::from_iter([vip.clone()])));
    }
    let has_another_key = |(new, old): (&ServingCert, &ServingCert)| new.public_key != old.public_key;
    let keys = new.iter().zip(&old).flat_map(|(new, old)| new.iter().zip(old).map(has_another_key));
    assert_eq!(keys.collect::<Vec<_>>(), [false, true].repeat(NODES.len()));
    assert!(desk.run(&add).exits(0).stdout.contains("nothing to do"));
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!((configurations(&desk), names(&served(&desk))), (files, names(&new)));
}

/// One that another server took in, or that was there before this one had its configuration.
#[test]
fn a_name_that_the_port_for_joining_alone_lacks_is_told_and_put_right() {
    let desk = Desk::of(Kind::Rke2);
    let before = fs::read(file(&desk, "cp2", SHARED)).unwrap();
    desk.run(&["certs", "add-san", "cp.example.internal", "--yes"]).exits(0);
    fs::write(file(&desk, "cp2", SHARED), before).unwrap();
    super::wait::until("the old certificate is served", || {
        !names(&served(&desk))[2].contains(&"cp.example.internal".parse().unwrap())
    });

    let drift = desk.run(&["certs", "drift"]).exits(1);
    desk.run(&["certs", "add-san", "cp.example.internal", "--yes"]).exits(0);

    assert_eq!(drift.stdout.matches("[name-unserved]").count(), 1, "{}", drift.shown());
    assert!(drift.stdout.contains(&format!(":{JOINING} does not serve it")), "{}", drift.shown());
    desk.run(&["certs", "drift"]).exits(0);
}

#[test]
fn a_port_for_joining_that_is_silent_stops_a_run_before_it_begins() {
    let desk = Desk::of(Kind::Rke2);
    fs::remove_file(file(&desk, "cp3", SHARED)).unwrap();
    let (machine, wire) = (desk.cluster.machine("cp3").unwrap(), Wire::new(Duration::from_secs(5)));
    let api = desk.api_servers().remove(2);
    let joining = Endpoint::new(api.host.clone(), JOINING);
    machine.stop_unit("rke2-server").unwrap();
    super::wait::until("both ports are silent", || {
        [&api, &joining].iter().all(|at| wire.presented(at).is_err())
    });
    machine.run_unit("rke2-server").unwrap();
    super::wait::until("the API server is back", || wire.presented(&api).is_ok());

    assert_told!("rke2-silent", desk.says(&["certs", "add-san", "cp.example.internal", "--yes"]));
}
