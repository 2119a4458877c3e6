//! What a look at a node of K3s tells.

use std::path::{Path, PathBuf};

use super::{
    agent::Agent,
    apart::Apart,
    config::{self, Source, Unreadable, in_order},
    flavour::Flavour,
    found::Found,
};
use crate::{
    cert::ServingCert,
    distro::{
        Role,
        ground::{Ground, Place},
        serving,
        unit::Variables,
        version::Version,
    },
    node::{self, Answer, Ask, Node},
};

/// A configuration that an environment file points elsewhere is found with the third look.
const LOOKS: usize = 4;

/// Where the configuration and the data are, and which drop-ins there are.
#[derive(Clone, Eq, PartialEq)]
struct Places {
    base: String,
    data: PathBuf,
    names: Vec<String>,
}

/// It may hold a token, so it has no `Debug`.
pub(super) struct Facts {
    pub node: String,
    /// What connections go to: an address or a DNS name.
    pub host: String,
    pub found: Found,
    pub arguments: Vec<String>,
    variables: Variables,
    /// The files that set variables, in their order.
    pub environment: Vec<(PathBuf, String)>,
    places: Places,
    /// In K3s' order; `None` where one is no text.
    pub files: Vec<(PathBuf, Option<String>)>,
    pub version: Option<Version>,
    /// The CAs that sign what is served.
    pub authorities: Vec<ServingCert>,
    pub is_nixos: bool,
    pub addresses: Vec<String>,
    /// Where the API server has a certificate of its own.
    pub apart: Option<Apart>,
    pub ground: Ground,
    pub agent: Agent,
}

/// Reads the node in one look, and in a further one for each thing that an answer says to be elsewhere.
pub(super) fn read(node: &dyn Node, found: Found, names: &[String]) -> Result<Facts, node::Error> {
    let variables = found.service.variables([]);
    let flavour = found.flavour;
    let mut facts = Facts {
        node: node.name().to_owned(),
        host: node.host().to_owned(),
        arguments: found.service.arguments(&variables),
        variables,
        found,
        places: Places { base: flavour.base(), data: flavour.data.into(), names: names.to_vec() },
        files: vec![],
        version: None,
        authorities: vec![],
        is_nixos: false,
        addresses: vec![],
        apart: None,
        ground: Ground::default(),
        environment: vec![],
        agent: Agent::default(),
    };
    let mut next = facts.places_by(names);
    for _ in 0..LOOKS {
        facts.places = next;
        let names = facts.look(node)?;
        next = facts.places_by(&names);
        if next == facts.places {
            break;
        }
    }
    Ok(facts)
}

impl Facts {
    pub fn flavour(&self) -> &'static Flavour {
        self.found.flavour
    }

    pub fn role(&self) -> Role {
        match () {
            () if self.is_agent() => Role::Worker,
            () if self.option("server").is_some() || self.variable("URL").is_some() => Role::Joined,
            () => Role::First,
        }
    }

    pub fn variable(&self, name: &str) -> Option<&String> {
        self.variables.get(&self.flavour().variable(name))
    }

    /// What its makers call its distribution.
    pub fn title(&self) -> &'static str {
        self.flavour().title
    }

    /// Where the configuration is; it may be a URL.
    pub fn base(&self) -> &str {
        &self.places.base
    }

    pub fn is_remote(&self) -> bool {
        self.base().starts_with("http://") || self.base().starts_with("https://")
    }

    pub fn data(&self) -> &Path {
        &self.places.data
    }

    /// The directory of the drop-ins.
    pub fn drop_ins(&self) -> PathBuf {
        format!("{}.d", self.base()).into()
    }

    /// The names of all files beside the drop-ins.
    pub fn names(&self) -> &[String] {
        &self.places.names
    }

    /// The texts in K3s' order, each with its path; a file that is no text is an error.
    pub fn sources(&self) -> Result<Vec<Source<'_>>, Unreadable> {
        let source = |(path, text): &'_ (PathBuf, Option<String>)| -> Result<(), Unreadable> {
            text.as_ref().map(|_| ()).ok_or_else(|| Unreadable::no_text(path.display().to_string()))
        };
        self.files.iter().try_for_each(source)?;
        let sources = self.files.iter().filter_map(|(path, text)| {
            Some(Source {
                file: path.to_str().unwrap_or("a file of the configuration"),
                text: text.as_ref()?,
            })
        });
        Ok(sources.collect())
    }

    /// Whether one of the cluster's CAs signed it, as far as they can be read.
    pub fn signed(&self, leaf: &ServingCert) -> bool {
        let all = &self.authorities;
        all.is_empty() || all.iter().any(|ca| serving::is_signed_by(leaf, ca))
    }

    /// A value that is given once: the last flag, else what the files say last.
    pub fn option(&self, key: &str) -> Option<String> {
        let flag = self.flags(&[key]).last().map(|value| (*value).to_owned());
        flag.or_else(|| config::option(&self.sources().ok()?, key))
    }

    /// Asks everything; the answer is what lies beside the drop-ins.
    fn look(&mut self, node: &dyn Node) -> Result<Vec<String>, node::Error> {
        let environment = self.found.service.environment_files.clone();
        let files = self.read_files();
        let mut asks: Vec<_> = environment.iter().chain(&files).cloned().map(Ask::File).collect();
        asks.extend(self.questions());
        let mut answers = node.look(&asks)?.into_iter();
        let mut next = || answers.next().unwrap_or(Answer::Absent);
        self.environment = environment.into_iter().map(|path| (path, lossy(&next()))).collect();
        let texts: Vec<_> = files.iter().map(|_| next()).collect();
        let text = |(path, answer): (PathBuf, Answer)| {
            let bytes = answer.bytes()?.to_vec();
            Some((path, String::from_utf8(bytes).ok()))
        };
        self.files = files.into_iter().zip(texts).filter_map(text).collect();
        self.variables = self.found.service.variables(self.environment.iter().map(|(_, text)| text.as_str()));
        self.arguments = self.found.service.arguments(&self.variables);
        self.version = if let Answer::Version(told) = next() { Version::read(&told) } else { None };
        self.authorities =
            next().bytes().and_then(|pem| ServingCert::all_from_pem(pem).ok()).unwrap_or_default();
        self.is_nixos = next().is_present();
        self.addresses = if let Answer::Addresses(all) = next() { all } else { vec![] };
        let names = if let Answer::Names(names) = next() { names } else { vec![] };
        self.apart = self.flavour().supervisor.map(|_| Apart::read(&mut answers));
        self.ground = Ground::read(&self.node, place(&self.home()), &mut answers);
        self.agent = Agent::read(&self.found.service, &mut answers);
        Ok(names)
    }

    /// Read back one by one in `look`.
    fn questions(&self) -> Vec<Ask> {
        let usual = || format!("/usr/local/bin/{}", self.flavour().name);
        let program = self.program().map_or_else(usual, str::to_owned);
        let mut asks = vec![
            Ask::Version(program.into()),
            Ask::File(self.data().join("server/tls/server-ca.crt")),
            Ask::Exists("/etc/NIXOS".into()),
            Ask::Addresses,
            Ask::Directory(self.home()),
        ];
        if self.flavour().supervisor.is_some() {
            asks.extend(Apart::asks(self.data()));
        }
        asks.extend(Ground::asks(place(&self.home())));
        asks.extend(Agent::asks(self.flavour(), self.data(), &self.found.service));
        asks
    }

    /// The directory that would be written in: a URL is nothing that a machine could be asked about.
    fn home(&self) -> PathBuf {
        if self.is_remote() { self.flavour().home.into() } else { self.drop_ins() }
    }

    /// The files of the configuration in K3s' order.
    fn read_files(&self) -> Vec<PathBuf> {
        if self.is_remote() {
            return vec![];
        }
        let drop_ins = in_order(self.names().iter().map(String::as_str)).into_iter();
        [PathBuf::from(self.base())]
            .into_iter()
            .chain(drop_ins.map(|name| self.drop_ins().join(name)))
            .collect()
    }

    /// Where everything is by what is known now.
    fn places_by(&self, names: &[String]) -> Places {
        let flag = self.flags(&["config", "c"]).first().map(|path| (*path).to_owned());
        let set = self.variable("CONFIG_FILE").filter(|path| !path.is_empty()).cloned();
        let base = set.or(flag).unwrap_or_else(|| self.flavour().base());
        let set = || self.variable("DATA_DIR").cloned();
        let short = || self.flags(&["d"]).last().map(|path| (*path).to_owned());
        let data =
            self.option("data-dir").or_else(short).or_else(set).unwrap_or_else(|| self.flavour().data.into());
        Places { base, data: data.into(), names: names.to_vec() }
    }
}

fn place(home: &Path) -> Place<'_> {
    Place { path: home, loss: "a full disk leaves an empty configuration" }
}

fn lossy(answer: &Answer) -> String {
    answer.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}
