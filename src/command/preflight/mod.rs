//! `cpctl preflight`.

use clap::ValueEnum as _;
use jiff::Timestamp;

use super::shared::{
    cluster::{self, Cluster},
    front,
    papers::{self, Asked},
};
use crate::{
    cli::{self, Common, PreflightFormat, ReportFile},
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    operator::Operator,
    outcome::{Outcome, Preflight, Shape, Standing},
    probe::Trust,
    report::{Finding, Group, Looked, checked},
    world::World,
};

mod baseline;
mod nodes;
mod wait;

/// All that the checks are made from.
struct Site<'a> {
    cluster: Result<&'a Cluster, &'a Error>,
    inventory: &'a Inventory,
    /// The address that clients are to use, where one is known.
    to: Option<Endpoint>,
    world: &'a World,
    now: Timestamp,
}

impl Site<'_> {
    /// The CA that everything is judged by, and the context that names it.
    fn trust(&self) -> Option<(&str, &Trust)> {
        let cluster = self.cluster.ok()?;
        Some((&cluster.access.context, cluster.trust.as_ref()?))
    }
}

/// What was looked at, and what was found.
#[derive(Default)]
struct Seen {
    looked: Vec<Looked>,
    findings: Vec<Finding>,
    nodes: Vec<Standing>,
}

pub fn run(
    args: &cli::Preflight,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let papers = papers::opened(&papers(args))?;
    let baseline = args.baseline.as_deref().map(baseline::read).transpose()?;

    let look = || {
        let mut preflight = once(args, common, world)?;
        if let Some(baseline) = &baseline {
            baseline::apply(baseline, &mut preflight, &args.selection());
        }
        Ok(preflight)
    };
    let preflight = match args.wait {
        Some(within) => wait::until_passed(look, wait::rests(within, operator)),
        None => look(),
    }?;
    Ok(Outcome::Preflight(Preflight { papers, ..preflight }))
}

/// The files beside what is printed.
fn papers(args: &cli::Preflight) -> Vec<Asked<Shape>> {
    let of_report = |report: &ReportFile| {
        let name = report.format.to_possible_value().map(|value| value.get_name().to_owned());
        let flag = format!("--report {}=", name.unwrap_or_default());
        Asked { form: shape(report.format), flag, path: report.path.clone(), example: "preflight" }
    };
    let page = args.html.iter().map(|path| Asked {
        form: Shape::Html,
        flag: "--html ".into(),
        path: path.clone(),
        example: "preflight.html",
    });
    args.report.iter().map(of_report).chain(page).collect()
}

/// What is shown where this format is asked for.
pub fn shape(format: PreflightFormat) -> Shape {
    match format {
        PreflightFormat::Text => Shape::Text,
        PreflightFormat::Json => Shape::Json,
        PreflightFormat::Junit => Shape::Junit,
        PreflightFormat::Sarif => Shape::Sarif,
        PreflightFormat::Github => Shape::Github,
        PreflightFormat::Tap => Shape::Tap,
        PreflightFormat::Prometheus => Shape::Prometheus,
    }
}

fn once(args: &cli::Preflight, common: &Common, world: &World) -> Result<Preflight, Error> {
    let cluster = Cluster::if_any(common)?;
    let inventory = cluster::inventory(common, cluster.as_ref(), world)?;
    let to = front::endpoint(args.to.as_deref(), cluster.as_ref().ok(), Some(&inventory));
    let to = if args.to.is_some() { Some(to?) } else { to.ok() };
    let selection = args.selection();
    let site = Site { cluster: cluster.as_ref(), inventory: &inventory, to, world, now: (world.now)() };

    let mut seen = Seen::default();
    if [Group::Reach, Group::Distribution, Group::Certificates]
        .into_iter()
        .any(|group| selection.wants(group))
    {
        nodes::look(&site, &mut seen);
    }

    let rows = selection.of(checked(&seen.looked, &seen.findings));
    let (to, now) = (site.to, site.now);
    let fail_on = args.fail_on.severity();
    Ok(Preflight { to, rows, nodes: seen.nodes, now, fail_on, papers: vec![] })
}
