//! The keys that clients know.

// Types of k8s.io/client-go/tools/clientcmd/api/v1, v0.34.
pub(super) const ROOT: &[&str] =
    &["apiVersion", "clusters", "contexts", "current-context", "extensions", "kind", "preferences", "users"];
pub(super) const CLUSTER: &[&str] = &[
    "certificate-authority",
    "certificate-authority-data",
    "disable-compression",
    "extensions",
    "insecure-skip-tls-verify",
    "proxy-url",
    "server",
    "tls-server-name",
];
pub(super) const CONTEXT: &[&str] = &["cluster", "extensions", "namespace", "user"];
pub(super) const USER: &[&str] = &[
    "as",
    "as-groups",
    "as-uid",
    "as-user-extra",
    "auth-provider",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "exec",
    "extensions",
    "password",
    "token",
    "tokenFile",
    "username",
];
pub(super) const EXEC: &[&str] =
    &["apiVersion", "args", "command", "env", "installHint", "interactiveMode", "provideClusterInfo"];
