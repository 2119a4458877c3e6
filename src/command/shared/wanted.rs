//! What a balancer's configuration is made from, as the inventory and the flags say it.

use crate::{
    balancer::render::{Anonymous, Gate, Machine, Proxy, Server, Wanted},
    cli::{AnonymousAnswer, Values},
    error::Error,
    inventory::{self, Balancer, How, Inventory},
    node::Target,
    world::World,
};

/// What the file is called that nobody has written yet.
const UNWRITTEN: &str = "cpctl.yaml";

/// All that is known without asking anybody; an ssh configuration tells which address an alias is.
pub fn wanted(
    args: &Values,
    proxy: Proxy,
    inventory: Option<&Inventory>,
    world: &World,
) -> Result<Wanted, Error> {
    let inventory = inventory.ok_or_else(nobody)?;
    let file = match &inventory.found {
        How::File(path) => path.display().to_string(),
        How::Flags | How::Cluster { .. } => UNWRITTEN.into(),
    };
    let endpoint = args.endpoint.as_deref().map(str::parse).transpose()?;
    Ok(Wanted {
        inventory: file,
        endpoint: endpoint.or_else(|| inventory.endpoint.clone()),
        vip: args.vip.or(inventory.vip),
        vrid: args.vrid.or(inventory.vrid),
        servers: inventory.nodes.iter().map(|node| server(node, world.reach.host(node))).collect(),
        machines: inventory.balancers.iter().map(|balancer| machine(balancer, world)).collect(),
        interface: interface(args)?,
        distribution: args.distribution.clone(),
        anonymous: args.anonymous.map(anonymous),
        proxy,
        gate: if args.gate { Gate::Name } else { Gate::Open },
        ca_file: path("--ca-file", args.ca_file.as_ref())?,
        check_cert: path("--check-cert", args.check_cert.as_ref())?,
    })
}

fn nobody() -> Error {
    Error::Usage {
        message: "no nodes are named, and a balancer leads to them".into(),
        hint: "let cpctl find them: `cpctl nodes -o yaml > cpctl.yaml`, or name them with `--node USER@HOST`"
            .into(),
    }
}

/// A node with the address that it has.
pub fn server(node: &Target, host: String) -> Server {
    Server {
        name: node.name.clone(),
        host,
        api: node.api.as_ref().and_then(|api| api.parse().ok()),
        distribution: node.distribution.clone(),
    }
}

fn machine(balancer: &Balancer, world: &World) -> Machine {
    let Balancer { target, socket, backend, interface, priority } = balancer;
    Machine {
        name: target.name.clone(),
        host: world.reach.host(target),
        interface: interface.clone(),
        priority: *priority,
        socket: socket.display().to_string(),
        backend: backend.clone(),
    }
}

fn interface(args: &Values) -> Result<Option<String>, Error> {
    let Some(name) = &args.interface else { return Ok(None) };
    match inventory::why_no_interface(name) {
        Some(reason) => Err(Error::Usage {
            message: format!("`{name}` is no network interface: {reason}"),
            hint: "see what there is on the balancer: `ip -brief link`".into(),
        }),
        None => Ok(Some(name.clone())),
    }
}

/// A path on the machines in front, which stands in their configuration as it is.
fn path(flag: &str, text: Option<&String>) -> Result<Option<String>, Error> {
    let Some(text) = text else { return Ok(None) };
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+@".contains(&b));
    if text.starts_with('/') && is_plain {
        return Ok(Some(text.clone()));
    }
    Err(Error::Usage {
        message: format!("`{text}` is no absolute path of letters, digits, `.`, `_`, `-`, `+` and `@`"),
        hint: format!("give `{flag}` the file's whole path on the balancers"),
    })
}

fn anonymous(answer: AnonymousAnswer) -> Anonymous {
    match answer {
        AnonymousAnswer::Allowed => Anonymous::Allowed,
        AnonymousAnswer::Refused => Anonymous::Refused,
        AnonymousAnswer::Changing => Anonymous::Changing,
    }
}
