//! An API server on loopback, and what its user has at home.

use std::{
    io::{Read, Write as _},
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    api::{Access, Api, Error, VerifyAs},
    endpoint::Endpoint,
    probe::{
        Wire,
        server::{Ca, Identity, Tls, tls_answering},
    },
};

/// One request as the server got it: its first line and headers, and the common name of the client certificate.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub head: String,
    pub user: Option<String>,
}

pub(crate) type Book = Arc<Mutex<Vec<Heard>>>;

/// An API server on loopback, and a directory with what a user has.
pub(crate) struct Cluster {
    pub ca: Ca,
    pub client: Identity,
    pub endpoint: Endpoint,
    pub heard: Book,
    pub home: TempDir,
}

pub(crate) fn cluster(names: &[&str], answer: fn(&str) -> Option<(u16, String)>) -> Cluster {
    let ca = Ca::new("kubernetes-ca");
    let identity = ca.sign(names);
    cluster_with(ca, &identity, &Tls::default(), answer)
}

/// A cluster whose server answers by the request's first line and its body.
pub(crate) fn cluster_answering(
    names: &[&str],
    answer: impl Fn(&str, &str) -> Option<(u16, String)> + Send + Sync + 'static,
) -> Cluster {
    let ca = Ca::new("kubernetes-ca");
    let identity = ca.sign(names);
    answering(ca, &identity, &Tls::default(), answer)
}

pub(crate) fn cluster_with(
    ca: Ca,
    identity: &Identity,
    how: &Tls,
    answer: fn(&str) -> Option<(u16, String)>,
) -> Cluster {
    answering(ca, identity, how, move |line, _| answer(line))
}

/// Without a status the connection ends in place of an answer.
fn answering(
    ca: Ca,
    identity: &Identity,
    how: &Tls,
    answer: impl Fn(&str, &str) -> Option<(u16, String)> + Send + Sync + 'static,
) -> Cluster {
    let heard = Book::default();
    let book = heard.clone();
    let how = Tls { asks: Some(ca.pem.clone()), ..how.clone() };
    let endpoint = tls_answering(identity, &how, move |stream| {
        while let Some((head, request)) = read_whole_request(stream) {
            let user = stream.ssl().peer_certificate().map(|cert| common_name(&cert));
            let line = head.lines().next().unwrap_or_default().to_owned();
            book.lock().unwrap().push(Heard { head, user });
            let (status, body) =
                answer(&line, &request).or_else(|| usual(&line)).unwrap_or((404, not_found()));
            if status == 0 {
                return;
            }
            let _ = write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    let client = ca.sign(&["unused"]);
    Cluster { ca, client, endpoint, heard, home: TempDir::new().unwrap() }
}

fn common_name(cert: &openssl::x509::X509) -> String {
    let mut names = cert.subject_name().entries_by_nid(openssl::nid::Nid::COMMONNAME);
    names.next().unwrap().data().to_string().unwrap()
}

/// A request with its body, which none of the answers depends on.
pub(crate) fn read_request(stream: &mut impl Read) -> Option<String> {
    read_whole_request(stream).map(|(head, _)| head)
}

/// A request's head and body.
fn read_whole_request(stream: &mut impl Read) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut one = [0];
        (stream.read(&mut one).ok()? == 1).then(|| bytes.push(one[0]))?;
    }
    let head = String::from_utf8(bytes).unwrap();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).unwrap()))
}

pub(crate) fn not_found() -> String {
    json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "not found", "code": 404})
        .to_string()
}

fn usual(line: &str) -> Option<(u16, String)> {
    let body = match line.split(' ').nth(1)?.split('?').next()? {
        "/version" => json!({
            "major": "1", "minor": "34", "gitVersion": "v1.34.4", "gitCommit": "", "gitTreeState": "",
            "buildDate": "", "goVersion": "", "compiler": "", "platform": ""
        })
        .to_string(),
        "/readyz" => "ok".to_owned(),
        "/apis/authentication.k8s.io/v1/selfsubjectreviews" => {
            json!({"status": {"userInfo": {"username": "admin"}}}).to_string()
        }
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices" => slices(&["10.0.0.11", "10.0.0.12"]),
        "/api/v1/nodes" => nodes(),
        _ => return None,
    };
    Some((200, body))
}

pub(crate) fn slices(addresses: &[&str]) -> String {
    json!({
        "kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1", "metadata": {},
        "items": [{
            "metadata": {"name": "kubernetes"}, "addressType": "IPv4",
            "endpoints": [{"addresses": addresses}],
            "ports": [{"name": "https", "port": 16443}]
        }]
    })
    .to_string()
}

fn nodes() -> String {
    let node = |name: &str, address: &str, label: &str| {
        json!({
            "metadata": {"name": name, "labels": {label: ""}},
            "status": {"addresses": [
                {"type": "Hostname", "address": name}, {"type": "InternalIP", "address": address}
            ]}
        })
    };
    json!({
        "kind": "NodeList", "apiVersion": "v1", "metadata": {},
        "items": [
            node("cp2", "10.0.0.12", "node.kubernetes.io/microk8s-controlplane"),
            node("cp1", "10.0.0.11", "node-role.kubernetes.io/control-plane"),
            node("worker", "10.0.0.21", "node.kubernetes.io/microk8s-worker"),
        ]
    })
    .to_string()
}

impl Cluster {
    /// The user has the CA of another cluster.
    pub(crate) fn forget_ca(&mut self) {
        self.ca = Ca::new("kubernetes-ca");
    }

    /// A kubeconfig whose cluster and user have these lines beside the CA.
    pub(crate) fn access_with(&self, ca: &str, cluster: &str, user: &str) -> Access {
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: lab\n\
             contexts: [{{name: lab, context: {{cluster: c, user: u}}}}]\n\
             clusters:\n- name: c\n  cluster:\n    server: {}\n{ca}{cluster}\n\
             users:\n- name: u\n  user:\n{user}\n",
            self.endpoint.url()
        );
        Access { kubeconfigs: vec![self.put("config", &text)], context: "lab".into() }
    }

    pub(crate) fn access(&self) -> Access {
        self.access_with(&self.ca_line(), "", &self.client_lines())
    }

    pub(crate) fn ca_line(&self) -> String {
        self.put("ca.crt", &self.ca.pem);
        "    certificate-authority: ca.crt\n".to_owned()
    }

    pub(crate) fn client_lines(&self) -> String {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let (cert, key) = (STANDARD.encode(&self.client.cert), STANDARD.encode(&self.client.key));
        format!("    client-certificate-data: {cert}\n    client-key-data: {key}\n")
    }

    pub(crate) fn put(&self, name: &str, text: &str) -> PathBuf {
        put(&self.home, name, text)
    }

    pub(crate) fn api(&self, access: &Access) -> Result<Api, Error> {
        Api::new(&wire(), access, None, VerifyAs::Host)
    }
}

#[expect(clippy::disallowed_methods, reason = "the user's own files")]
pub(crate) fn put(home: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = home.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

pub(crate) fn wire() -> Wire {
    Wire::new(Duration::from_secs(20))
}

pub(crate) fn plain(_: &str) -> Option<(u16, String)> {
    None
}
