//! `cpctl lb render KIND`.

use std::path::Path;

use crate::command::shared::{machines, wanted::wanted};
use crate::{
    apply::{self, Laid, Over, ToLay},
    balancer::render::{self, File, Kind, Proxy},
    cli::{BalancerKind, Common, ProxyKind, Render},
    error::Error,
    outcome::{LaidFile, Outcome, Rendered, RenderedFile},
    world::World,
};

pub fn run(args: &Render, common: &Common, world: &World) -> Result<Outcome, Error> {
    let kind = kind(args.kind);
    let inventory = machines::named(common)?;
    let wanted = wanted(&args.values, proxy(args), inventory.as_ref(), world)?;
    let files = render::render(kind, &wanted)?;
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

/// NGINX's own file is read with the CA where NGINX has it.
fn proxy(args: &Render) -> Proxy {
    match (args.kind, args.values.proxy) {
        (BalancerKind::Nginx, _) | (_, ProxyKind::Nginx) => Proxy::Nginx,
        (_, ProxyKind::Haproxy) => Proxy::Haproxy,
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
