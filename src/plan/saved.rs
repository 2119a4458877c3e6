//! A plan as it is saved to a file and read back.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Deserializer};

use super::{Cluster, HERE, Plan, SCHEMA};
use crate::san::SanSet;

/// The result of a dry run that finds nothing to do: it is saved in place of a plan.
const NOTHING_TO_DO: &str = "nothing-to-do";

/// Why a file is not a plan that can be carried out.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("it is not a plan")]
    Malformed(#[from] serde_json::Error),
    #[error("it is not a plan but what a run came to: `{result}`")]
    Outcome { result: String },
    #[error("the plan has schema {found}; this cpctl reads up to {SCHEMA}")]
    Newer { found: u64 },
    #[error("step {number} is for {node}, and the plan does not say how to reach it")]
    NoTarget { number: usize, node: String },
}

impl Plan {
    /// Reads what `to_json` wrote.
    pub fn from_json(text: &[u8]) -> Result<Self, ReadError> {
        let value: serde_json::Value = serde_json::from_slice(text)?;
        let found = value["schema"].as_u64().unwrap_or(0);
        if found > u64::from(SCHEMA) {
            return Err(ReadError::Newer { found });
        }
        match value["result"].as_str() {
            Some(NOTHING_TO_DO) => return Ok(Self::empty(&value["title"])),
            Some(result) => return Err(ReadError::Outcome { result: result.to_owned() }),
            None => {}
        }
        let plan: Self = serde_json::from_value(value)?;
        let is_known = |node: &str| node == HERE || plan.nodes.contains_key(node);
        for (index, step) in plan.steps.iter().enumerate() {
            if let Some(node) = step.machines().find(|node| !is_known(node)) {
                return Err(ReadError::NoTarget { number: index + 1, node: node.to_owned() });
            }
        }
        Ok(plan)
    }

    /// What a dry run saves that finds nothing to do.
    fn empty(title: &serde_json::Value) -> Self {
        Self {
            schema: SCHEMA,
            title: title.as_str().unwrap_or_default().to_owned(),
            cluster: Cluster::default(),
            nodes: BTreeMap::new(),
            steps: vec![],
            finally: vec![],
            provides: SanSet::default(),
            relies_on: SanSet::default(),
        }
    }

    /// The plan in full; it fails where a path is not UTF-8.
    pub fn to_json(&self) -> Result<String, ReadError> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}

/// A list of files, or one of them, or none.
pub(super) fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Files {
        One(PathBuf),
        Several(Vec<PathBuf>),
    }
    Ok(match Option::<Files>::deserialize(from)? {
        None => vec![],
        Some(Files::One(file)) => vec![file],
        Some(Files::Several(files)) => files,
    })
}

/// The proofs of a step: none, one by itself, or a list of several.
pub(super) mod proofs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::plan::Proof;

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Proofs {
        One(Box<Proof>),
        Several(Vec<Proof>),
    }

    pub fn serialize<S: Serializer>(proofs: &[Proof], to: S) -> Result<S::Ok, S::Error> {
        match proofs {
            [] => to.serialize_none(),
            [one] => one.serialize(to),
            several => several.serialize(to),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Proof>, D::Error> {
        Ok(match Option::<Proofs>::deserialize(from)? {
            None => vec![],
            Some(Proofs::One(proof)) => vec![*proof],
            Some(Proofs::Several(proofs)) => proofs,
        })
    }
}

/// A file's mode as people write it: `"0640"`.
pub(super) mod octal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(mode: &u32, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{mode:04o}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
        let text = String::deserialize(from)?;
        match u32::from_str_radix(&text, 8) {
            Ok(mode) if mode <= 0o7777 => Ok(mode),
            _ => Err(D::Error::custom(format!("`{text}` is no mode of a file"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Listener;

    const SAVED: &str = r#"{
        "schema": 1, "title": "kubeconfig repoint",
        "cluster": {"context": "prod", "trust": "", "kubeconfig": null, "servers": {"cp1": "10.0.0.11:16443"}},
        "nodes": {},
        "steps": [{
            "node": "localhost", "why": "lead kubectl to 172.22.22.3",
            "holds": [{"hold": "lock-file", "path": "/home/ann/.kube/config.lock", "within": {"secs": 5, "nanos": 0}}],
            "changes": [{"change": "edit", "path": "/home/ann/.kube/config", "edit": {
                "edit": "add-names", "entries": [["IP.101", "172.22.22.3"]]}}],
            "settle": [], "proof": null
        }],
        "finally": []
    }"#;

    #[test]
    fn a_saved_plan_reads_back_as_it_was() {
        let plan = Plan::from_json(SAVED.as_bytes()).unwrap();

        assert_eq!(Plan::from_json(plan.to_json().unwrap().as_bytes()).unwrap(), plan);
        assert_eq!(
            plan.steps[0].changes[0].to_string(),
            "edit /home/ann/.kube/config: add IP.101 = 172.22.22.3"
        );
        assert_eq!(plan.steps[0].holds[0].to_string(), "hold /home/ann/.kube/config.lock");
    }

    #[test]
    fn a_file_to_create_and_a_unit_to_restart_read_back_as_they_were() {
        let create = r#"{"change": "create", "path": "/etc/x.d/50.yaml", "text": "a: 1\n", "mode": "0640"}"#;
        let edit =
            &SAVED[SAVED.find(r#"{"change""#).unwrap()..SAVED.find("],\n            \"settle").unwrap()];
        let saved = SAVED
            .replace(edit, create)
            .replace(r#""settle": []"#, r#""settle": [{"settle": "restart", "unit": "k3s.service"}]"#);

        let plan = Plan::from_json(saved.as_bytes()).unwrap();

        assert_eq!(Plan::from_json(plan.to_json().unwrap().as_bytes()).unwrap(), plan);
        assert_eq!(plan.steps[0].changes[0].to_string(), "create /etc/x.d/50.yaml, mode 0640");
        assert_eq!(
            plan.steps[0].settle[0].to_string(),
            "restart k3s.service, which takes its files in only when it starts"
        );
        assert_eq!(plan.places().files, [PathBuf::from("/etc/x.d/50.yaml")]);
        let wrong = saved.replace("0640", "0o640");
        assert!(Plan::from_json(wrong.as_bytes()).is_err());
    }

    #[test]
    fn a_step_has_no_proof_or_one_by_itself_or_a_list() {
        let proof = |port: u16, rest: &str| {
            format!(
                r#"{{"endpoint": "10.0.0.11:{port}"{rest}, "covers": ["vip.example"], "not_serial": null,
                "issuer": null, "connections": 20, "within": {{"secs": 90, "nanos": 0}}}}"#
            )
        };
        let (api, joining) = (proof(6443, ""), proof(9345, r#", "listener": "supervisor""#));
        let led = proof(6443, r#", "passage": "through""#);
        for (written, listeners) in [
            ("null".to_owned(), vec![]),
            (led, vec![Listener::ApiServer]),
            (api.clone(), vec![Listener::ApiServer]),
            (format!("[{api}, {joining}]"), vec![Listener::ApiServer, Listener::Supervisor]),
        ] {
            let saved = SAVED.replace(r#""proof": null"#, &format!(r#""proof": {written}"#));

            let plan = Plan::from_json(saved.as_bytes()).unwrap();

            let found: Vec<_> = plan.steps[0].proofs.iter().map(|proof| proof.listener).collect();
            assert_eq!(found, listeners);
            let again: serde_json::Value = serde_json::from_str(&plan.to_json().unwrap()).unwrap();
            let before: serde_json::Value = serde_json::from_str(&written).unwrap();
            assert_eq!(again["steps"][0]["proof"].is_array(), before.is_array());
            assert_eq!(again["steps"][0]["proof"]["passage"], before["passage"]);
            assert_eq!(Plan::from_json(again.to_string().as_bytes()).unwrap(), plan);
        }
    }

    #[test]
    fn a_kubeconfig_is_one_file_or_a_list() {
        for (saved, files) in [
            ("null", vec![]),
            ("\"/home/ann/.kube/config\"", vec!["/home/ann/.kube/config"]),
            ("[\"/a\", \"/b\"]", vec!["/a", "/b"]),
        ] {
            let saved = SAVED.replace("\"kubeconfig\": null", &format!("\"kubeconfig\": {saved}"));

            let plan = Plan::from_json(saved.as_bytes()).unwrap();

            assert_eq!(plan.cluster.kubeconfig, files.into_iter().map(PathBuf::from).collect::<Vec<_>>());
        }
        let without = SAVED.replace("\"kubeconfig\": null, ", "");
        assert!(Plan::from_json(without.as_bytes()).unwrap().cluster.kubeconfig.is_empty());
    }

    #[test]
    fn a_dry_run_that_found_nothing_to_do_is_an_empty_plan() {
        let saved = r#"{"schema": 1, "result": "nothing-to-do", "run": null, "title": "certs add-san a", "nodes": []}"#;

        let plan = Plan::from_json(saved.as_bytes()).unwrap();

        assert!(plan.is_empty());
        assert_eq!(plan.title, "certs add-san a");
        let refused = saved.replace("nothing-to-do", "refused");
        let error = Plan::from_json(refused.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "it is not a plan but what a run came to: `refused`");
    }

    #[test]
    fn what_cannot_be_carried_out_is_refused_in_words() {
        for (from, to, reason) in [
            ("\"schema\": 1", "\"schema\": 2", "the plan has schema 2; this cpctl reads up to 1"),
            ("localhost", "cp9", "step 1 is for cp9, and the plan does not say how to reach it"),
            ("\"steps\"", "\"stops\"", "it is not a plan"),
        ] {
            let error = Plan::from_json(SAVED.replacen(from, to, 1).as_bytes()).unwrap_err();

            assert_eq!(error.to_string(), reason);
        }
    }
}
