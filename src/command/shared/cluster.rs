//! What several verbs need to know first: which cluster is meant.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    api::Access,
    cli::Common,
    endpoint::Endpoint,
    error::Error,
    kubeconfig::{self, Authority, Environment, Kubeconfig, Seen, Selection},
    plan,
    probe::Trust,
    report::{Code, Finding, Severity, worst},
    san::San,
};

/// The kubeconfig's context: its file, its CA and its server.
pub struct Cluster {
    pub access: Access,
    pub trust: Option<Trust>,
    pub server: Endpoint,
    /// `tls-server-name`: what clients look for in place of the host.
    pub server_name: Option<San>,
    /// What is wrong with the cluster's entry, or easily overlooked.
    pub findings: Vec<Finding>,
}

impl Cluster {
    /// The context that is meant, as `--kubeconfig`, `--context` and the environment say.
    pub fn find(common: &Common) -> Result<Self, Error> {
        let seen = kubeconfigs(common)?;
        let kubeconfig = Kubeconfig::read(&seen).map_err(Error::Refused)?;
        let resolved = kubeconfig.resolve(&selection(common))?;
        let context =
            resolved.context.map(|context| context.name.value.clone().into_owned()).unwrap_or_default();
        let file = &resolved.cluster.seen.path;
        let server = server_of(resolved.cluster)?;
        let trust = match resolved.cluster.authority()? {
            Some(Authority::Pem(pem)) => Some(trust(&pem, file)?),
            Some(Authority::File(path)) => Some(trust(&read(&path)?, &path)?),
            None => None,
        };
        let server_name = resolved.cluster.tls_server_name.as_ref().and_then(|name| name.value.parse().ok());
        let findings = findings_of(&kubeconfig, resolved.cluster);
        Ok(Self {
            access: Access { kubeconfigs: paths(&seen), context },
            trust,
            server,
            server_name,
            findings,
        })
    }

    /// The context where there is one: only what nobody typed may be missing.
    pub fn if_any(common: &Common) -> Result<Result<Self, Error>, Error> {
        let found = Self::find(common);
        if is_typed(common) { found.map(Ok) } else { Ok(found) }
    }

    /// The CA, where a verb cannot do without one.
    pub fn trust(&self) -> Result<&Trust, Error> {
        self.trust.as_ref().ok_or_else(|| {
            let message = format!(
                "context `{}` names no CA, and without one nobody can tell the cluster from another",
                self.access.context
            );
            let none = Finding::new(Code::KubeconfigCaData, self.access.files(), message)
                .remedy("write `certificate-authority-data:` below its `cluster:`, as the cluster's own kubeconfig has it");
            let slips = self.findings.iter().filter(|slip| slip.code != Code::KubeconfigNoCa);
            Error::Refused(slips.cloned().chain([none]).collect())
        })
    }

    /// The name that clients of this cluster's entry look for at an address.
    pub fn asks_for(&self, endpoint: &Endpoint) -> San {
        self.server_name.clone().unwrap_or_else(|| endpoint.host.clone())
    }

    /// The CA by a name that people know.
    pub fn named(&self) -> String {
        format!("the CA of context {}", self.access.context)
    }

    /// What a plan has to know of the cluster; no credential is among it.
    pub fn for_plan(&self, servers: BTreeMap<String, Endpoint>) -> plan::Cluster {
        plan::Cluster {
            context: self.access.context.clone(),
            trust: self.trust.as_ref().map(|trust| trust.pem.clone()).unwrap_or_default(),
            kubeconfig: self.access.kubeconfigs.clone(),
            servers,
        }
    }
}

/// Whether the operator named a kubeconfig or a context, rather than to leave it to the environment.
pub fn is_typed(common: &Common) -> bool {
    common.kubeconfig.is_some() || common.context.is_some()
}

/// What the lint says of the files and of this cluster's entry; other clusters' entries are nobody's concern here.
fn findings_of(kubeconfig: &Kubeconfig<'_>, cluster: &kubeconfig::Cluster<'_>) -> Vec<Finding> {
    let of_others: Vec<Finding> = kubeconfig
        .clusters()
        .filter(|other| other.name.value != cluster.name.value)
        .flat_map(kubeconfig::lint_cluster)
        .collect();
    let mut findings = kubeconfig::lint(kubeconfig);
    findings.retain(|finding| !of_others.contains(finding));
    findings
}

/// Where the cluster answers; a server that no client could use is told with its line.
fn server_of(cluster: &kubeconfig::Cluster<'_>) -> Result<Endpoint, Error> {
    let name = &cluster.name.value;
    match cluster.endpoint() {
        Some(Ok(server)) => Ok(server),
        Some(Err(error)) => {
            let slips = kubeconfig::lint_cluster(cluster);
            if worst(&slips) == Some(Severity::Fail) { Err(Error::Refused(slips)) } else { Err(error.into()) }
        }
        None => {
            let subject = cluster.seen.path.display().to_string();
            let message = format!("cluster `{name}` names no server");
            let remedy = format!("`kubectl config set-cluster {name} --server https://HOST:PORT`");
            Err(Finding::new(Code::KubeconfigDangling, subject, message).remedy(remedy).into())
        }
    }
}

/// The texts of the kubeconfig files that are meant, in the order in which they win.
pub fn kubeconfigs(common: &Common) -> Result<Vec<Seen>, Error> {
    let environment = Environment {
        flag: common.kubeconfig.clone(),
        variable: std::env::var_os("KUBECONFIG"),
        home: std::env::home_dir(),
        directory: std::env::current_dir().map_err(Error::Start)?,
    };
    let sought = kubeconfig::find(&environment);
    let mut seen = vec![];
    for path in sought.paths {
        match fs::read(&path) {
            Ok(bytes) => seen.push(one(path, bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && sought.may_be_missing => {}
            Err(source) => return Err(Error::Read { path, source }),
        }
    }
    if seen.is_empty() {
        return Err(Error::Usage {
            message: "there is no kubeconfig".into(),
            hint: "name one with `--kubeconfig FILE`, or set $KUBECONFIG".into(),
        });
    }
    Ok(seen)
}

pub fn one(path: PathBuf, bytes: Vec<u8>) -> Result<Seen, Error> {
    use std::os::unix::fs::PermissionsExt;

    let read_error = |source| Error::Read { path: path.clone(), source };
    let real = fs::canonicalize(&path).map_err(read_error)?;
    let mode = fs::metadata(&real).map_err(read_error)?.permissions().mode() & 0o7777;
    let text = kubeconfig::text(&path, bytes)?;
    Ok(Seen { real, text, mode: Some(mode), path })
}

/// The files as they were named, for whoever reads them again.
pub fn paths(seen: &[Seen]) -> Vec<PathBuf> {
    seen.iter().map(|seen| seen.path.clone()).collect()
}

pub fn selection(common: &Common) -> Selection {
    common.context.clone().map_or(Selection::Current, Selection::Context)
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

fn trust(pem: &str, path: &Path) -> Result<Trust, Error> {
    Trust::from_pem(pem).map_err(|source| Error::Certificate { path: path.to_owned(), source })
}
