//! Whether what answers is the cluster that was meant, and whether its API lets us in.

use jiff::Timestamp;

use crate::{
    api,
    endpoint::Endpoint,
    node,
    probe::{self, Presented, Trust, Verdict},
    report::{Code, Finding},
    san::San,
};

/// A server whose chain does not lead to the cluster's CA: the wrong cluster is the worst mistake.
pub fn belongs(
    node: &str,
    presented: &Presented,
    trust: &Trust,
    context: &str,
    now: Timestamp,
) -> Option<Finding> {
    let name = San::kubernetes();
    let reason = trust.judge(presented, &name, now).chain?;
    let message = format!(
        "its certificate is signed by `{}` and does not lead to the CA of context {context} (SHA-256 {}): {reason}",
        presented.leaf.issuer,
        trust.fingerprint()
    );
    Some(
        Finding::new(Code::WrongCluster, node, message).remedy(
            "name the right cluster with `--context`, or the right nodes with `--inventory` or `--node`",
        ),
    )
}

/// A machine that cannot be looked at, or where its user may do nothing.
pub fn unreached(node: &str, error: &node::Error) -> Finding {
    use node::Error;

    let code = match error {
        Error::UnknownHostKey { .. } => Code::HostKeyUnknown,
        Error::ChangedHostKey { .. } | Error::RevokedHostKey { .. } => Code::HostKeyChanged,
        Error::Login { .. } => Code::LoginRefused,
        Error::NeedsPassword { .. } | Error::WrongPassword { .. } | Error::NotAllowed { .. } => {
            Code::SudoRefused
        }
        _ => Code::NodeUnreachable,
    };
    let finding = Finding::new(code, node, told(error));
    match error.hint() {
        Some(hint) => finding.remedy(hint),
        None => finding,
    }
}

/// An error and its causes on one line.
fn told(error: &node::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// A node whose API server does not answer while another one is to be touched.
pub fn silent_node(node: &str, endpoint: &Endpoint, error: &probe::Error) -> Finding {
    let code = match error {
        probe::Error::NotTls { .. } => Code::EndpointNotTls,
        _ => Code::EndpointUnreachable,
    };
    Finding::new(code, node, error.to_string()).remedy(format!(
        "every API server must answer before one is touched: `cpctl certs inspect {endpoint}`"
    ))
}

/// The endpoint that is to be served and where nobody listens yet.
pub fn silent_endpoint(endpoint: &Endpoint, error: &probe::Error) -> Finding {
    Finding::new(
        Code::EndpointSilent,
        endpoint.to_string(),
        format!("{error}; the names will be proved on the nodes alone"),
    )
    .remedy(format!("once the load balancer is there: `cpctl verify {endpoint}`"))
}

/// An API that did not let us in.
pub fn api(subject: &str, error: &api::Error) -> Finding {
    match error {
        api::Error::Status { status: 401 | 403, .. } => Finding::new(Code::ApiRefused, subject, error.to_string())
            .remedy("the kubeconfig's credentials are not this cluster's, or a load balancer took the client certificate away"),
        api::Error::Status { .. } => Finding::new(Code::ApiNotReady, subject, error.to_string())
            .remedy("look at the API server's log on the node"),
        _ => {
            let code = match error {
                api::Error::Kubeconfig { .. } => Code::KubeconfigUnreadable,
                api::Error::NoCa { .. } => Code::KubeconfigCaData,
                _ => Code::EndpointUnreachable,
            };
            let finding = Finding::new(code, subject, error.to_string());
            match error.hint() {
                Some(hint) => finding.remedy(hint),
                None => finding,
            }
        }
    }
}

/// A server that lacks the name by which clients are to find it.
pub fn unnamed(node: &str, endpoint: &Endpoint, host: &San) -> Finding {
    let message = format!("{endpoint} does not serve {host}: clients that are led there would be refused");
    Finding::new(Code::SanMissing, node, message).remedy(format!("`cpctl certs add-san {host}`"))
}

/// A new address that a client of the kubeconfig would not accept.
pub fn refused(subject: &str, to: &Endpoint, host: &San, verdict: &Verdict, words: String) -> Finding {
    if let Some(reason) = &verdict.chain {
        // Clients tell the name first; that it is another cluster, or no cluster, counts more.
        let message =
            format!("{to} would be refused: x509: certificate signed by unknown authority ({reason})");
        return Finding::new(Code::CertUntrusted, subject, message).remedy(format!(
            "`cpctl verify {to}` tells a load balancer that ends TLS from another cluster; choose another address with `--to`"
        ));
    }
    let message = format!("{to} would be refused{}: {words}", stated(to, host).unwrap_or_default());
    if !verdict.names_host {
        return Finding::new(Code::SanMissing, subject, message).remedy(add(&[host.to_string()], to, host));
    }
    Finding::new(Code::CertExpired, subject, message)
        .remedy(format!("`cpctl certs inspect {to}` shows its dates"))
}

/// Says that clients look for another name than the host, where the kubeconfig tells them to.
pub(super) fn stated(endpoint: &Endpoint, asked: &San) -> Option<String> {
    (endpoint.host != *asked).then(|| format!(" (the kubeconfig's `tls-server-name` is `{asked}`)"))
}

/// What makes the names be found: serving them, or no longer asking for them.
pub(super) fn add(names: &[String], endpoint: &Endpoint, asked: &San) -> String {
    let add = format!("`cpctl certs add-san {}`", names.join(" "));
    if endpoint.host == *asked || !names.contains(&asked.to_string()) {
        return add;
    }
    format!("correct the line `tls-server-name: {asked}` in the kubeconfig, or {add}")
}
