//! `cpctl lb lint FILE…`.

use jiff::tz::TimeZone;

use crate::{
    balancer::lint::{self, Facts, Kind, Source},
    cli::{self, Common, Lint},
    command::shared::{configuration, remote},
    error::Error,
    outcome::{Linted, LintedFile, Outcome},
    world::World,
};

pub fn run(args: &Lint, common: &Common, world: &World) -> Result<Outcome, Error> {
    let kind = args.kind.map(kind);
    let inventory = remote::inventory(common)?;
    let read = args.files.iter().map(|path| configuration::at(path));
    let mut sources: Vec<Source> =
        read.map(|source| Ok(Source { kind, ..source? })).collect::<Result<_, Error>>()?;
    if args.remote {
        sources.extend(remote::all(inventory.as_ref(), world)?);
    }
    let plane =
        inventory.map(|inventory| configuration::control_plane(&inventory, |node| world.reach.host(node)));
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
