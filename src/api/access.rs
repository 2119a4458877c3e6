//! What a context of a kubeconfig says: where the server is, which CA it must lead to, and who we are.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper_util::client::proxy::matcher::Intercept;
use kube::{
    Config,
    config::{AuthInfo, KubeConfigOptions, Kubeconfig, KubeconfigError},
};
use openssl::{
    nid::Nid,
    pkey::{PKey, Private},
    x509::X509,
};
use secrecy::ExposeSecret as _;

use super::{Access, Error, VerifyAs, exec, proxy};
use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    probe::{Trust, Wire},
    san::San,
};

/// Everything that a connection needs; it holds keys, so it is never printed.
pub(super) struct Login {
    pub config: Config,
    pub endpoint: Endpoint,
    /// The name that the certificate must carry.
    pub name: San,
    /// Whether that name is also sent to the server.
    pub sends_name: bool,
    /// `None` where the kubeconfig asks for no verification.
    pub trust: Option<Trust>,
    pub identity: Option<Identity>,
    pub proxy: Option<Intercept>,
}

/// A client certificate with what follows it, and its key.
pub(super) struct Identity {
    pub certs: Vec<X509>,
    pub key: PKey<Private>,
}

impl Access {
    /// The CA certificates that the context's server must lead to.
    pub fn trust(&self) -> Result<Trust, Error> {
        let kubeconfig = self.read()?;
        self.trust_of(&self.cluster(&kubeconfig)?)
    }

    /// Where the context's server is.
    pub fn server(&self) -> Result<Endpoint, Error> {
        let kubeconfig = self.read()?;
        self.server_of(&self.cluster(&kubeconfig)?)
    }

    pub(super) fn login(
        &self,
        wire: &Wire,
        endpoint: Option<&Endpoint>,
        verify: VerifyAs,
    ) -> Result<Login, Error> {
        let mut kubeconfig = self.read()?;
        let cluster = self.cluster(&kubeconfig)?;
        if let Some(endpoint) = endpoint {
            self.dial_instead(&mut kubeconfig, endpoint);
        }
        let options =
            KubeConfigOptions { context: Some(self.context.clone()), ..KubeConfigOptions::default() };
        let mut config = wire
            .runtime()
            .map_err(|error| self.unusable(error.to_string()))?
            .block_on(Config::from_custom_kubeconfig(kubeconfig, &options))
            .map_err(|error| self.unusable(words(&error)))?;
        exec::resolve(&mut config.auth_info).map_err(|reason| self.unusable(reason))?;
        let endpoint = match endpoint {
            Some(endpoint) => endpoint.clone(),
            None => self.server_of(&cluster)?,
        };
        let trust = match (verify, config.accept_invalid_certs) {
            (VerifyAs::Host, true) => None,
            _ => Some(self.trust_of(&cluster)?),
        };
        let (name, sends_name) = self.name(&config, &endpoint, verify)?;
        let identity = identity(&config.auth_info).map_err(|reason| self.unusable(reason))?;
        let proxy = proxy::choose(cluster.proxy_url.as_deref(), &proxy::Environment::read(), &endpoint)
            .map_err(|reason| self.unusable(reason))?;
        Ok(Login { config, endpoint, name, sends_name, trust, identity, proxy })
    }

    /// The files, as `$KUBECONFIG` would list them.
    pub fn files(&self) -> String {
        let files: Vec<_> = self.kubeconfigs.iter().map(|file| file.display().to_string()).collect();
        files.join(":")
    }

    pub(super) fn unusable(&self, reason: String) -> Error {
        Error::Kubeconfig { kubeconfig: self.files(), reason }
    }

    fn read(&self) -> Result<Kubeconfig, Error> {
        let mut merged = Kubeconfig::default();
        for file in &self.kubeconfigs {
            let next = read(file)?;
            merged = merged.merge(next).map_err(|error| self.unusable(words(&error)))?;
        }
        Ok(merged)
    }

    fn cluster(&self, kubeconfig: &Kubeconfig) -> Result<kube::config::Cluster, Error> {
        let context = kubeconfig
            .contexts
            .iter()
            .find(|named| named.name == self.context)
            .and_then(|named| named.context.as_ref())
            .ok_or_else(|| self.unusable(format!("it has no context `{}`", self.context)))?;
        kubeconfig
            .clusters
            .iter()
            .find(|named| named.name == context.cluster)
            .and_then(|named| named.cluster.clone())
            .ok_or_else(|| self.unusable(format!("it has no cluster `{}`", context.cluster)))
    }

    /// Puts the address into the copy in memory, so that kube applies the proxy and the rest to it.
    fn dial_instead(&self, kubeconfig: &mut Kubeconfig, endpoint: &Endpoint) {
        let context = kubeconfig.contexts.iter().find(|named| named.name == self.context);
        let name = context.and_then(|named| named.context.as_ref()).map(|context| context.cluster.clone());
        for named in kubeconfig.clusters.iter_mut().filter(|named| Some(&named.name) == name.as_ref()) {
            if let Some(cluster) = &mut named.cluster {
                cluster.server = Some(endpoint.url());
            }
        }
    }

    fn trust_of(&self, cluster: &kube::config::Cluster) -> Result<Trust, Error> {
        let unreadable = |reason: String| self.unusable(format!("cannot read its CA certificate: {reason}"));
        let pem = match (&cluster.certificate_authority_data, &cluster.certificate_authority) {
            (Some(data), _) if !data.is_empty() => decode(data).map_err(unreadable)?,
            (_, Some(path)) if !path.is_empty() => {
                std::fs::read(path).map_err(|error| unreadable(format!("`{path}`: {error}")))?
            }
            _ => return Err(Error::NoCa { kubeconfig: self.files(), context: self.context.clone() }),
        };
        ServingCert::all_from_pem(&pem)
            .and_then(Trust::from_certs)
            .map_err(|error| unreadable(error.to_string()))
    }

    fn server_of(&self, cluster: &kube::config::Cluster) -> Result<Endpoint, Error> {
        let server = cluster.server.as_deref().unwrap_or_default();
        // A gateway such as Rancher's serves several clusters under paths; TLS knows only its host.
        let start = server.find("://").map_or(0, |scheme| scheme + 3);
        let end = server[start..].find('/').map_or(server.len(), |slash| start + slash);
        Endpoint::parse_with_port(&server[..end], 443)
            .map_err(|error| self.unusable(format!("the server of context `{}`: {error}", self.context)))
    }

    fn name(&self, config: &Config, endpoint: &Endpoint, verify: VerifyAs) -> Result<(San, bool), Error> {
        match (verify, &config.tls_server_name) {
            (VerifyAs::Kubernetes, _) => Ok((San::kubernetes(), false)),
            (VerifyAs::Host, Some(name)) => name
                .parse()
                .map(|name| (name, true))
                .map_err(|error| self.unusable(format!("its tls-server-name: {error}"))),
            (VerifyAs::Host, None) => Ok((endpoint.host.clone(), true)),
        }
    }
}

impl Login {
    /// The common name of the client certificate: the user, to an API server.
    pub fn user(&self) -> Option<String> {
        let identity = self.identity.as_ref()?;
        let name = identity.certs.first()?.subject_name().entries_by_nid(Nid::COMMONNAME).next()?;
        name.data().to_string().ok()
    }
}

/// One file, with its relative paths starting where it lies.
fn read(file: &Path) -> Result<Kubeconfig, Error> {
    let unusable = |reason| Error::Kubeconfig { kubeconfig: file.display().to_string(), reason };
    let path = std::path::absolute(file).map_err(|error| unusable(error.to_string()))?;
    Kubeconfig::read_from(path).map_err(|error| unusable(words(&error)))
}

/// The parser's own words are left out: they quote the file, and there are secrets in it.
fn words(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::ReadConfig(error, _) => format!("cannot read it: {error}"),
        KubeconfigError::Parse(error) => match error.location() {
            Some(at) => format!("it is no kubeconfig: see line {}, column {}", at.line(), at.column()),
            None => "it is no kubeconfig".into(),
        },
        error => {
            let cause = std::error::Error::source(error);
            format!("cannot use it: {}", cause.map_or_else(|| error.to_string(), ToString::to_string))
        }
    }
}

fn identity(auth: &AuthInfo) -> Result<Option<Identity>, String> {
    let cert = bytes(auth.client_certificate_data.as_deref(), auth.client_certificate.as_deref())
        .map_err(|reason| format!("cannot read its client certificate: {reason}"))?;
    let key =
        bytes(auth.client_key_data.as_ref().map(|data| data.expose_secret()), auth.client_key.as_deref())
            .map_err(|reason| format!("cannot read its client key: {reason}"))?;
    match (cert, key) {
        (Some(cert), Some(key)) => {
            let certs =
                X509::stack_from_pem(&cert).map_err(|_| "its client certificate is no PEM".to_owned())?;
            let key = PKey::private_key_from_pem(&zeroize::Zeroizing::new(key));
            let key = key.map_err(|_| "its client key is no PEM".to_owned())?;
            Ok(Some(Identity { certs, key }))
        }
        (Some(_), None) => Err("its client certificate has no key".into()),
        (None, _) => Ok(None),
    }
}

/// What stands in the file itself wins over what it points at, as in kubectl.
fn bytes(data: Option<&str>, path: Option<&str>) -> Result<Option<Vec<u8>>, String> {
    match (data.filter(|data| !data.is_empty()), path.filter(|path| !path.is_empty())) {
        (Some(data), _) => decode(data).map(Some),
        (None, Some(path)) => {
            std::fs::read(Path::new(path)).map(Some).map_err(|error| format!("`{path}`: {error}"))
        }
        (None, None) => Ok(None),
    }
}

fn decode(data: &str) -> Result<Vec<u8>, String> {
    let letters: String = data.split_ascii_whitespace().collect();
    STANDARD.decode(letters).map_err(|_| "its base64 is broken".to_owned())
}
