//! Credential plugins of a kubeconfig, each run once.

use std::{
    collections::BTreeMap,
    process::{Output, Stdio},
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use serde_json::json;

/// What a plugin answers; it holds secrets, so it is never printed.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Answer {
    status: Option<Credential>,
}

/// Answers by the plugin's configuration, as client-go keeps them: a probe makes many clients, and a plugin may
/// ask its user for a password.
static ANSWERS: Mutex<BTreeMap<String, Credential>> = Mutex::new(BTreeMap::new());

/// A token this close to its end is not used again.
const EXPIRES_SOON: SignedDuration = SignedDuration::from_secs(10);

/// Puts the plugin's answer in the plugin's place; an `AuthInfo` without a plugin stays as it is.
pub(super) fn resolve(auth: &mut AuthInfo) -> Result<(), String> {
    let Some(exec) = auth.exec.take() else { return Ok(()) };
    // Credentials that stand in the file win over a plugin.
    if auth.token.is_some() || auth.token_file.is_some() {
        return Ok(());
    }
    let credential = ask(&exec)?;
    auth.token = credential.token.map(Into::into);
    if let (Some(cert), Some(key)) = (credential.client_certificate_data, credential.client_key_data) {
        auth.client_certificate_data = Some(STANDARD.encode(cert));
        auth.client_key_data = Some(STANDARD.encode(key).into());
    }
    Ok(())
}

fn ask(exec: &ExecConfig) -> Result<Credential, String> {
    let question = question(exec);
    let key = format!("{:?} {:?} {:?} {question}", exec.command, exec.args, exec.env);
    // Held while the plugin runs, so that two threads do not both ask.
    let mut answers = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = answers.get(&key).filter(|known| !known.expires_soon()) {
        return Ok(known.clone());
    }
    let command = exec.command.as_deref().ok_or("its credential plugin has no command")?;
    let output = run(exec, command, &question)
        .map_err(|error| format!("cannot run its credential plugin `{command}`: {error}{}", hint(exec)))?;
    if !output.status.success() {
        return Err(format!("its credential plugin `{command}` ended with {}", output.status));
    }
    // Neither the answer nor the parser's words are shown: both may hold the token.
    let credential = serde_saphyr::from_slice::<Answer>(&output.stdout)
        .ok()
        .and_then(|answer| answer.status)
        .ok_or_else(|| format!("its credential plugin `{command}` gave no credentials"))?;
    answers.insert(key, credential.clone());
    Ok(credential)
}

impl Credential {
    fn expires_soon(&self) -> bool {
        self.expiration_timestamp.is_some_and(|end| end.duration_since(Timestamp::now()) < EXPIRES_SOON)
    }
}

fn question(exec: &ExecConfig) -> String {
    let cluster = exec.cluster.as_ref().filter(|_| exec.provide_cluster_info);
    json!({
        "apiVersion": exec.api_version,
        "kind": "ExecCredential",
        "spec": { "interactive": is_interactive(exec), "cluster": cluster },
    })
    .to_string()
}

fn is_interactive(exec: &ExecConfig) -> bool {
    exec.interactive_mode != Some(ExecInteractiveMode::Never)
}

#[expect(clippy::disallowed_methods, reason = "a credential plugin is a program of this machine")]
fn run(exec: &ExecConfig, command: &str, question: &str) -> std::io::Result<Output> {
    let variables =
        exec.env.iter().flatten().filter_map(|pair| Some((pair.get("name")?, pair.get("value")?)));
    std::process::Command::new(command)
        .args(exec.args.iter().flatten())
        .envs(variables)
        .env("KUBERNETES_EXEC_INFO", question)
        .stdin(if is_interactive(exec) { Stdio::inherit() } else { Stdio::null() })
        .stderr(Stdio::inherit())
        .output()
}

fn hint(exec: &ExecConfig) -> String {
    exec.install_hint.as_ref().map_or_else(String::new, |hint| format!("; {}", hint.trim()))
}
