//! One fault put into a good configuration, and all that is told of it.

use super::*;

/// The finding, what is written in place of what, and the line that is told.
type Fault = (&'static str, &'static str, &'static str, &'static str);

const DEFAULT_SERVER: &str =
    "check-ssl check-sni kubernetes verify required ca-file /etc/haproxy/kube-ca.crt";
const HTTPCHK: &str = "option httpchk GET /readyz";
const BIND: &str = "    bind 10.0.0.9:6443";

const FAULTS: &[Fault] = &[
    ("tls-terminated", BIND, "    bind 10.0.0.9:6443 ssl crt /etc/haproxy/api.pem", "ssl crt"),
    ("tls-terminated", BIND, "    bind 10.0.0.9:6443 ssl crt-list /etc/list", "crt-list"),
    ("tls-reencrypted", "cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443 check ssl", "check ssl"),
    ("tls-reencrypted", DEFAULT_SERVER, "ssl verify required ca-file /ca", "ssl verify"),
    ("mode-http", "    balance leastconn", "    balance leastconn\n    mode http # x", "# x"),
    ("proxy-protocol", "cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443 check send-proxy-v2", "send-proxy-v2"),
    ("proxy-protocol", BIND, "    bind 10.0.0.9:6443 accept-proxy", "accept-proxy"),
    (
        "sni-only",
        "default_backend kube_api_nodes",
        "use_backend kube_api_nodes if { req.ssl_sni -i k8s }",
        "ssl_sni",
    ),
    ("backend-missing", "backend kube_api_nodes\n", "", "default_backend"),
    ("check-missing", "cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443", "cp2"),
    ("check-missing", "cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443 check no-check", "cp2"),
    ("check-connect-only", "    option httpchk GET /readyz\n    http-check expect status 200\n", "", "cp1"),
    (
        "check-connect-only",
        "    option httpchk GET /readyz\n    http-check expect status 200",
        "option tcp-check",
        "tcp-check",
    ),
    ("check-without-tls", DEFAULT_SERVER, "check-sni kubernetes", "cp1|cp2|cp3"),
    ("check-overridden", HTTPCHK, "option tcp-check\n    option httpchk GET /readyz", "tcp-check"),
    ("check-ssl-hello", HTTPCHK, "option ssl-hello-chk", "ssl-hello"),
    ("check-unverifiable", "cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443 check check-ssl", ""),
    ("check-unverifiable", DEFAULT_SERVER, "check-ssl", "cp1|cp2|cp3"),
    ("check-verifies-address", "check-sni kubernetes", "verifyhost 10.0.0.9", "verifyhost"),
    ("check-unverified", "verify required ca-file /etc/haproxy/kube-ca.crt", "verify none", "verify none"),
    ("check-method", HTTPCHK, "option httpchk HEAD /readyz", "HEAD"),
    ("check-method", HTTPCHK, "option httpchk /readyz", "httpchk"),
    ("check-path", HTTPCHK, "option httpchk GET /healthz", "healthz"),
    ("check-path", HTTPCHK, "option httpchk GET /readyz/etcd", "etcd"),
    ("check-path", HTTPCHK, "option httpchk\n    http-check send meth GET uri /", "http-check send"),
    ("check-unauthorized", "expect status 200", "expect status 401", "401"),
    ("check-unauthorized", "expect status 200", "expect rstatus ^(200|403)$", "403"),
    ("detection-slow", "inter 2s fastinter 500ms", "inter 20s fastinter 5s", "inter 20s"),
    ("detection-slow", "fall 3", "fall 12", "fall 12"),
    ("idle-cut", "timeout tunnel 4h", "timeout tunnel 30s", "tunnel"),
    ("idle-unclear", "timeout tunnel 4h", "timeout tunnel 31s", "tunnel"),
    ("idle-unclear", "timeout tunnel 4h", "timeout tunnel 0", "tunnel"),
    ("number-without-unit", "inter 2s fastinter", "inter 2 fastinter", "inter 2 "),
    ("sessions-kept", " on-marked-down shutdown-sessions", "", "cp1"),
    ("old-process-stays", "    hard-stop-after 15m\n", "", "tunnel"),
    ("pool-pinned", "balance leastconn", "balance source", "balance"),
    ("pool-pinned", "balance leastconn", "balance leastconn\n    stick on src", "stick on"),
    ("connections-few", "maxconn 4000", "maxconn 200", "maxconn"),
    ("connections-few", "cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443 check maxconn 50", "cp2"),
    ("stats-open", "bind 127.0.0.1:8404", "bind *:8404", "8404"),
    ("stats-password", "    http-request deny", "    stats auth a:b", "stats auth"),
    ("clients-hidden", "option srvtcpka", "option srvtcpka\n    option forwardfor", "forwardfor"),
    (
        "clients-hidden",
        "option clitcpka",
        "option clitcpka\n    http-request set-header X-Forwarded-For %[src]",
        "X-Forwarded-For",
    ),
    ("traffic-judged", "nbsrv(kube_api_nodes) lt 1", "be_conn(kube_api_nodes) lt 1", "be_conn"),
    ("traffic-judged", "nbsrv(kube_api_nodes) lt 1", "fe_conn(kube_api) eq 0", "fe_conn"),
    ("key-on-balancer", "    log /dev/log local0 info", "    ca-file /etc/kubernetes/pki/ca.key", "ca.key"),
    (
        "etcd-balanced",
        "frontend lb_ready",
        "listen etcd\n    bind :2379\n    server a 10.0.0.1:2379\nfrontend lb_ready",
        "listen etcd",
    ),
    ("pool-of-one", "    server cp2 10.0.0.2:6443 check\n    server cp3 10.0.0.3:6443 check\n", "", "cp1"),
    ("server-twice", "cp2 10.0.0.2", "cp2 10.0.0.1", "cp2"),
    ("pool-ports", "10.0.0.2:6443", "10.0.0.2:6001", "cp2"),
    ("pool-loop", "cp2 10.0.0.2", "cp2 10.0.0.9", "cp2"),
    ("address-public", BIND, "    bind 11.11.11.9:6443", "bind 11"),
    ("not-judged", "balance leastconn", "balanced leastconn", "balanced"),
    ("not-judged", BIND, "    bind \"$VIP\":6443", "VIP"),
    ("not-judged", "cp2 10.0.0.2:6443", "cp2 \"${CP2}\":6443", "cp2"),
    ("not-judged", "timeout tunnel 4h", "timeout tunnel \"$TUNNEL\"", "TUNNEL"),
    ("not-judged", "log global", "log 'global", "log '"),
];

#[test]
fn each_fault_is_told_at_its_line_and_nothing_else_is() {
    let (good, mut wrong) = (fixture("haproxy/kubeadm.cfg"), vec![]);
    for (code, from, to, line) in FAULTS {
        assert!(good.contains(from), "{from}");
        let faulty = good.replacen(from, to, 1);
        let is_meant =
            |text: &str| line.split('|').any(|part| !part.is_empty() && format!("{text}\n").contains(part));
        let lines = faulty
            .lines()
            .enumerate()
            .filter(|(_, text)| text.trim_start().starts_with(|c: char| c != '#') && is_meant(text));
        let expected: Vec<String> = lines.map(|(index, _)| format!("{code} {}", index + 1)).collect();

        let told = told_of(&faulty);
        if told != expected {
            wrong.push(format!("{code}, `{to}`: told {told:?}, expected {expected:?}"));
        }
    }

    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_defaults_say_counts_where_nothing_else_is_said() {
    let good = fixture("haproxy/kubeadm.cfg");

    let http = good.replacen("    mode tcp\n", "    mode http\n", 1);
    let cut = good.replacen("    timeout tunnel 4h\n", "", 1).replace("client 60s", "client 10s");
    let own = http.replace("kube_api_nodes\n    balance", "kube_api_nodes\n    mode tcp\n    balance");

    assert_eq!(told_of(&http), ["mode-http 17", "mode-http 22"]);
    assert_eq!(told_of(&own), ["mode-http 17"]);
    assert_eq!(told_of(&cut), ["idle-cut 14"]);
}

#[test]
fn a_guard_against_too_many_clients_and_a_header_that_is_taken_away_are_no_faults() {
    let good = fixture("haproxy/kubeadm.cfg");

    for (from, to) in [
        ("nbsrv(kube_api_nodes) lt 1", "fe_conn(kube_api) gt 5000"),
        ("option clitcpka", "option clitcpka\n    http-request del-header X-Forwarded-For"),
    ] {
        assert_eq!(told_of(&good.replacen(from, to, 1)), Vec::<String>::new(), "{to}");
    }
}

#[test]
fn a_check_that_asks_elsewhere_is_not_judged_by_what_api_servers_answer() {
    let good = fixture("haproxy/kubeadm.cfg").replace(DEFAULT_SERVER, "port 8080");

    let healthz = good.replace("GET /readyz", "/healthz").replace("    http-check expect status 200\n", "");

    assert_eq!(told_of(&healthz), Vec::<String>::new());
}

#[test]
fn what_depends_on_conditions_is_not_judged() {
    let good = fixture("haproxy/kubeadm.cfg");

    let text =
        good.replacen("    balance leastconn\n", "    .if defined(X)\n    balance source\n    .endif\n", 1);

    assert_eq!(told_of(&text), ["not-judged 22", "not-judged 23"]);
}

#[test]
fn a_comment_keeps_a_finding_quiet_until_its_day() {
    let good = fixture("haproxy/kubeadm.cfg");
    let with = |comment: &str| good.replacen("balance leastconn", &format!("balance source {comment}"), 1);
    let above = good.replacen(
        "    balance leastconn",
        "    # cpctl: ignore[pool-pinned] until=2026-11-21 one client\n    balance source",
        1,
    );

    assert_eq!(told_of(&above), Vec::<String>::new());
    assert_eq!(told_of(&with("# cpctl: ignore[pool-pinned] until=2026-11-21 one")), Vec::<String>::new());
    assert_eq!(
        told_of(&with("# cpctl: ignore[pool-pinned] until=2026-11-20 one")),
        ["ignore-expired 23", "pool-pinned 23"]
    );
    for unclear in
        ["[pool-pinned] until=2026-12-01", "[pool-pinned] one", "[pool-pined] until=2026-12-01 one", "[pool"]
    {
        assert_eq!(
            told_of(&with(&format!("# cpctl: ignore{unclear}"))),
            ["ignore-unclear 23", "pool-pinned 23"]
        );
    }
    assert_eq!(
        told_of(&with("# cpctl: ignore[mode-http] until=2027-01-01 one")),
        ["ignore-unused 23", "pool-pinned 23"]
    );
}

#[test]
fn a_check_that_says_who_asks_is_no_strangers() {
    let good = fixture("haproxy/kubeadm.cfg");
    let send = |words: &str| good.replace(HTTPCHK, &format!("option httpchk\n    http-check send {words}"));

    let token = send("meth HEAD uri /readyz hdr Authorization \"Bearer hunter2\"");
    let deep = send("meth GET uri /readyz/etcd hdr authorization \"Bearer hunter2\"");
    let early = send("meth GET uri /livez hdr Authorization \"Bearer hunter2\"");
    let old = good.replace("200", "401");

    assert_eq!(told_of(&token), Vec::<String>::new());
    assert_eq!(told_of(&deep), Vec::<String>::new());
    assert_eq!(told_of(&early), ["check-path 28"]);
    assert_eq!(
        told(&[source("haproxy.cfg", &token.replace("status 200", "status 403"))], Some(&plane("k3s"))),
        ["check-unauthorized 29"]
    );
    assert_eq!(
        told(&[source("haproxy.cfg", &old)], Some(&plane("kubeadm"))),
        ["check-status 28", "check-unauthorized 28"]
    );
}

#[test]
fn the_line_to_write_instead_keeps_what_else_is_asked() {
    let good = fixture("haproxy/kubeadm.cfg");
    let instead = |line: &str| {
        let sources = [source("haproxy.cfg", &good.replace(HTTPCHK, &format!("option httpchk\n    {line}")))];
        let judged = lint(&sources, &Facts { plane: None, today: date(2026, 11, 21) });
        judged.findings[0].remedy.clone().unwrap()
    };

    assert_eq!(
        instead("http-check send meth HEAD ver HTTP/1.1 uri /readyz hdr Host kubernetes"),
        "http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host kubernetes"
    );
    assert_eq!(
        instead("http-check send uri /livez hdr Authorization \"Bearer hunter2\" meth GET"),
        "http-check send meth GET uri /readyz hdr Authorization …"
    );
    assert_eq!(
        instead("option httpchk HEAD /readyz HTTP/1.1\\r\\nHost:\\ kubernetes"),
        "option httpchk GET /readyz HTTP/1.1\\r\\nHost:\\ kubernetes"
    );
}
