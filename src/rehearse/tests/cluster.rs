//! The running cluster, seen by clients.

use std::{
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
};

use k8s_openapi::api::{authentication::v1::SelfSubjectReview, core::v1::Node, discovery::v1::EndpointSlice};
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};

use super::*;
use crate::rehearse::{
    Cluster, Fault, KUBELITE,
    pki::Authority,
    probe::{Failure, Probe},
};

fn started() -> (TempDir, Cluster) {
    let directory = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(directory.path(), Timestamp::now()).unwrap();
    (directory, cluster)
}

fn api(cluster: &Cluster, name: &str) -> String {
    cluster.targets().into_iter().find(|target| target.name == name).unwrap().api.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test is the client")]
fn dial(at: &str) -> std::io::Result<TcpStream> {
    TcpStream::connect(at)
}

/// The certificate that a server shows, and what it answers to a request for `/readyz`.
fn asked(
    at: &str,
    identity: Option<(&X509, &openssl::pkey::PKeyRef<openssl::pkey::Private>)>,
) -> Option<(X509, String)> {
    let mut client = SslConnector::builder(SslMethod::tls_client()).unwrap();
    client.set_verify(SslVerifyMode::NONE);
    if let Some((certificate, key)) = identity {
        client.set_certificate(certificate).unwrap();
        client.set_private_key(key).unwrap();
    }
    let config = client.build().configure().unwrap().use_server_name_indication(false);
    let mut tls = config.verify_hostname(false).connect("", dial(at).ok()?).ok()?;
    tls.write_all(b"GET /readyz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    tls.read_to_string(&mut answer).ok()?;
    Some((tls.ssl().peer_certificate()?, answer))
}

fn shown(at: &str) -> Option<X509> {
    asked(at, None).map(|(cert, _)| cert)
}

fn with_client<T>(cluster: &Cluster, call: impl AsyncFnOnce(kube::Client) -> kube::Result<T>) -> T {
    let kubeconfig = kube::config::Kubeconfig::from_yaml(&cluster.kubeconfig()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let config = kube::Config::from_custom_kubeconfig(kubeconfig, &Default::default()).await.unwrap();
        call(kube::Client::try_from(config).unwrap()).await.unwrap()
    })
}

#[test]
fn a_kubernetes_client_finds_version_user_nodes_and_servers() {
    let (_directory, cluster) = started();

    let (version, user, nodes, slices, kinds) = with_client(&cluster, async |client| {
        let reviews = kube::Api::<SelfSubjectReview>::all(client.clone());
        let review = reviews.create(&Default::default(), &SelfSubjectReview::default()).await?;
        let nodes = kube::Api::<Node>::all(client.clone()).list(&Default::default()).await?;
        let slices = kube::Api::<EndpointSlice>::namespaced(client.clone(), "default");
        let slices = slices.list(&Default::default()).await?;
        let user = review.status.unwrap().user_info.unwrap();
        let kinds = client.list_core_api_resources("v1").await?.resources;
        Ok((client.apiserver_version().await?, user, nodes, slices, kinds))
    });

    assert_eq!(version.git_version, "v1.34.4");
    assert_eq!(user.username.as_deref(), Some("admin"));
    assert!(user.groups.unwrap().contains(&"system:masters".to_owned()));
    let names: Vec<_> = nodes.items.into_iter().filter_map(|node| node.metadata.name).collect();
    assert_eq!(names, ["cp1", "cp2", "cp3"]);
    assert_eq!(kinds.into_iter().map(|kind| kind.name).collect::<Vec<_>>(), ["nodes"]);
    let servers: Vec<_> = slices
        .items
        .into_iter()
        .map(|slice| format!("{}:{}", slice.endpoints[0].addresses[0], slice.ports.unwrap()[0].port.unwrap()))
        .collect();
    assert_eq!(servers, ["cp1", "cp2", "cp3"].map(|name| api(&cluster, name)));
}

#[test]
fn nobody_without_a_certificate_of_the_cluster_is_told_anything() {
    let (_directory, cluster) = started();
    let stranger = Authority::new(Timestamp::now()).unwrap().administrator().unwrap();
    let certificate = X509::from_pem(stranger.certificate.as_bytes()).unwrap();
    let key = openssl::pkey::PKey::private_key_from_pem(stranger.key.as_bytes()).unwrap();

    for identity in [None, Some((&certificate, &*key))] {
        let (_, answer) = asked(&api(&cluster, "cp2"), identity).unwrap();
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        assert!(answer.contains(r#""kind":"Status""#), "{answer}");
    }
}

#[test]
fn a_new_certificate_is_served_without_a_restart_or_a_failed_request() {
    let (_directory, cluster) = started();
    let (at, pid) = (api(&cluster, "cp2"), cluster.machine("cp2").unwrap().unit(KUBELITE));
    let probe = cluster.probe().unwrap();
    let mut node = SimulatedNode::open(&cluster.targets()[1]).unwrap();

    let acts =
        [edit(cluster.machine("cp2").unwrap()), function("refresh_csr_conf"), function("gen_server_cert")];
    node.act(&acts).unwrap();

    until("cp2 serves the new name", || {
        shown(&at).is_some_and(|cert| names(&cert).contains(&"172.22.22.3".to_owned()))
    });
    until("each server has been asked since", || probe.counts().answered >= 6);
    let counts = probe.stop();
    assert_eq!(counts.failed, Default::default());
    assert_eq!(counts.sent, counts.answered);
    assert_eq!(cluster.machine("cp2").unwrap().unit(KUBELITE), pid);
}

#[test]
fn a_server_that_was_restarted_serves_what_is_on_the_disk() {
    let (_directory, cluster) = started();
    let (at, machine) = (api(&cluster, "cp3"), cluster.machine("cp3").unwrap());
    machine.set(Fault::NoHotReload).unwrap();
    let mut node = SimulatedNode::open(&cluster.targets()[2]).unwrap();
    node.act(&[function("gen_server_cert"), Act::Restart { unit: KUBELITE.into() }]).unwrap();
    let on_disk = X509::from_pem(&bytes(machine, &cert("server.crt"))).unwrap();

    until("cp3 serves the file", || shown(&at).is_some_and(|cert| serial(&cert) == serial(&on_disk)));
}

#[test]
fn the_balancer_takes_turns_and_goes_past_a_server_that_is_down() {
    let (_directory, cluster) = started();
    let at = cluster.endpoint().to_string();
    let seen = || {
        let serials = (0..6).map(|_| serial(&shown(&at).unwrap()).to_hex_str().unwrap().to_string());
        serials.collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(seen(), 3);

    cluster.machine("cp2").unwrap().stop_unit(KUBELITE).unwrap();
    until("cp2 refuses", || dial(&api(&cluster, "cp2")).is_err());

    assert_eq!(seen(), 2);
}

#[test]
fn the_probe_counts_what_fails() {
    let (_directory, cluster) = started();
    let probe = cluster.probe().unwrap();
    until("some are answered", || probe.counts().answered > 0);

    for (_, machine) in cluster.machines() {
        machine.set(Fault::Dead).unwrap();
    }
    until("some fail", || probe.counts().failures() > 0);

    let counts = probe.stop();
    assert_eq!(counts.sent, counts.answered + counts.failures());
}

#[test]
fn the_probe_believes_no_other_ca() {
    let (_directory, cluster) = started();
    let other = Authority::new(Timestamp::now()).unwrap();
    let who = other.administrator().unwrap();

    let probe = Probe::start(cluster.endpoint(), &other.certificate, &who, 0).unwrap();
    until("some fail", || probe.counts().failures() > 0);

    let counts = probe.stop();
    assert_eq!(counts.answered, 0);
    assert_eq!(counts.failed.into_keys().collect::<Vec<_>>(), [Failure::Handshake]);
}

#[test]
fn the_endpoint_is_named_by_no_certificate_yet() {
    let (_directory, cluster) = started();
    let host = cluster.endpoint().host.to_string();

    for target in cluster.targets() {
        assert!(!names(&shown(&target.api.unwrap()).unwrap()).contains(&host));
    }
}

#[test]
fn the_cluster_keeps_the_time_that_it_is_given() {
    let directory = tempfile::tempdir().unwrap();
    let now: Timestamp = "2031-02-03T04:05:06Z".parse().unwrap();
    let cluster = Cluster::start(directory.path(), now).unwrap();
    let probe = cluster.probe().unwrap();
    until("the probe has an outcome", || {
        let counts = probe.counts();
        counts.answered + counts.failures() > 0
    });

    let clock = cluster.machine("cp1").unwrap().clock();
    let cert = shown(&api(&cluster, "cp1")).unwrap();

    assert_eq!(probe.stop().failed, Default::default());
    assert!((now.as_second()..now.as_second() + 600).contains(&clock));
    assert!(*cert.not_before() < *openssl::asn1::Asn1Time::from_unix(clock).unwrap());
    assert!(*cert.not_after() > *openssl::asn1::Asn1Time::from_unix(clock).unwrap());
}

#[test]
fn the_files_that_a_newcomer_is_given_lead_to_the_cluster_and_are_his_alone() {
    #[derive(serde::Deserialize)]
    struct Inventory {
        endpoint: crate::endpoint::Endpoint,
        nodes: Vec<Target>,
    }
    let (_directory, cluster) = started();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;

    let inventory: Inventory = serde_saphyr::from_str(&cluster.inventory_yaml()).unwrap();

    assert_eq!(&inventory.endpoint, cluster.endpoint());
    assert_eq!(inventory.nodes, cluster.targets());
    assert_eq!(std::fs::read_to_string(cluster.inventory_path()).unwrap(), cluster.inventory_yaml());
    assert_eq!(std::fs::read_to_string(cluster.kubeconfig_path()).unwrap(), cluster.kubeconfig());
    assert_eq!(mode(cluster.kubeconfig_path().parent().unwrap()), 0o700);
    assert_eq!(mode(&cluster.kubeconfig_path()), 0o600);
    assert!(cluster.kubeconfig().contains("# ") && cluster.kubeconfig().contains("x-team:"));
}

#[test]
fn a_cluster_that_is_stopped_leaves_no_port_and_no_thread() {
    const VARIABLE: &str = "CPCTL_TEST_CLUSTER";
    let test = "rehearse::tests::cluster::a_cluster_that_is_stopped_leaves_no_port_and_no_thread";
    if std::env::var_os(VARIABLE).is_none() {
        return in_another_process(test, VARIABLE, Path::new("stop"));
    }
    let (_directory, cluster) = started();
    let probe = cluster.probe().unwrap();
    until("some are answered", || probe.counts().answered > 0);
    let mut ports: Vec<_> = cluster.targets().into_iter().filter_map(|target| target.api).collect();
    ports.push(cluster.endpoint().to_string());
    let open = ports.iter().map(|at| dial(at).unwrap()).collect::<Vec<_>>();

    probe.stop();
    drop(cluster);

    assert!(ports.iter().all(|at| dial(at).is_err()));
    assert!(open.into_iter().all(|mut stream| !matches!(stream.read(&mut [0]), Ok(1))));
    #[cfg(target_os = "linux")]
    until("the threads are gone", || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm"));
        !tasks.filter_map(|task| name(task.ok()?).ok()).any(|name| name.starts_with("rehearsal"))
    });
}
