//! What an operator should know beside the change: names that the cluster itself uses, and files to sign from by hand.

use std::borrow::Cow;

use super::facts::Facts;
use crate::{
    distro::{Want, service},
    endpoint::Vip,
    report::{Code, Finding},
    san::{San, SanSet},
};

/// What Kubernetes takes where `--service-cluster-ip-range` is not given.
const SERVICES: &str = "10.0.0.0/24";

pub(in crate::distro) fn findings(facts: &Facts, want: &Want) -> Vec<Finding> {
    let Some(leaf) = facts.certificate.leaf() else { return vec![] };
    let lacking = inside(facts).missing_from(&want.names_after(&leaf.sans));
    let lacking = (!lacking.is_empty()).then(|| unserved(facts, &lacking));
    let unlisted = unlisted(facts, want.adds(), &leaf.sans);
    lacking.into_iter().chain(unlisted).chain(listed(facts, want.removes())).collect()
}

/// The names and addresses of the service `kubernetes`.
fn inside(facts: &Facts) -> SanSet {
    service::names().chain(service_addresses(facts).iter().cloned()).collect()
}

/// The addresses of the service `kubernetes`.
pub(in crate::distro) fn service_addresses(facts: &Facts) -> SanSet {
    let flag = |name| facts.server.as_ref()?.arguments.value(name);
    service::addresses(flag("service-cluster-ip-range").unwrap_or(SERVICES))
}

/// The networks of services and of pods, as the processes are told them.
pub(in crate::distro) fn ranges(facts: &Facts) -> Vec<(&'static str, Vip)> {
    let Some(server) = &facts.server else { return vec![] };
    let services = server.arguments.value("service-cluster-ip-range").unwrap_or(SERVICES);
    let pods = facts.managers.iter().find_map(|manager| manager.arguments.value("cluster-cidr"));
    service::ranges(services, pods.unwrap_or_default())
}

fn unserved(facts: &Facts, lacking: &SanSet) -> Finding {
    let words: Vec<_> = lacking.iter().map(ToString::to_string).collect();
    let message = format!(
        "its certificate does not name {lacking}, by which pods reach the API server: what runs in the cluster \
         cannot verify it"
    );
    Finding::new(Code::ServiceNameMissing, &facts.node, message)
        .remedy(format!("add what the cluster uses: `cpctl certs add-san {}`", words.join(" ")))
}

/// Files that list names of the certificate and not those that are wanted.
fn unlisted<'f>(
    facts: &'f Facts,
    want: &'f SanSet,
    served: &'f SanSet,
) -> impl Iterator<Item = Finding> + 'f {
    facts.configurations.iter().filter_map(move |(path, text)| {
        let text = &*names_in(text.as_deref()?);
        let is_source = served.iter().any(|name| lists(text, name));
        let missing: SanSet = want.iter().filter(|name| !lists(text, name)).cloned().collect();
        (is_source && !missing.is_empty()).then(|| {
            let message = format!(
                "{} lists the names without {missing}: a certificate that is signed from it by hand loses what it lacks",
                path.display()
            );
            Finding::new(Code::SigningConfiguration, &facts.node, message)
                .about(path.display().to_string())
                .remedy(format!("add {missing} to it where the other names stand"))
        })
    })
}

/// Files that list names which are to be gone.
fn listed<'f>(facts: &'f Facts, gone: &'f SanSet) -> impl Iterator<Item = Finding> + 'f {
    facts.configurations.iter().filter_map(move |(path, text)| {
        let text = &*names_in(text.as_deref()?);
        let there: SanSet = gone.iter().filter(|name| lists(text, name)).cloned().collect();
        (!there.is_empty()).then(|| {
            let message = format!(
                "{} lists {there}: a certificate that is signed from it by hand names it again",
                path.display()
            );
            Finding::new(Code::SigningConfiguration, &facts.node, message)
                .about(path.display().to_string())
                .remedy(format!("take {there} out of it"))
        })
    })
}

/// The part of a file that lists names: the hosts of a request for cfssl, all of any other.
fn names_in(text: &str) -> Cow<'_, str> {
    let Ok(serde_json::Value::Object(request)) = serde_json::from_str(text) else { return text.into() };
    request.get("hosts").map(ToString::to_string).unwrap_or_default().into()
}

/// Whether a text holds a name as a word of its own, outside of comments.
fn lists(text: &str, name: &San) -> bool {
    let name = name.to_string();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let mut words = lines
        .flat_map(|line| line.split(|letter: char| letter.is_whitespace() || "\"',=[]".contains(letter)));
    words.any(|word| word.strip_prefix("DNS:").or_else(|| word.strip_prefix("IP:")).unwrap_or(word) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_listed_as_a_word_of_its_own() {
        let text = "IP.1 = 10.0.0.1\n# IP.2 = 10.0.0.2\nsubjectAltName = DNS:kubernetes, IP:10.0.0.33\n\"hosts\": [\"a.b\"]";
        let listed = |name: &str| lists(text, &name.parse().unwrap());

        assert!(["10.0.0.1", "kubernetes", "10.0.0.33", "a.b"].map(listed).iter().all(|is| *is));
        assert!(["10.0.0.2", "10.0.0.3", "kubernetes.default", "b"].map(listed).iter().all(|is| !is));
    }
}
