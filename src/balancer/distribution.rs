//! What a balancer has to know of each distribution: its ports, and what a check is answered.

/// What the API server answers to a client that does not say who it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Anonymous {
    /// 200 where it is ready.
    Allowed,
    /// 401, ready or not.
    Refused,
    /// Either, while it is being switched from one to the other.
    Changing,
}

impl Anonymous {
    /// The codes by which an API server shows that it answers.
    pub(super) fn codes(self) -> &'static [u16] {
        match self {
            Self::Allowed => &[200],
            Self::Refused => &[401],
            Self::Changing => &[200, 401],
        }
    }
}

/// A distribution as a balancer sees it.
#[derive(Debug)]
pub(super) struct Distribution {
    pub name: &'static str,
    /// The port of the API server.
    pub port: u16,
    pub anonymous: Anonymous,
    /// The CA certificate on a control plane that judges the API server's.
    pub ca: &'static str,
    /// What else has to be reached through the same address.
    pub beside: &'static [Beside],
}

/// Another port of every control plane.
#[derive(Debug)]
pub(super) struct Beside {
    pub name: &'static str,
    pub port: u16,
    pub purpose: &'static str,
    pub check: BesideCheck,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum BesideCheck {
    /// `GET /ping` is answered `pong`.
    Ping,
    /// A TLS handshake succeeds.
    Handshake,
}

/// Whatever its operator wrote into its flags.
const BY_HAND: &str = "by-hand";

/// Anonymous requests: kube-apiserver allows them unless it is told otherwise, which K3s and RKE2 do, and MicroK8s as
/// long as its authorization mode is AlwaysAllow; `microk8s enable rbac` allows them again.
const DISTRIBUTIONS: &[Distribution] = &[
    Distribution {
        name: "kubeadm",
        port: 6443,
        anonymous: Anonymous::Allowed,
        ca: "/etc/kubernetes/pki/ca.crt",
        beside: &[],
    },
    Distribution {
        name: BY_HAND,
        port: 6443,
        anonymous: Anonymous::Allowed,
        ca: "/var/lib/kubernetes/ca.crt",
        beside: &[],
    },
    Distribution {
        name: "microk8s",
        port: 16443,
        anonymous: Anonymous::Changing,
        ca: "/var/snap/microk8s/current/certs/ca.crt",
        beside: &[],
    },
    Distribution {
        name: "k3s",
        port: 6443,
        anonymous: Anonymous::Refused,
        ca: "/var/lib/rancher/k3s/server/tls/server-ca.crt",
        beside: &[],
    },
    Distribution {
        name: "rke2",
        port: 6443,
        anonymous: Anonymous::Refused,
        ca: "/var/lib/rancher/rke2/server/tls/server-ca.crt",
        beside: &[Beside {
            name: "rke2_supervisor",
            port: 9345,
            purpose: "where servers and agents join",
            check: BesideCheck::Ping,
        }],
    },
    Distribution {
        name: "k0s",
        port: 6443,
        anonymous: Anonymous::Allowed,
        ca: "/var/lib/k0s/pki/ca.crt",
        beside: &[
            Beside {
                name: "konnectivity",
                port: 8132,
                purpose: "the tunnels from the API servers to the workers",
                check: BesideCheck::Handshake,
            },
            Beside {
                name: "k0s_join",
                port: 9443,
                purpose: "where controllers join",
                check: BesideCheck::Handshake,
            },
        ],
    },
];

impl Distribution {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        DISTRIBUTIONS.iter().find(|known| known.name == name)
    }

    /// The same, unless what it answers is up to whoever set it up.
    pub(super) fn of_known_answers(name: &str) -> Option<&'static Self> {
        Self::named(name).filter(|known| known.name != BY_HAND)
    }
}

/// What API servers of a distribution answer to a check that logs in as nobody; `None` where it is up to whoever set
/// them up.
pub fn answers(distribution: &str) -> Option<&'static [u16]> {
    Distribution::of_known_answers(distribution).map(|known| known.anonymous.codes())
}

/// Where API servers answer by themselves.
pub(super) fn is_api_port(port: u16) -> bool {
    DISTRIBUTIONS.iter().any(|known| known.port == port)
}

/// Whether a distribution has something else than the API at this port of a control plane.
pub(super) fn is_beside(port: u16) -> bool {
    DISTRIBUTIONS.iter().flat_map(|distribution| distribution.beside).any(|beside| beside.port == port)
}

pub(super) fn names() -> Vec<&'static str> {
    DISTRIBUTIONS.iter().map(|known| known.name).collect()
}
