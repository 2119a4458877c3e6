//! Nodes drained on their balancers while they are restarted: no client may notice, whoever dies in the middle.

use serde_json::{Value, json};

mod lab;
mod rehearsed;

/// A saved plan that waits no longer than a second for a server to follow its file, with other limits for drains.
fn impatient(plan: &str, drains: &Value) -> String {
    let mut plan: Value = serde_json::from_str(plan).unwrap();
    for step in plan["steps"].as_array_mut().unwrap() {
        for settle in step["settle"].as_array_mut().unwrap() {
            if settle["settle"] == "serves-file" {
                settle["within"] = json!({"secs": 1, "nanos": 0});
            }
        }
        for hold in step["holds"].as_array_mut().unwrap() {
            if hold["hold"] == "drained" {
                hold.as_object_mut().unwrap().extend(drains.as_object().unwrap().clone());
            }
        }
    }
    plan.to_string()
}
