//! Proofs from a node that passes no connections on.

use super::{super::*, lab::Lab};

/// Nodes from which something was not seen, and what it was.
#[derive(Default)]
struct NotSeen(Vec<(String, String)>);

impl Watch for NotSeen {
    fn event(&mut self, event: Event<'_>) {
        if let Event::NotSeen { node, proof } = event {
            self.0.push((node.to_owned(), proof.endpoint.to_string()));
        }
    }
}

#[test]
fn what_a_node_keeps_from_being_seen_is_told_and_stops_nothing() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut plan = lab.plan();
    plan.finally.retain(|proof| proof.endpoint == lab.machines["cp1"].endpoint);
    plan.finally[0].from = Some("cp2".into());
    let mut journal = lab.laptop.begin(plan);
    let mut watch = NotSeen::default();

    apply(&mut journal, &lab.world(&lab.laptop), &Terms::default(), &mut watch).unwrap();

    assert_eq!(watch.0, [("cp2".to_owned(), lab.machines["cp1"].endpoint.to_string())]);
}
