//! Control planes that are not changed over SSH: recognised by what the API tells of their nodes, and what changes them.

use crate::{
    node::Target,
    report::{Code, Finding},
    san::{San, SanSet},
};

/// A product that keeps its API servers to itself.
pub struct Hosted {
    /// What an inventory calls it.
    pub name: &'static str,
    sign: Sign,
    why: &'static str,
    /// What to type for these names on this node.
    instead: fn(&Target, &[San]) -> String,
}

/// By what a node of a product is known.
enum Sign {
    /// What the name of its operating system begins with.
    System(&'static str),
    /// What the identifier that its provider gave it begins with.
    Provider(&'static str),
    /// What the key of one of its labels begins with.
    Label(&'static str),
}

/// What the API tells of a node that can tell a product.
pub struct Traits<'a> {
    pub system: &'a str,
    pub provider: &'a str,
    pub labels: &'a [String],
}

/// What runs in containers before what runs on machines: K3s of k3d looks like any other.
pub static HOSTED: &[Hosted] = &[
    Hosted { name: "kind", sign: Sign::Provider("kind://"), why: IN_CONTAINERS, instead: kind },
    Hosted { name: "k3d", sign: Sign::Provider("k3s://k3d-"), why: IN_CONTAINERS, instead: k3d },
    Hosted { name: "minikube", sign: Sign::Label("minikube.k8s.io/"), why: IN_CONTAINERS, instead: minikube },
    Hosted {
        name: "talos",
        sign: Sign::System("Talos"),
        why: "its machines have no shell; they take their names from the machine configuration",
        instead: talos,
    },
    Hosted {
        name: "openshift",
        sign: Sign::Label("node.openshift.io/"),
        why: "an operator on it writes the certificates of its API servers",
        instead: openshift,
    },
    Hosted {
        name: "charmed",
        sign: Sign::Label("juju-application"),
        why: "Juju writes the certificates of its API servers",
        instead: charmed,
    },
    Hosted { name: "eks", sign: Sign::Label("eks.amazonaws.com/"), why: MANAGED, instead: managed },
    Hosted { name: "gke", sign: Sign::Label("cloud.google.com/gke-"), why: MANAGED, instead: managed },
    Hosted { name: "aks", sign: Sign::Label("kubernetes.azure.com/"), why: MANAGED, instead: managed },
    Hosted { name: "doks", sign: Sign::Label("doks.digitalocean.com/"), why: MANAGED, instead: managed },
    Hosted { name: "lke", sign: Sign::Label("lke.linode.com/"), why: MANAGED, instead: managed },
];

const IN_CONTAINERS: &str = "it runs in containers, and SSH leads to the machine around them at most";
const MANAGED: &str = "its provider signs the certificates of its API servers and takes no names";

/// The product that a node belongs to.
pub fn recognised(traits: &Traits<'_>) -> Option<&'static Hosted> {
    HOSTED.iter().find(|hosted| match hosted.sign {
        Sign::System(start) => traits.system.starts_with(start),
        Sign::Provider(start) => traits.provider.starts_with(start),
        Sign::Label(start) => traits.labels.iter().any(|label| label.starts_with(start)),
    })
}

/// Why nothing is changed on a node that its inventory or its API calls one of these, and what to type for the names.
pub fn refusal(target: &Target, names: &SanSet) -> Option<Finding> {
    let named = target.distribution.as_deref()?;
    let hosted = HOSTED.iter().find(|hosted| hosted.name == named)?;
    let names: Vec<San> = names.iter().cloned().collect();
    let message = format!("cpctl does not change {named}: {}", hosted.why);
    let finding = Finding::new(Code::DistributionUnsupported, &target.name, message);
    Some(finding.remedy((hosted.instead)(target, &names)))
}

fn talos(target: &Target, names: &[San]) -> String {
    format!(
        "`talosctl --nodes {} patch machineconfig --patch '{{\"cluster\":{{\"apiServer\":{{\"certSANs\":[{}]}}}}}}'`, one node \
         after the other: it restarts the API server there",
        target.host,
        quoted(names)
    )
}

fn kind(_: &Target, names: &[San]) -> String {
    format!(
        "`kind create cluster` anew, with `kubeadmConfigPatches: \
         ['{{\"kind\":\"ClusterConfiguration\",\"apiServer\":{{\"certSANs\":[\"localhost\",\"127.0.0.1\",{}]}}}}']` in its `--config`",
        quoted(names)
    )
}

fn k3d(_: &Target, names: &[San]) -> String {
    let flags = flags(names, |name| format!("--k3s-arg '--tls-san={name}@server:*'"));
    format!("`k3d cluster create {flags}` makes a cluster that serves it from the start")
}

fn minikube(_: &Target, names: &[San]) -> String {
    let flags = flags(names, |name| match name {
        San::Ip(_) => format!("--apiserver-ips={name}"),
        San::Dns(_) => format!("--apiserver-names={name}"),
    });
    format!("`minikube start {flags}`")
}

fn openshift(_: &Target, names: &[San]) -> String {
    format!(
        "give it a certificate of your own as a secret in `openshift-config`, then `oc patch apiserver cluster --type=merge \
         --patch '{{\"spec\":{{\"servingCerts\":{{\"namedCertificates\":[{{\"names\":[{}],\"servingCertificate\":{{\"name\":\"SECRET\"}}}}]}}}}}}'`",
        quoted(names)
    )
}

fn charmed(_: &Target, names: &[San]) -> String {
    let names = flags(names, ToString::to_string);
    format!(
        "`juju config kubernetes-control-plane extra_sans=\"{names}\"`, with the names before it that the same command shows \
         without a value; so too for `kubeapi-load-balancer`"
    )
}

fn managed(_: &Target, names: &[San]) -> String {
    let name = names.first().map_or_else(|| "NAME".to_owned(), ToString::to_string);
    format!(
        "let a balancer pass TLS through to the provider's address, and let clients ask for the name that is there: \
         `kubectl config set-cluster CLUSTER --server https://{name}:443 --tls-server-name` and the provider's own host name"
    )
}

fn quoted(names: &[San]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    if quoted.is_empty() { "\"NAME\"".to_owned() } else { quoted.join(",") }
}

fn flags(names: &[San], flag: impl Fn(&San) -> String) -> String {
    names.iter().map(flag).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(system: &str, provider: &str, labels: &[&str]) -> Option<&'static str> {
        let labels: Vec<_> = labels.iter().map(|label| (*label).to_owned()).collect();
        recognised(&Traits { system, provider, labels: &labels }).map(|hosted| hosted.name)
    }

    #[test]
    fn a_product_is_known_by_what_its_nodes_tell_of_themselves() {
        let plain = ["kubernetes.io/hostname", "node-role.kubernetes.io/control-plane"];
        for (system, provider, labels, name) in [
            ("Talos (v1.11.2)", "", &plain[..], Some("talos")),
            ("Debian GNU/Linux 12 (bookworm)", "kind://docker/kind/kind-control-plane", &plain, Some("kind")),
            ("K3s v1.31.5+k3s1", "k3s://k3d-dev-server-0", &plain, Some("k3d")),
            ("Ubuntu 22.04.5 LTS", "", &["minikube.k8s.io/name"], Some("minikube")),
            ("Amazon Linux 2023", "aws:///a/i-1", &["eks.amazonaws.com/nodegroup"], Some("eks")),
            ("Container-Optimized OS", "gce://p/z/n", &["cloud.google.com/gke-nodepool"], Some("gke")),
            ("Ubuntu 22.04.5 LTS", "azure:///s", &["kubernetes.azure.com/cluster"], Some("aks")),
            ("Red Hat Enterprise Linux CoreOS 9.6", "", &["node.openshift.io/os_id"], Some("openshift")),
            ("Ubuntu 22.04.5 LTS", "", &["juju-application"], Some("charmed")),
            ("Debian GNU/Linux 12 (bookworm)", "aws:///a/i-1", &plain, None),
            ("Debian GNU/Linux 12 (bookworm)", "k3s://cp1", &plain, None),
        ] {
            assert_eq!(told(system, provider, labels), name, "{system} {provider} {labels:?}");
        }
    }

    #[test]
    fn each_says_what_to_type_for_these_very_names() {
        let names: SanSet =
            ["172.22.22.3", "api.example.com"].iter().map(|name| name.parse().unwrap()).collect();
        let told = |hosted: &Hosted| {
            let mut target = Target::from_host("cp1", "10.0.0.11");
            target.distribution = Some(hosted.name.to_owned());
            let finding = refusal(&target, &names).unwrap();
            format!("{}: {}\n  {}\n", finding.subject, finding.message, finding.remedy.unwrap())
        };

        insta::assert_snapshot!(HOSTED.iter().map(told).collect::<String>());
    }

    #[test]
    fn a_node_of_any_other_distribution_is_not_refused() {
        let mut target = Target::from_host("cp1", "10.0.0.11");
        assert!(refusal(&target, &SanSet::default()).is_none());

        target.distribution = Some("microk8s".into());

        assert!(refusal(&target, &SanSet::default()).is_none());
    }
}
