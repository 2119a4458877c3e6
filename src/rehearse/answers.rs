//! What the API server says, as far as a migration asks.

use std::net::SocketAddr;

use hyper::{Method, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::{
    register::{self, Register},
    secret::{self, Annotations},
};

/// What an API server knows of its cluster.
pub(super) struct Known {
    /// The nodes by name.
    pub nodes: Vec<String>,
    /// Where their API servers answer, in the same order.
    pub servers: Vec<SocketAddr>,
    /// What only kubeadm keeps in the cluster.
    pub register: Option<Register>,
    /// What only K3s keeps there.
    pub annotations: Option<Annotations>,
}

/// Who a client certificate says its bearer is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct User {
    pub name: String,
    pub groups: Vec<String>,
}

/// Whether the server has come up far enough to say that it is ready.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Readiness {
    Ready,
    Starting,
}

const SLICES: &str = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const CONFIG_MAPS: &str = "/api/v1/namespaces/default/configmaps";
const NODE: &str = "/api/v1/nodes/";
const REVIEWS: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// Who asks without a certificate, where that is enough: how a server is may be asked by balancers.
pub(super) fn nobody(path: &str) -> Option<User> {
    let group = "system:unauthenticated".to_owned();
    let is_health = ["/readyz", "/livez", "/healthz", "/version"].contains(&path);
    is_health.then(|| User { name: "system:anonymous".into(), groups: vec![group] })
}

/// What a supervisor of K3s says to everybody.
pub(super) fn pong() -> Response<String> {
    text(StatusCode::OK, "pong")
}

impl Known {
    /// Answers one request; nobody without a certificate of the cluster's CA is told anything.
    pub fn answer(
        &self,
        (method, path, body): (&Method, &str, &str),
        user: Option<&User>,
        state: Readiness,
    ) -> Response<String> {
        let Some(user) = user else {
            return refusal(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized");
        };
        match (method.as_str(), path) {
            ("GET", "/readyz") if state == Readiness::Starting => {
                text(StatusCode::INTERNAL_SERVER_ERROR, "[-]poststarthook/rbac/bootstrap-roles failed")
            }
            ("GET", "/readyz" | "/livez" | "/healthz") => text(StatusCode::OK, "ok"),
            ("GET", "/version") => object(StatusCode::OK, &version()),
            ("POST", REVIEWS) => object(StatusCode::CREATED, &review(user)),
            ("GET", SLICES) => {
                object(StatusCode::OK, &list("discovery.k8s.io/v1", "EndpointSliceList", self.slices()))
            }
            ("GET", "/api") => object(StatusCode::OK, &json!({"kind": "APIVersions", "versions": ["v1"]})),
            ("GET", "/apis") => {
                let groups = json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": []});
                object(StatusCode::OK, &groups)
            }
            ("GET", "/api/v1") => object(StatusCode::OK, &resources()),
            (method @ ("GET" | "PATCH"), register::PATH) => self.registered(method, body),
            ("GET", path) if path.starts_with(NODE) => self.node_object(&path[NODE.len()..]),
            ("GET", secret::PATH) => match self.annotations.as_ref().and_then(Annotations::read) {
                Some(metadata) => object(StatusCode::OK, &metadata),
                None => refusal(StatusCode::NOT_FOUND, "NotFound", "there is no such object"),
            },
            ("GET", CONFIG_MAPS) => object(StatusCode::OK, &list("v1", "ConfigMapList", vec![])),
            ("GET", "/api/v1/nodes") => object(StatusCode::OK, &list("v1", "NodeList", self.node_objects())),
            _ => {
                refusal(StatusCode::NOT_FOUND, "NotFound", "the server could not find the requested resource")
            }
        }
    }

    fn registered(&self, method: &str, body: &str) -> Response<String> {
        let register = self.register.as_ref().ok_or(StatusCode::NOT_FOUND);
        let found = register.and_then(|register| match method {
            "PATCH" => register.patch(body),
            _ => register.read().ok_or(StatusCode::NOT_FOUND),
        });
        match found {
            Ok(map) => object(StatusCode::OK, &map),
            Err(StatusCode::NOT_FOUND) => {
                refusal(StatusCode::NOT_FOUND, "NotFound", "there is no such object")
            }
            Err(code) => refusal(code, "Conflict", "the object has been modified"),
        }
    }

    /// One slice per server, since the rehearsal's servers share an address and differ in the port.
    fn slices(&self) -> Vec<Value> {
        let slice = |(index, server): (usize, &SocketAddr)| {
            let name = if index == 0 { "kubernetes".to_owned() } else { format!("kubernetes-{}", index + 1) };
            json!({
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {
                    "name": name,
                    "namespace": "default",
                    "labels": {"kubernetes.io/service-name": "kubernetes"},
                },
                "addressType": "IPv4",
                "endpoints": [{"addresses": [server.ip().to_string()], "conditions": {"ready": true}}],
                "ports": [{"name": "https", "port": server.port(), "protocol": "TCP"}],
            })
        };
        self.servers.iter().enumerate().map(slice).collect()
    }

    fn node_object(&self, name: &str) -> Response<String> {
        let found = self.node_objects().into_iter().find(|node| node["metadata"]["name"] == *name);
        match found {
            Some(node) => object(StatusCode::OK, &node),
            None => refusal(StatusCode::NOT_FOUND, "NotFound", "there is no such node"),
        }
    }

    fn node_objects(&self) -> Vec<Value> {
        let node = |(name, server): (&String, &SocketAddr)| {
            json!({
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {
                    "name": name,
                    "labels": {
                        "kubernetes.io/hostname": name,
                        "node.kubernetes.io/microk8s-controlplane": "microk8s-controlplane",
                    },
                },
                "status": {
                    "addresses": [
                        {"type": "InternalIP", "address": server.ip().to_string()},
                        {"type": "Hostname", "address": name},
                    ],
                    "conditions": [{"type": "Ready", "status": "True"}],
                },
            })
        };
        self.nodes.iter().zip(&self.servers).map(node).collect()
    }
}

fn version() -> Value {
    json!({
        "major": "1",
        "minor": "34",
        "gitVersion": "v1.34.4",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "go1.24",
        "compiler": "gc",
        "platform": "linux/amd64",
    })
}

/// What lets `kubectl get nodes` find its way.
fn resources() -> Value {
    json!({
        "kind": "APIResourceList",
        "groupVersion": "v1",
        "resources": [{
            "name": "nodes",
            "singularName": "node",
            "namespaced": false,
            "kind": "Node",
            "shortNames": ["no"],
            "verbs": ["get", "list"],
        }],
    })
}

fn review(user: &User) -> Value {
    json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "SelfSubjectReview",
        "metadata": {},
        "status": {"userInfo": {"username": user.name, "groups": user.groups}},
    })
}

fn list(version: &str, kind: &str, items: Vec<Value>) -> Value {
    json!({"apiVersion": version, "kind": kind, "metadata": {"resourceVersion": "1"}, "items": items})
}

fn refusal(code: StatusCode, reason: &str, message: &str) -> Response<String> {
    let status = json!({
        "apiVersion": "v1",
        "kind": "Status",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code.as_u16(),
    });
    object(code, &status)
}

fn object(code: StatusCode, value: &Value) -> Response<String> {
    response(code, "application/json", value.to_string())
}

fn text(code: StatusCode, said: &str) -> Response<String> {
    response(code, "text/plain; charset=utf-8", said.to_owned())
}

fn response(code: StatusCode, kind: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    response
}
