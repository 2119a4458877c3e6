//! How well a watch keeps its schedule: two hundred probes a second through a balancer that has a hung server among
//! three, and what that server costs.
//!
//! The servers and the balancer run on the same cores.

#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]
#![allow(clippy::disallowed_methods, reason = "the balancer of a bench is on the wire itself")]

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use cpctl::{
    api::{Access, Dialer, VerifyAs},
    endpoint::Endpoint,
    probe::Wire,
    rehearse::Cluster,
    san::San,
    watch::{Course, Event, Kind, Lane, Prober, Recording, Seen, Via, Way},
};
use jiff::Timestamp;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

const INTERVAL: Duration = Duration::from_millis(5);
const WITHIN: Duration = Duration::from_secs(2);
const LASTS: Duration = Duration::from_secs(15);

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let cluster = Cluster::start(&directory.path().join("cluster"), Timestamp::now()).expect("a cluster");
    let targets = cluster.targets();
    let apis = targets.iter().filter_map(|target| target.api.as_deref()?.parse().ok());
    let alive: Vec<SocketAddr> = apis.take(2).collect();
    let runtime = Runtime::new().expect("a runtime");

    println!("a probe every {} ms on a new connection, for {} s:", INTERVAL.as_millis(), LASTS.as_secs());
    show("three servers of three", &cluster, &runtime, [&alive[..], &alive[..1]].concat());
    let hung = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let hung = [&alive[..], &[hung_at(hung, &runtime)]].concat();
    show("one server of three hangs", &cluster, &runtime, hung);
}

/// A server that takes every connection and never says anything.
fn hung_at(listener: std::net::TcpListener, runtime: &Runtime) -> SocketAddr {
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("an open socket");
    runtime.spawn(async move {
        let listener = TcpListener::from_std(listener).expect("an open socket");
        let mut held = vec![];
        while let Ok((client, _)) = listener.accept().await {
            held.push(client);
        }
    });
    address
}

/// A balancer without health checks: each connection goes to the next server.
fn balancer(runtime: &Runtime, servers: Vec<SocketAddr>) -> Endpoint {
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    runtime.spawn(async move {
        for server in servers.into_iter().cycle() {
            let Ok((mut client, _)) = listener.accept().await else { break };
            tokio::spawn(async move {
                let Ok(mut server) = TcpStream::connect(server).await else { return };
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    Endpoint::new(San::Ip(Ipv4Addr::LOCALHOST.into()), port)
}

fn show(what: &str, cluster: &Cluster, runtime: &Runtime, servers: Vec<SocketAddr>) {
    let front = balancer(runtime, servers);
    let access = Access { kubeconfigs: vec![cluster.kubeconfig_path()], context: "rehearsal".into() };
    let dialer =
        Dialer::new(&Wire::new(WITHIN), &access, Some(&front), VerifyAs::Kubernetes).expect("a kubeconfig");
    let lane = Lane { kind: Kind::Fresh, via: Via::Shared, endpoint: front };
    let mut recording = Recording::new(vec![lane.clone()], INTERVAL, Timestamp::now());
    let course = Course { ways: vec![Way { lane, dialer }], interval: INTERVAL, within: WITHIN };

    let (prober, begun) = (Prober::start(course).expect("a thread"), Instant::now());
    let mut out = vec![];
    let mut take = |event: Event| {
        if let Event::Probed(record) = &event
            && record.seen != Seen::Unsent
        {
            out.extend([(record.start, true), (record.end, false)]);
        }
        recording.take(event);
    };
    while begun.elapsed() < LASTS {
        prober.next(INTERVAL).into_iter().for_each(&mut take);
    }
    prober.stop().for_each(take);

    let summary = recording.summary();
    let (numbers, late) = (&summary.lanes[0], summary.lateness.expect("probes"));
    println!("  {what}: {} sent, {} failed, {} unsent", numbers.sent, numbers.failed, numbers.unsent);
    println!("    at most {} out at once", most_at_once(out));
    println!("    late: p50 {:?}, p99 {:?}, at most {:?}", late.p50, late.p99, late.max);
    println!("    answers: {:?}", numbers.latency);
}

/// When probes left, and when they were back.
fn most_at_once(mut turns: Vec<(Duration, bool)>) -> usize {
    turns.sort();
    let mut out = 0_usize;
    let counts = turns.into_iter().map(|(_, leaves)| {
        out = if leaves { out + 1 } else { out.saturating_sub(1) };
        out
    });
    counts.max().unwrap_or_default()
}
