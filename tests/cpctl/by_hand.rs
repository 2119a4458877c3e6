//! Names added to API servers that were set up by hand, with the shipped binary on rehearsed machines.

use std::{fs, path::Path};

use cpctl::{cert::ServingCert, rehearse::Kind};

use super::desk::Desk;

const HOME: &str = "/var/lib/kubernetes";

fn text(desk: &Desk, node: &str, file: &str) -> String {
    let path = desk.cluster.machine(node).unwrap().path(&Path::new(HOME).join(file)).unwrap();
    fs::read_to_string(path).unwrap()
}

fn stored(desk: &Desk) -> Vec<String> {
    ["cp1", "cp2", "cp3"].map(|node| text(desk, node, "kubernetes.pem")).to_vec()
}

fn leaf(pem: &str) -> ServingCert {
    ServingCert::all_from_pem(pem.as_bytes()).unwrap().remove(0)
}

/// Takes the CA's key away from every node, and gives it a place on this machine.
fn without_ca_key(desk: &Desk) -> String {
    let key = desk.path("ca-key.pem");
    fs::write(&key, text(desk, "cp1", "ca-key.pem")).unwrap();
    for (_, machine) in desk.cluster.machines() {
        fs::remove_file(machine.path(&Path::new(HOME).join("ca-key.pem")).unwrap()).unwrap();
    }
    format!("localhost:{}", key.display())
}

#[test]
fn the_name_is_served_by_every_node_and_undo_brings_back_every_byte() {
    let desk = Desk::of(Kind::ByHand);
    let (before, vip) = (stored(&desk), desk.cluster.endpoint().host.clone());
    let add = ["certs", "add-san", &vip.to_string(), "--yes"];
    desk.run(&["verify"]).exits(1);

    desk.run(&add).exits(0);

    desk.run(&["verify"]).exits(0);
    for (old, new) in before.iter().zip(stored(&desk)) {
        let (old, new) = (leaf(old), leaf(&new));
        assert!(new.sans.is_superset(&old.sans) && new.sans.contains(&vip), "{}", new.sans);
        assert_eq!(
            (&new.public_key, &new.subject, &new.issuer),
            (&old.public_key, &old.subject, &old.issuer)
        );
        assert_ne!(new.serial, old.serial);
    }
    let made = stored(&desk);
    assert!(desk.run(&add).exits(0).stdout.contains("nothing to do"));
    assert_eq!(stored(&desk), made);
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!(stored(&desk), before);
}

#[test]
fn a_ca_key_on_the_operators_machine_signs_for_every_node_and_stays_there() {
    let desk = Desk::of(Kind::ByHand);
    let vip = desk.cluster.endpoint().host.to_string();
    let place = without_ca_key(&desk);
    let refused = desk.run(&["certs", "add-san", &vip, "--yes"]).exits(2);
    assert!(refused.stderr.contains("--ca-key USER@HOST:PATH"), "{}", refused.shown());

    desk.run(&["certs", "add-san", &vip, "--yes", "--ca-key", &place]).exits(0);

    desk.run(&["verify"]).exits(0);
    let secret = fs::read_to_string(desk.path("ca-key.pem")).unwrap();
    let line = secret.lines().nth(1).unwrap();
    assert!(!desk.has_journalled(line), "the key is in the journal");
    for (_, machine) in desk.cluster.machines() {
        assert!(!machine.path(&Path::new(HOME).join("ca-key.pem")).unwrap().exists());
    }
    desk.run(&["undo", "--yes"]).exits(0);
}

#[test]
fn a_key_that_signs_for_another_ca_is_refused_before_any_change() {
    let desk = Desk::of(Kind::ByHand);
    let (before, vip) = (stored(&desk), desk.cluster.endpoint().host.to_string());
    let other = openssl::pkey::PKey::ec_gen("prime256v1").unwrap();
    fs::write(desk.path("other.pem"), other.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let typed = |file: &str| format!("localhost:{}", desk.path(file).display());

    let wrong = desk.run(&["certs", "add-san", &vip, "--yes", "--ca-key", &typed("other.pem")]).exits(2);
    let missing = desk.run(&["certs", "add-san", &vip, "--yes", "--ca-key", &typed("no.pem")]).exits(2);

    assert!(wrong.stderr.contains("is not the key of"), "{}", wrong.shown());
    assert!(missing.stderr.contains("there is no"), "{}", missing.shown());
    assert_eq!(stored(&desk), before);
}

#[test]
fn a_ca_key_means_nothing_to_nodes_that_sign_with_their_own() {
    let desk = Desk::new();
    let vip = desk.cluster.endpoint().host.to_string();
    let place = "cp1:/var/snap/microk8s/current/certs/ca.key";

    let refused = desk.run(&["certs", "add-san", &vip, "--yes", "--ca-key", place]).exits(2);

    assert!(
        refused.stderr.contains("`--ca-key` is for nodes of kubeadm's or set up by hand"),
        "{}",
        refused.shown()
    );
}
