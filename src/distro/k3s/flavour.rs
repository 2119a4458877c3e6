//! What is another in each distribution that K3s is the heart of.

use std::time::Duration;

/// A distribution that is made of K3s, as far as it calls or puts things otherwise.
#[derive(Debug)]
pub struct Flavour {
    /// Its program, and what an inventory calls it.
    pub name: &'static str,
    /// What its makers call it.
    pub title: &'static str,
    /// The unit of a server, where none is found.
    pub unit: &'static str,
    /// Which units may be one of it.
    pub(super) units: &'static str,
    /// Those that its installer makes.
    pub(super) own_units: &'static [&'static str],
    /// What starts its variables.
    pub(super) variables: &'static str,
    pub(super) home: &'static str,
    pub(super) data: &'static str,
    /// Scripts of OpenRC, where its installer knows that.
    pub(super) init_scripts: &'static [&'static str],
    /// How a server's own kubectl is called.
    pub(super) kubectl: &'static str,
    /// What its program tells as its version.
    pub(super) version: &'static str,
    /// Where it is written how its certificates are renewed before their time.
    pub(super) rotation: &'static str,
    /// What else there is to say where it does not run.
    pub(super) stopped: &'static str,
    /// What a restart of `{unit}` costs.
    pub(super) cost: &'static str,
    /// What an operator may see after it.
    pub(super) delay: &'static str,
    /// How long a server may take until it is ready again.
    pub(super) ready_within: Duration,
    /// The port at which servers and agents join, where it is not the API server's own: the certificate there is that which
    /// servers share, and the API server's lies in a file of each.
    pub(super) supervisor: Option<u16>,
    /// The secret that servers share a certificate in.
    pub(super) secret: &'static str,
}

pub(super) static K3S: Flavour = Flavour {
    name: "k3s",
    title: "K3s",
    unit: "k3s",
    units: "k3s*.service",
    own_units: &["k3s", "k3s-agent"],
    variables: "K3S",
    home: "/etc/rancher/k3s",
    data: "/var/lib/rancher/k3s",
    init_scripts: &["/etc/init.d/k3s", "/etc/init.d/k3s-agent"],
    kubectl: "k3s kubectl",
    version: "k3s version v1.34.2+k3s1",
    rotation: "https://docs.k3s.io/cli/certificate",
    stopped: "; a K3s in a container is changed where it is made (k3d: `--k3s-arg --tls-san=NAME@server:*`)",
    cost: "while {unit} restarts, a server refuses connections for some 2 s and is not ready for some 5 s, on a slow \
           machine for 30 s; pods keep running",
    delay: "the old certificate is served for some seconds more after the restart",
    ready_within: Duration::from_secs(180),
    supervisor: None,
    secret: "k3s-serving",
};

/// <https://docs.rke2.io/install/configuration>; `pkg/cli/cmds/server.go` in rancher/rke2 for what it takes over from K3s.
pub(super) static RKE2: Flavour = Flavour {
    name: "rke2",
    title: "RKE2",
    unit: "rke2-server",
    units: "rke2*.service",
    own_units: &["rke2-server", "rke2-agent"],
    variables: "RKE2",
    home: "/etc/rancher/rke2",
    data: "/var/lib/rancher/rke2",
    init_scripts: &[],
    kubectl: "/var/lib/rancher/rke2/bin/kubectl --kubeconfig /etc/rancher/rke2/rke2.yaml",
    version: "rke2 version v1.34.2+rke2r1",
    rotation: "https://docs.rke2.io/security/certificates",
    stopped: "",
    cost: "while {unit} restarts, its pods of the API server and of etcd are replaced, which takes from some 20 s to a \
           few minutes; all others keep running",
    delay: "port 9345 serves its old certificate for some seconds more after the restart",
    // It comes back once the pods of etcd and of the API server are those of its manifests.
    ready_within: Duration::from_secs(600),
    supervisor: Some(9345),
    secret: "rke2-serving",
};

impl Flavour {
    /// Where a server's configuration lies unless something else is said.
    pub fn base(&self) -> String {
        format!("{}/config.yaml", self.home)
    }

    /// The value of one of its variables.
    pub fn variable(&self, name: &str) -> String {
        format!("{}_{name}", self.variables)
    }

    /// Whether it is the distribution's own program, and not a script.
    pub fn is_program(&self, path: &str) -> bool {
        path.starts_with('/') && path.rsplit('/').next() == Some(self.name)
    }
}
