//! Files of balancers, read as text without the private keys in them.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use super::{typed, wanted::server};
use crate::{
    balancer::lint::{ControlPlane, Source, without_keys},
    error::Error,
    inventory::Inventory,
    node::Target,
};

/// A file that was read already.
pub fn of_file(name: String, bytes: Vec<u8>, mode: u32) -> Result<Source, Error> {
    Ok(Source { text: text(&name, bytes)?, name, mode: Some(mode), kind: None })
}

/// A file here, or `-` for standard input; its content tells what it configures.
pub fn at(path: &Path) -> Result<Source, Error> {
    let unread = |source| Error::Read { path: path.to_owned(), source };
    if path == Path::new("-") {
        let mut bytes = vec![];
        io::stdin().read_to_end(&mut bytes).map_err(unread)?;
        return Ok(Source { name: "-".into(), text: text("-", bytes)?, mode: None, kind: None });
    }
    typed::refuse_directory(path)?;
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(unread)?;
    let mode = fs::metadata(path).map_err(unread)?.permissions().mode() & 0o7777;
    of_file(name, bytes, mode)
}

/// No configuration holds an octet of none; what is no UTF-8 would be quoted as what it is not.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Error> {
    let is_binary = bytes.contains(&0);
    match String::from_utf8(bytes).ok().filter(|_| !is_binary) {
        Some(text) => Ok(without_keys(&text)),
        None if is_binary => Err(Error::Usage {
            message: format!("{name}: is no text"),
            hint: format!("see what it is: `file {name}`"),
        }),
        None => Err(Error::Usage {
            message: format!("{name}: is not in UTF-8"),
            hint: format!("write it anew: `iconv -f latin1 -t utf-8 {name}`"),
        }),
    }
}

/// What the inventory says of the control plane; `host` tells which address a machine has.
pub fn control_plane(inventory: &Inventory, host: impl Fn(&Target) -> String) -> ControlPlane {
    let nodes = inventory.nodes.iter().map(|node| server(node, host(node)));
    let balancers = inventory.balancers.iter().map(|balancer| host(&balancer.target));
    ControlPlane {
        endpoint: inventory.endpoint.clone(),
        nodes: nodes.collect(),
        balancers: balancers.collect(),
    }
}
