//! What a file configures, told by what it says.

/// The programs whose files are understood.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    Haproxy,
    /// HAProxy as the firewall's package writes it.
    Pfsense,
    /// HAProxy as the firewall's plugin writes it.
    Opnsense,
    Nginx,
    Keepalived,
    Relayd,
    Pf,
    KubeVip,
    Zone,
    Kubeconfig,
    /// Settings of the kernel.
    Sysctl,
    /// Certificates and keys.
    Pem,
    /// A program that keepalived runs to look.
    Script,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Haproxy => "haproxy",
            Self::Pfsense => "pfsense",
            Self::Opnsense => "opnsense",
            Self::Nginx => "nginx",
            Self::Keepalived => "keepalived",
            Self::Relayd => "relayd",
            Self::Pf => "pf",
            Self::KubeVip => "kube-vip",
            Self::Zone => "zone",
            Self::Kubeconfig => "kubeconfig",
            Self::Sysctl => "sysctl",
            Self::Pem => "pem",
            Self::Script => "script",
        }
    }

    /// What a text configures; `None` where nothing in it tells.
    pub fn of(text: &str) -> Option<Self> {
        RECOGNIZED.iter().find(|(_, is_it)| is_it(text)).map(|(kind, _)| *kind)
    }
}

type Test = fn(&str) -> bool;

/// How each kind is told; the first that fits is it.
const RECOGNIZED: &[(Kind, Test)] = &[
    (Kind::Pem, |text| text.lines().any(|line| line.starts_with("-----BEGIN "))),
    (Kind::Script, |text| text.trim_start().starts_with("#!")),
    (Kind::Keepalived, |text| {
        let blocks = ["vrrp_instance", "vrrp_script", "vrrp_sync_group", "global_defs", "virtual_server"];
        begins(text, &blocks) || begins(text, &["virtual_ipaddress", "unicast_peer", "track_script"])
    }),
    (Kind::Sysctl, |text| {
        lines(text).any(|line| line.starts_with("net.ipv") && line.contains('='))
            && lines(text)
                .filter(|line| !line.is_empty())
                .all(|line| line.contains('=') || line.starts_with(';'))
    }),
    (Kind::KubeVip, |text| text.contains("kube-vip/kube-vip")),
    (Kind::Kubeconfig, |text| {
        begins(text, &["clusters:"]) && begins(text, &["contexts:", "users:", "kind: Config"])
    }),
    (Kind::Pfsense, |text| is_haproxy(text) && text.contains("_ipvANY")),
    (Kind::Opnsense, |text| {
        is_haproxy(text) && (text.contains("\n# Frontend: ") || text.starts_with("# Frontend: "))
    }),
    (Kind::Haproxy, is_haproxy),
    (Kind::Relayd, |text| {
        begins(text, &["relay", "redirect"])
            && lines(text).any(|line| line.starts_with("forward to") || line.starts_with("route to"))
    }),
    (Kind::Nginx, |text| {
        lines(text).any(|line| {
            let opens =
                ["stream", "http", "events", "upstream", "server"].iter().any(|word| is_word(line, word));
            let is_member =
                ["server", "listen"].iter().any(|word| is_word(line, word)) && line.ends_with(';');
            opens && line.contains('{') || is_word(line, "proxy_pass") || is_member
        })
    }),
    (Kind::Zone, |text| {
        begins(text, &["$TTL", "$ORIGIN"])
            || lines(text).any(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words
                    .windows(2)
                    .any(|pair| pair[0] == "IN" && ["A", "AAAA", "CNAME", "SOA", "NS"].contains(&pair[1]))
            })
    }),
    (Kind::Pf, |text| {
        begins(text, &["pass", "block", "rdr", "nat", "anchor", "rdr-anchor", "match", "set skip"])
            || lines(text).any(|line| {
                let is_of_carp = line.contains(" carpdev ") || line.starts_with("ifconfig_");
                line.contains(" vhid ") && is_of_carp
            })
    }),
];

/// Sections without braces, and inside them where to listen or whom to ask.
fn is_haproxy(text: &str) -> bool {
    let sections = ["frontend", "backend", "listen", "defaults", "global"];
    let opens = |line: &str| sections.iter().any(|word| is_word(line, word)) && !line.ends_with(['{', ';']);
    lines(text).any(opens) && !lines(text).any(|line| line.ends_with(['{', ';']))
}

/// Lines without the comments in them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim())
        .filter(|line| !line.starts_with('#'))
}

/// Whether a line begins with one of these words.
fn begins(text: &str, words: &[&str]) -> bool {
    lines(text).any(|line| words.iter().any(|word| is_word(line, word)))
}

fn is_word(line: &str, word: &str) -> bool {
    line.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-'))
}
