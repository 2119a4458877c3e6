//! What an agent keeps of the way to its servers, and where it is told that way.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{facts::Facts, flavour::Flavour};
use crate::{
    cert::ServingCert,
    distro::unit::Service,
    edit::{
        word::Word,
        yaml::{Segment, Tree},
    },
    node::{Answer, Ask},
};

/// The common name of a kubelet's certificate, before the name of its node.
const KUBELET: &str = "CN=system:node:";

/// What lies beside its configuration. The unit's text may hold a token, so it has no `Debug`.
#[derive(Default)]
pub(super) struct Agent {
    /// The CAs that it takes its servers by.
    pub authorities: Vec<ServingCert>,
    /// The name of its node in the cluster.
    pub node: Option<String>,
    pub balancer: Option<Balancer>,
    /// The file of the unit or of its drop-in that has the command line, with its text.
    start: Option<(PathBuf, String)>,
}

/// What its balancer remembers: the servers that it learned, and from which address.
#[derive(Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Balancer {
    #[serde(rename = "ServerURL")]
    pub server_url: String,
    #[serde(default)]
    pub server_addresses: Vec<String>,
}

/// Where the address that counts is written.
pub(super) enum Told<'a> {
    /// The word of a text.
    Word { path: &'a Path, text: &'a str, word: Word },
    /// The value at a path of a file of the configuration.
    Value { path: &'a Path, text: &'a str, at: Vec<Segment> },
    /// Somewhere that is no file of its own, such as a variable that a unit puts together.
    Elsewhere,
}

impl Agent {
    pub fn asks(flavour: &Flavour, data: &Path, service: &Service) -> Vec<Ask> {
        let agent = data.join("agent");
        let balancer = format!("etc/{}-agent-load-balancer.json", flavour.name);
        let mut asks = vec![
            Ask::File(agent.join("server-ca.crt")),
            Ask::PublicFile(agent.join("client-kubelet.crt")),
            Ask::File(agent.join(balancer)),
        ];
        asks.extend(service.start_file.clone().map(Ask::File));
        asks
    }

    /// Takes as many answers as there are `asks`.
    pub fn read(service: &Service, answers: &mut dyn Iterator<Item = Answer>) -> Self {
        let mut next = || answers.next().unwrap_or(Answer::Absent);
        let certificates = |answer: Answer| {
            answer.bytes().and_then(|pem| ServingCert::all_from_pem(pem).ok()).unwrap_or_default()
        };
        let authorities = certificates(next());
        let node = certificates(next()).first().and_then(node_of);
        let balancer = next().bytes().and_then(|text| serde_json::from_slice(text).ok());
        let start = service.start_file.clone().and_then(|path| {
            let text = String::from_utf8(next().bytes()?.to_vec()).ok()?;
            Some((path, text))
        });
        Self { authorities, node, balancer, start }
    }
}

fn node_of(certificate: &ServingCert) -> Option<String> {
    let parts = certificate.subject.split(", ");
    parts.filter_map(|part| part.strip_prefix(KUBELET)).next().map(str::to_owned)
}

impl Facts {
    /// The address of a server that it is told, and where: a flag counts before the files, and those before a variable.
    ///
    /// K3s puts what its files say before the flags of the command line, of which the last one wins; a variable stands in for
    /// a flag that is not given (`pkg/configfilearg` and `pkg/cli/cmds/agent.go` in k3s-io/k3s).
    pub fn server(&self) -> Option<(String, Told<'_>)> {
        self.server_flag().or_else(|| self.server_of_files()).or_else(|| self.server_variable())
    }

    fn server_flag(&self) -> Option<(String, Told<'_>)> {
        let value = (*self.flags(&["server", "s"]).last()?).to_owned();
        let told = self.agent.start.as_ref().and_then(|(path, text)| {
            let is_it = |word: &Word| word.value(text) == Some(&value);
            let word = ["--server", "-server", "-s", "--s"].map(|flag| Word::Flag(flag.into()));
            Some(Told::Word { path, text, word: word.into_iter().find(is_it)? })
        });
        Some((value, told.unwrap_or(Told::Elsewhere)))
    }

    fn server_of_files(&self) -> Option<(String, Told<'_>)> {
        self.files.iter().rev().find_map(|(path, text)| {
            let text = text.as_deref()?;
            let tree = Tree::parse(text).ok()?;
            let said = tree.first()?.get("server").filter(|value| !value.is_null())?;
            let told = Told::Value { path, text, at: vec![Segment::Key("server".into())] };
            Some((said.scalar()?.to_string(), told))
        })
    }

    fn server_variable(&self) -> Option<(String, Told<'_>)> {
        let name = self.flavour().variable("URL");
        let value = self.variable("URL").filter(|value| !value.is_empty())?.clone();
        let word = Word::Variable(name);
        let last = self.environment.iter().rev().find(|(_, text)| word.value(text).is_some());
        let told = match last {
            Some((path, text)) if word.value(text) == Some(&value) => Told::Word { path, text, word },
            _ => Told::Elsewhere,
        };
        Some((value, told))
    }
}
