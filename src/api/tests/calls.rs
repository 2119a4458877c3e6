//! What is asked and answered, and how a server is reached.

use std::{
    io::{Read as _, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    cluster::{Heard, cluster, cluster_answering, not_found, plain, read_request, wire},
    *,
};
use crate::probe::server::{listen, serve};

#[test]
fn calls_are_answered_with_the_context_s_certificate() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let api = cluster.api(&cluster.access()).unwrap();

    assert_eq!(api.version().unwrap(), "v1.34.4");
    api.readyz().unwrap();
    assert_eq!(api.whoami().unwrap(), "admin");
    let heard = cluster.heard.lock().unwrap().clone();
    assert!(heard.iter().all(|heard| heard.user.as_deref() == Some("kube-apiserver")), "{heard:?}");
    assert_eq!(heard.len(), 3);
    assert!(!api.is_insecure());
}

#[test]
fn servers_and_nodes_are_told_in_order() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let api = cluster.api(&cluster.access()).unwrap();

    let servers: Vec<_> = api.servers().unwrap().iter().map(ToString::to_string).collect();
    let nodes = api.nodes().unwrap();

    assert_eq!(servers, ["10.0.0.11:16443", "10.0.0.12:16443"]);
    let told: Vec<_> =
        nodes.iter().map(|node| (node.name.as_str(), node.address.as_str(), node.is_control_plane)).collect();
    let expected = [("cp1", "10.0.0.11", true), ("cp2", "10.0.0.12", true), ("worker", "10.0.0.21", false)];
    assert_eq!(told, expected);
}

#[test]
fn each_client_dials_anew() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let (access, dialled) = (cluster.access(), Arc::new(AtomicUsize::new(0)));
    let (count, target) = (dialled.clone(), cluster.endpoint.clone());
    let front = forward(move || {
        count.fetch_add(1, Ordering::SeqCst);
        target.clone()
    });

    for _ in 0..3 {
        Api::new(&wire(), &access, Some(&front), VerifyAs::Host).unwrap().readyz().unwrap();
    }

    assert_eq!(dialled.load(Ordering::SeqCst), 3);
}

/// A load balancer that passes bytes through.
#[expect(clippy::disallowed_methods, reason = "the test's own load balancer")]
fn forward(pick: impl Fn() -> Endpoint + Send + Sync + 'static) -> Endpoint {
    serve(move |front| pass(front, std::net::TcpStream::connect(pick().to_string()).unwrap()))
}

pub(super) fn pass(front: std::net::TcpStream, back: std::net::TcpStream) {
    let (mut from_front, mut to_back) = (front.try_clone().unwrap(), back.try_clone().unwrap());
    let (mut from_back, mut to_front) = (back, front);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_front, &mut to_back);
        let _ = to_back.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut from_back, &mut to_front);
    let _ = to_front.shutdown(std::net::Shutdown::Write);
}

#[test]
fn a_server_that_knows_no_self_review_is_met_politely() {
    let cluster = cluster(&["127.0.0.1"], |line| line.starts_with("POST").then(|| (404, not_found())));

    assert_eq!(cluster.api(&cluster.access()).unwrap().whoami().unwrap(), "kube-apiserver");
}

#[test]
fn what_is_not_ready_is_told() {
    let cluster = cluster(&["127.0.0.1"], |_| {
        Some((500, "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n".into()))
    });

    let error = cluster.api(&cluster.access()).unwrap().readyz().unwrap_err();

    let endpoint = cluster.endpoint.clone();
    assert_eq!(
        error,
        Error::Status { endpoint, status: 500, message: "etcd failed: reason withheld".into() }
    );
}

#[test]
fn nobody_there_is_told_in_words() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let (listener, closed) = listen();
    drop(listener);
    let silent = serve(|mut tcp| while tcp.read(&mut [0; 512]).is_ok_and(|count| count > 0) {});
    let hangs_up = serve(drop);
    let access = cluster.access();
    let ask = |wire: &Wire, endpoint: &Endpoint| {
        Api::new(wire, &access, Some(endpoint), VerifyAs::Host).unwrap().readyz().unwrap_err()
    };

    let impatient = Wire::new(std::time::Duration::from_millis(150));

    assert_eq!(ask(&wire(), &closed).to_string(), format!("{closed}: cannot connect: connection refused"));
    assert_eq!(ask(&impatient, &silent), Error::Timeout { endpoint: silent, seconds: 1 });
    assert!(matches!(ask(&wire(), &hangs_up), Error::Tls { .. } | Error::Connect { .. }));
}

#[test]
fn a_proxy_is_dialled_instead() {
    let cluster = cluster(&["api.example.internal"], plain);
    let target = cluster.endpoint.clone();
    let asked = Arc::new(Mutex::new(String::new()));
    let note = asked.clone();
    #[expect(clippy::disallowed_methods, reason = "the test's own proxy")]
    let proxy = serve(move |mut front| {
        *note.lock().unwrap() = read_request(&mut front).unwrap();
        front.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        pass(front, std::net::TcpStream::connect(target.to_string()).unwrap());
    });
    let line = format!("    proxy-url: http://me:p%40ss@{proxy}\n");
    let access = cluster.access_with(&cluster.ca_line(), &line, &cluster.client_lines());
    let endpoint: Endpoint = "api.example.internal:6443".parse().unwrap();

    let api = Api::new(&wire(), &access, Some(&endpoint), VerifyAs::Host).unwrap();

    assert_eq!(api.version().unwrap(), "v1.34.4");
    let asked = asked.lock().unwrap();
    assert!(asked.starts_with("CONNECT api.example.internal:6443 "), "{asked}");
    assert!(asked.contains("Basic bWU6cEBzcw=="), "{asked}");
}

#[test]
fn the_server_of_a_context_is_an_endpoint() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let access = cluster.access();

    assert_eq!(access.server().unwrap(), cluster.endpoint);
    assert_eq!(access.trust().unwrap().pem, cluster.ca.pem.replace("\r\n", "\n"));
    let other = Access { context: "none".into(), ..access };
    assert!(other.server().unwrap_err().to_string().ends_with("it has no context `none`"));
}

#[test]
fn of_a_secret_only_the_metadata_is_asked_for() {
    const PATH: &str = "/api/v1/namespaces/kube-system/secrets/k3s-serving";
    let cluster = cluster_answering(&["127.0.0.1"], |line, _| {
        let secret = serde_json::json!({
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": {"name": "k3s-serving", "annotations": {"listener.cattle.io/static": "true"}}
        });
        let absent = serde_json::json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404
        });
        let is_it = line.starts_with(&format!("GET {PATH}"));
        Some(if is_it { (200, secret.to_string()) } else { (404, absent.to_string()) })
    });
    let api = cluster.api(&cluster.access()).unwrap();

    let found = api.annotations("kube-system", "k3s-serving").unwrap().unwrap();
    let absent = api.annotations("kube-system", "other").unwrap();

    assert_eq!(found.into_iter().collect::<Vec<_>>(), [("listener.cattle.io/static".into(), "true".into())]);
    assert_eq!(absent, None);
    let asks_for_metadata = |heard: &Heard| heard.head.to_lowercase().contains("as=partialobjectmetadata;");
    assert!(cluster.heard.lock().unwrap().iter().all(asks_for_metadata));
}

#[test]
fn a_text_of_a_config_map_is_replaced_only_while_it_is_the_one_that_was_read() {
    const PATH: &str = "/api/v1/namespaces/kube-system/configmaps/";
    let cluster = cluster_answering(&["127.0.0.1"], |line, body| {
        let map = serde_json::json!({
            "kind": "ConfigMap", "apiVersion": "v1",
            "metadata": {"name": "one", "resourceVersion": "7"}, "data": {"text": "old"}
        });
        let stale = serde_json::json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "modified", "code": 409
        });
        let (method, path) = line.split_once(' ')?;
        path.starts_with(PATH).then_some(())?;
        let is_missing = !path.contains("/one");
        Some(match method {
            _ if is_missing => return None,
            "PATCH" if body == r#"{"data":{"text":"new"},"metadata":{"resourceVersion":"7"}}"# => {
                (200, map.to_string())
            }
            "PATCH" => (409, stale.to_string()),
            _ => (200, map.to_string()),
        })
    });
    let api = cluster.api(&cluster.access()).unwrap();
    let read = |key: &str| api.config_text("kube-system", "one", key).unwrap();

    let seen = read("text").unwrap();

    assert_eq!(seen.text, "old");
    assert!(read("other").is_none());
    api.replace_config_text("kube-system", "one", "text", &seen.with("new".into())).unwrap();
    let refused = api.replace_config_text("kube-system", "one", "text", &seen.with("newer".into()));
    assert!(matches!(refused, Err(Error::Status { status: 409, .. })), "{refused:?}");
}
