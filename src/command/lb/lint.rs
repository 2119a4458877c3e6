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
        Answer::File(file) => Some(Source {
            name: format!("{}:{path}", target.name),
            text: text(file.bytes),
            mode: Some(file.mode),
            kind: None,
        }),
        _ => None,
    });
    let sources: Vec<Source> = seen.collect();
    if sources.is_empty() {
        return Err(Error::Usage {
            message: format!("{}: none of {} is there", target.name, CONFIGURATIONS.join(", ")),
            hint: format!("fetch its files and name them: `scp {}:FILE .`", target.host),
        });
    }
    Ok(sources)
}

fn source(path: &Path, kind: Option<Kind>) -> Result<Source, Error> {
    let unread = |source| Error::Read { path: path.to_owned(), source };
    if path == Path::new("-") {
        let mut bytes = vec![];
        io::stdin().read_to_end(&mut bytes).map_err(unread)?;
        return Ok(Source { name: "-".into(), text: text(bytes), mode: None, kind });
    }
    let text = text(fs::read(path).map_err(unread)?);
    let mode = fs::metadata(path).map_err(unread)?.permissions().mode() & 0o7777;
    Ok(Source { name: path.display().to_string(), text, mode: Some(mode), kind })
}

/// A text in another encoding is read as far as it is ASCII: what rules look at always is.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
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
        cli::LintedKind::Script => Kind::Script,
    }
}
