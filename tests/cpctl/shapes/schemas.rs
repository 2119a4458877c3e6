//! JSON and SARIF, against their schemas.

use boon::{Compiler, Schemas};
use cpctl::outcome::Shape;
use serde_json::Value;

use super::{super::docs, samples, text};

const OURS: &str = "schema/preflight-1.json";
const SARIF: &str = "fixtures/schemas/sarif-2.1.0.json";

/// What is wrong with a text by a schema.
fn wrong(schema: Value, told: &str) -> Option<String> {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("file:///schema.json", schema).unwrap();
    let index = compiler.compile("file:///schema.json", &mut schemas).unwrap();
    let told: Value = serde_json::from_str(told).unwrap();
    schemas.validate(&told, index).err().map(|error| format!("{error:#}"))
}

fn schema(path: &str) -> Value {
    serde_json::from_str(&docs::text(path)).unwrap()
}

/// The same schema, by which nothing may be told that it does not describe.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(object) => {
                if object.get("type") == Some(&"object".into()) {
                    object.insert("additionalProperties".into(), false.into());
                }
                object.values_mut().for_each(close);
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

pub fn assert_described(told: &str) {
    assert_eq!(wrong(closed(schema(OURS)), told), None, "{told}");
}

#[test]
fn json_is_as_its_schema_describes_it_and_has_nothing_else() {
    for sample in samples() {
        assert_described(&text(Shape::Json, &sample));
    }
}

#[test]
fn the_schema_refuses_what_contradicts_itself() {
    let told = text(Shape::Json, &samples()[0]);

    for (right, wrongly) in [
        ("\"schema\": 1", "\"schema\": 2"),
        ("\"result\": \"found\"", "\"result\": \"passed\""),
        ("\"result\": \"skipped\"", "\"result\": \"found\""),
        ("\"severity\": \"fail\"", "\"severity\": \"bad\""),
        ("\"now\": \"2026-11-22T", "\"now\": \"22.11.2026 "),
        ("\"code\": \"disk-full\"", "\"code\": \"Disk full\""),
        ("\"nodes\": [", "\"machines\": ["),
    ] {
        let changed = told.replacen(right, wrongly, 1);
        assert_ne!(changed, told, "{right}");
        assert!(wrong(schema(OURS), &changed).is_some(), "{wrongly}");
    }
}

#[test]
fn sarif_is_what_its_own_schema_describes() {
    for sample in samples() {
        let told = text(Shape::Sarif, &sample);
        assert_eq!(wrong(schema(SARIF), &told), None, "{told}");
    }
    let broken = text(Shape::Sarif, &samples()[0]).replace("\"error\"", "\"fail\"");
    assert!(wrong(schema(SARIF), &broken).is_some(), "the schema judges");
}

#[test]
fn a_result_of_sarif_says_where_and_whether_it_counts() {
    let told: Value = serde_json::from_str(&text(Shape::Sarif, &samples()[0])).unwrap();
    let run = &told["runs"][0];
    let results = run["results"].as_array().unwrap();
    let of = |id: &'static str| results.iter().filter(move |result| result["ruleId"] == *id);

    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        assert_eq!(result.get("suppressions").is_some(), result["ruleId"] == "clock-off");
    }
    let lines: Vec<_> = of("server-twice")
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            (place["artifactLocation"]["uri"].as_str().unwrap(), place["region"]["startLine"].as_u64())
        })
        .collect();
    assert_eq!(lines, [("lb/haproxy.cfg", Some(14)), ("lb/haproxy.cfg", Some(15))]);
    let prints: Vec<_> = of("server-twice").map(|result| &result["partialFingerprints"]).collect();
    assert_ne!(prints[0], prints[1], "two places are two results");
    let place = &of("cert-expired").next().unwrap()["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "cluster/cp2");
    let baseline = &of("ignore-unused").next().unwrap()["locations"][0]["physicalLocation"];
    assert_eq!(baseline["artifactLocation"]["uri"], "accepted%2C%20by%20all.yaml");
}
