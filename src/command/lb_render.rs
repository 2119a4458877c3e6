//! `cpctl lb render KIND`.

use std::path::Path;

use super::shared::cluster;
use crate::{
    apply::{self, Laid, Over, ToLay},
    balancer::render::{self, Anonymous, File, Gate, Kind, Machine, Proxy, Server, Wanted},
    cli::{AnonymousAnswer, BalancerKind, Common, ProxyKind, Render},
    error::Error,
    inventory::{self, Balancer, How, Inventory},
    node::Target,
    outcome::{LaidFile, Outcome, Rendered, RenderedFile},
    world::World,
};

/// What the file is called that nobody has written yet.
const UNWRITTEN: &str = "cpctl.yaml";

pub fn run(args: &Render, common: &Common, world: &World) -> Result<Outcome, Error> {
    let kind = kind(args.kind);
    let inventory = cluster::named(common)?;
    let files = render::render(kind, &wanted(args, inventory, world)?)?;
    let mut files: Vec<_> = files.into_iter().map(rendered).collect();
    if let Some(directory) = &args.out {
        lay_out(directory, &mut files, if args.force { Over::Anything } else { Over::Same })?;
    }
    Ok(Outcome::Rendered(Rendered { files }))
}

fn rendered(file: File) -> RenderedFile {
    let File { machine, path, mode, text } = file;
    RenderedFile { machine, path: path.to_owned(), mode, text, laid: None }
}

/// Each file below the directory.
fn lay_out(directory: &Path, files: &mut [RenderedFile], over: Over) -> Result<(), Error> {
    let paths: Vec<_> = files.iter().map(|file| directory.join(file.below())).collect();
    let to_lay = files.iter().zip(&paths);
    let to_lay: Vec<_> =
        to_lay.map(|(file, path)| ToLay { path: path.clone(), mode: file.mode, text: &file.text }).collect();
    let laid = apply::lay_out(&to_lay, over)?;
    for ((file, path), laid) in files.iter_mut().zip(paths).zip(laid) {
        file.laid = Some(LaidFile { path, is_new: laid == Laid::Written });
    }
    Ok(())
}

/// All that is known without asking anybody; an ssh configuration tells which address an alias is.
fn wanted(args: &Render, inventory: Option<Inventory>, world: &World) -> Result<Wanted, Error> {
    let (file, nodes, balancers, said) = match inventory {
        Some(Inventory { endpoint, nodes, balancers, vip, vrid, found }) => {
            let file = match found {
                How::File(path) => path.display().to_string(),
                How::Flags | How::Cluster { .. } => UNWRITTEN.into(),
            };
            (file, nodes, balancers, (endpoint, vip, vrid))
        }
        None => return Err(nobody()),
    };
    let endpoint = args.endpoint.as_deref().map(str::parse).transpose()?;
    Ok(Wanted {
        inventory: file,
        endpoint: endpoint.or(said.0),
        vip: args.vip.or(said.1),
        vrid: args.vrid.or(said.2),
        servers: nodes.iter().map(|node| server(node, world)).collect(),
        machines: balancers.iter().map(|balancer| machine(balancer, world)).collect(),
        interface: interface(args)?,
        distribution: args.distribution.clone(),
        anonymous: args.anonymous.map(anonymous),
        proxy: proxy(args),
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

fn server(node: &Target, world: &World) -> Server {
    Server {
        name: node.name.clone(),
        host: world.reach.host(node),
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

fn interface(args: &Render) -> Result<Option<String>, Error> {
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

/// NGINX's own file is read with the CA where NGINX has it.
fn proxy(args: &Render) -> Proxy {
    match (args.kind, args.proxy) {
        (BalancerKind::Nginx, _) | (_, ProxyKind::Nginx) => Proxy::Nginx,
        (_, ProxyKind::Haproxy) => Proxy::Haproxy,
    }
}

fn anonymous(answer: AnonymousAnswer) -> Anonymous {
    match answer {
        AnonymousAnswer::Allowed => Anonymous::Allowed,
        AnonymousAnswer::Refused => Anonymous::Refused,
        AnonymousAnswer::Changing => Anonymous::Changing,
    }
}

fn kind(kind: BalancerKind) -> Kind {
    match kind {
        BalancerKind::Haproxy => Kind::Haproxy,
        BalancerKind::Nginx => Kind::Nginx,
        BalancerKind::Keepalived => Kind::Keepalived,
        BalancerKind::Pfsense => Kind::Pfsense,
        BalancerKind::Opnsense => Kind::Opnsense,
        BalancerKind::Relayd => Kind::Relayd,
        BalancerKind::FreebsdCarp => Kind::FreebsdCarp,
        BalancerKind::KubeVip => Kind::KubeVip,
        BalancerKind::Dns => Kind::Dns,
        BalancerKind::Ipfw => Kind::Ipfw,
        BalancerKind::Ipvs => Kind::Ipvs,
        BalancerKind::Iptables => Kind::Iptables,
        BalancerKind::Nftables => Kind::Nftables,
    }
}
