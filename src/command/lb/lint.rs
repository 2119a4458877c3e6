//! `cpctl lb lint FILE…`.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use jiff::tz::TimeZone;

use crate::{
    balancer::lint::{self, ControlPlane, Facts, Kind, Member, Source},
    cli::{self, Common, Lint},
    command::shared::cluster,
    error::Error,
    inventory::Inventory,
    node::{Answer, Ask, Target},
    outcome::{Linted, LintedFile, Outcome},
    world::World,
};

/// Where balancers have their configuration by Debian's packages.
const CONFIGURATIONS: &[&str] =
    &["/etc/haproxy/haproxy.cfg", "/etc/nginx/nginx.conf", "/etc/keepalived/keepalived.conf"];

pub fn run(args: &Lint, common: &Common, world: &World) -> Result<Outcome, Error> {
    let kind = args.kind.map(kind);
    let inventory = named(common)?;
    let mut sources = args.files.iter().map(|path| source(path, kind)).collect::<Result<Vec<_>, _>>()?;
    if args.remote {
        sources.extend(remote(inventory.as_ref(), world)?);
    }
    let plane = inventory.map(|inventory| control_plane(&inventory, world));
    let facts = Facts { plane: plane.as_ref(), today: (world.now)().to_zoned(TimeZone::UTC).date() };
    let judged = lint::lint(&sources, &facts);
    let files = judged.files.into_iter().map(|file| LintedFile {
        name: file.name,
        kind: file.kind.map(Kind::name),
        pools: file.pools,
    });
    Ok(Outcome::Linted(Linted {
        files: files.collect(),
        findings: judged.findings,
        fail_on: args.fail_on.severity(),
    }))
}

/// The inventory that is named or lies here, with what ssh's flags say of its machines.
fn named(common: &Common) -> Result<Option<Inventory>, Error> {
    let mut inventory = cluster::named(common)?;
    for balancer in inventory.iter_mut().flat_map(|inventory| &mut inventory.balancers) {
        cluster::flagged(&mut balancer.target, &common.ssh)?;
    }
    Ok(inventory)
}

/// The configurations on the balancers' machines.
fn remote(inventory: Option<&Inventory>, world: &World) -> Result<Vec<Source>, Error> {
    let balancers = inventory.map(|inventory| inventory.balancers.as_slice()).unwrap_or_default();
    if balancers.is_empty() {
        return Err(Error::Usage {
            message: "no balancer's machine is named".into(),
            hint: "list them below `balancers:` in the inventory".into(),
        });
    }
    let of_all = balancers.iter().map(|balancer| of_machine(&balancer.target, world));
    Ok(of_all.collect::<Result<Vec<_>, _>>()?.concat())
}

fn of_machine(target: &Target, world: &World) -> Result<Vec<Source>, Error> {
    let asks: Vec<Ask> = CONFIGURATIONS.iter().map(|path| Ask::File(path.into())).collect();
    let answers = world.reach.look_at(target)?.look(&asks)?;
    let seen = CONFIGURATIONS.iter().zip(answers).filter_map(|(path, answer)| match answer {
        Answer::File(file) => Some(of_file(format!("{}:{path}", target.name), file.bytes, file.mode)),
        _ => None,
    });
    let sources = seen.collect::<Result<Vec<Source>, _>>()?;
    if sources.is_empty() {
        return Err(Error::Usage {
            message: format!("{}: none of {} is there", target.name, CONFIGURATIONS.join(", ")),
            hint: format!("fetch its files and name them: `scp {}:FILE .`", target.host),
        });
    }
    Ok(sources)
}

fn of_file(name: String, bytes: Vec<u8>, mode: u32) -> Result<Source, Error> {
    Ok(Source { text: text(&name, bytes)?, name, mode: Some(mode), kind: None })
}

fn source(path: &Path, kind: Option<Kind>) -> Result<Source, Error> {
    let unread = |source| Error::Read { path: path.to_owned(), source };
    if path == Path::new("-") {
        let mut bytes = vec![];
        io::stdin().read_to_end(&mut bytes).map_err(unread)?;
        return Ok(Source { name: "-".into(), text: text("-", bytes)?, mode: None, kind });
    }
    if path.is_dir() {
        return Err(Error::Usage {
            message: format!("{}: is a directory", path.display()),
            hint: format!("name the files in it: `cpctl lb lint {}`", path.join("*").display()),
        });
    }
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(unread)?;
    let mode = fs::metadata(path).map_err(unread)?.permissions().mode() & 0o7777;
    Ok(Source { kind, ..of_file(name, bytes, mode)? })
}

/// No configuration holds an octet of none; what is no UTF-8 would be quoted as what it is not.
fn text(name: &str, bytes: Vec<u8>) -> Result<String, Error> {
    let is_binary = bytes.contains(&0);
    match String::from_utf8(bytes).ok().filter(|_| !is_binary) {
        Some(text) => Ok(lint::without_keys(&text)),
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

/// What the inventory says of the control plane.
fn control_plane(inventory: &Inventory, world: &World) -> ControlPlane {
    let nodes = inventory.nodes.iter().map(|node| Member {
        name: node.name.clone(),
        host: world.reach.host(node),
        api: node.api.as_ref().and_then(|api| api.parse().ok()),
        distribution: node.distribution.clone(),
    });
    let balancers = inventory.balancers.iter().map(|balancer| world.reach.host(&balancer.target));
    ControlPlane {
        endpoint: inventory.endpoint.clone(),
        nodes: nodes.collect(),
        balancers: balancers.collect(),
    }
}

fn kind(asked: cli::LintedKind) -> Kind {
    match asked {
        cli::LintedKind::Haproxy => Kind::Haproxy,
        cli::LintedKind::Pfsense => Kind::Pfsense,
        cli::LintedKind::Opnsense => Kind::Opnsense,
        cli::LintedKind::Nginx => Kind::Nginx,
        cli::LintedKind::Keepalived => Kind::Keepalived,
        cli::LintedKind::Relayd => Kind::Relayd,
        cli::LintedKind::Pf => Kind::Pf,
        cli::LintedKind::KubeVip => Kind::KubeVip,
        cli::LintedKind::Zone => Kind::Zone,
        cli::LintedKind::Kubeconfig => Kind::Kubeconfig,
        cli::LintedKind::Sysctl => Kind::Sysctl,
        cli::LintedKind::Pem => Kind::Pem,
        cli::LintedKind::Script => Kind::Script,
    }
}
