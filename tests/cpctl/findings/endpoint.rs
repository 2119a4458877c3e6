//! Findings about where an address is, and about the API servers behind it.

use cpctl::{
    check::{
        self,
        front::{self, Ready, User},
    },
    probe::Lifetime,
    rehearse::Kind,
};

use super::{
    Desk, assert_told,
    front::evidence::{self, VIP, at, said},
    rendered,
};

#[test]
fn an_address_is_told_by_where_it_lies_and_where_its_records_lead() {
    let ip = |text: &str| text.parse().unwrap();
    let ranges = [("services", "10.96.0.0/12".parse().unwrap()), ("pods", "172.16.0.0/12".parse().unwrap())];
    let name = at("cp.example.internal:16443");

    let inside = check::inside(&at(VIP), &[ip("172.22.22.3")], &ranges);
    let found = [ip("172.22.22.3"), ip("192.0.2.9")];
    let records = check::records(&name, &found, &found[..1], &found[1..]);

    let resolved = [("cp1".into(), Ok(vec![ip("192.0.2.9")])), ("cp2".into(), Ok(vec![]))];
    let split = check::split(&name, &found, &resolved);

    let server = ip("192.0.2.53");
    let lifetime = Lifetime { seconds: 3600, kind: "A", server, is_whole: true };
    let lasting = check::lasting(&name, &found, &lifetime).unwrap();

    let all = inside.into_iter().chain(records).chain(split).chain(lasting);
    assert_told!("whereabouts", rendered(all.collect()));
}

#[test]
fn servers_are_told_by_what_they_answer_at_their_own_addresses() {
    let seen = evidence::with(|seen| {
        seen.nodes[0].face.version = Some("v1.33.9".into());
        seen.nodes[1].face.ready = Ready::No("etcd failed".into());
        seen.nodes[2].face.user = User::Refused(403);
        seen.nodes[2].face.tls.as_mut().unwrap().names_host = false;
        seen.nodes[2].face.tls.as_mut().unwrap().said = said(200, "ok");
    });

    let found = front::servers(&seen, |node| (node == "cp3").then_some(&[401][..]));

    assert_told!("servers", rendered(found));
    assert_eq!(front::servers(&evidence::through(), |_| Some(&[200, 401])), []);
}

#[test]
fn what_leads_elsewhere_is_told_with_the_verb_that_moves_it() {
    let desk = Desk::of(Kind::Kubeadm);
    let check = ["preflight", "--only", "references,kubeconfig-elsewhere"];

    let told = desk.plays(&[&check, &[&check[..], &["-o", "json"]].concat()]);

    assert_told!("elsewhere", told);
}
