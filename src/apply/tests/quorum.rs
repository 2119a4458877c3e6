//! A server that says ok while its etcd has no quorum.

use std::sync::Arc;

use crate::{
    api::{
        Access,
        tests::cluster::{Cluster as Servers, cluster, wire},
    },
    node::{self, NodeMut, Target},
    plan::Cluster,
    rollout::{NotReady, ready},
    world::{Reach, World},
};

struct Nowhere;

impl Reach for Nowhere {
    fn connect(&self, _: &Target) -> Result<Box<dyn NodeMut>, node::Error> {
        unreachable!("the wire alone is looked at")
    }

    fn host(&self, target: &Target) -> String {
        target.host.clone()
    }
}

fn ready_at(servers: &Servers) -> Result<(), NotReady> {
    let world = World {
        reach: Arc::new(Nowhere),
        wire: wire(),
        now: jiff::Timestamp::now,
        random: crate::world::random_octets,
        state: "/nowhere".into(),
        operator: "ann@laptop".into(),
    };
    let Access { kubeconfigs, context } = servers.access();
    let cluster = Cluster { context, kubeconfig: kubeconfigs, ..Cluster::default() };
    ready(&world, &cluster, &servers.endpoint)
}

fn without_quorum(line: &str) -> Option<(u16, String)> {
    let body = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"etcdserver: request timed out","code":500}"#;
    line.contains("/api/v1/namespaces/kube-system").then(|| (500, body.to_owned()))
}

fn forbidden(line: &str) -> Option<(u16, String)> {
    let body = r#"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"forbidden","reason":"Forbidden","code":403}"#;
    line.contains("/api/v1/namespaces").then(|| (403, body.to_owned()))
}

fn nowhere(_: &str) -> Option<(u16, String)> {
    None
}

#[test]
fn a_server_without_quorum_is_not_ready_whatever_it_says_of_itself() {
    let error = ready_at(&cluster(&["kubernetes"], without_quorum)).unwrap_err();

    assert!(error.to_string().ends_with("the API answered 500: etcdserver: request timed out"), "{error}");
}

#[test]
fn a_server_that_does_not_show_the_object_is_ready() {
    for answers in [forbidden, nowhere] {
        let ready = ready_at(&cluster(&["kubernetes"], answers));
        assert!(ready.is_ok(), "{ready:?}");
    }
}
