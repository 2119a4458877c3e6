//! A kubeconfig on a node, as far as it leads that node's own clients to the API servers.

use super::reference::{Form, Place, Reference};
use crate::{
    cert::ServingCert,
    edit::yaml::{Node, Segment, Tree},
    endpoint::Endpoint,
};

/// The port of a URL that names none.
const HTTPS: u16 = 443;

/// Every `server` of a kubeconfig.
pub(super) fn references(place: &Place, text: &str) -> Result<Vec<Reference>, String> {
    let tree = Tree::parse(text).map_err(|error| error.to_string())?;
    let mut references = vec![];
    for (index, item) in clusters(&tree).enumerate() {
        let Some(server) = item.get("cluster").and_then(|cluster| cluster.get("server")?.scalar()) else {
            continue;
        };
        let names =
            Endpoint::parse_with_port(server, HTTPS).map_err(|error| format!("its server: {error}"))?;
        let name = item.get("name").and_then(|name| name.scalar());
        let item = name.map_or(Segment::Item(index), |name| Segment::Named(name.to_string()));
        let key = |key: &str| Segment::Key(key.into());
        let path = vec![key("clusters"), item, key("cluster"), key("server")];
        references.push(Reference::new(place.clone(), text, Form::Url(path), Some(names)));
    }
    Ok(references)
}

/// The CAs that it holds itself, those of all its clusters.
pub(super) fn authorities(text: &str) -> Vec<ServingCert> {
    let Ok(tree) = Tree::parse(text) else { return vec![] };
    let of_cluster = |item: Node<'_, '_>| {
        let data = item.get("cluster")?.get("certificate-authority-data")?.scalar()?;
        let pem = openssl::base64::decode_block(data.trim()).ok()?;
        ServingCert::all_from_pem(&pem).ok()
    };
    clusters(&tree).filter_map(of_cluster).flatten().collect()
}

fn clusters<'t, 'a>(tree: &'t Tree<'a>) -> impl Iterator<Item = Node<'t, 'a>> {
    tree.first().and_then(|root| root.get("clusters")).into_iter().flat_map(Node::items)
}
