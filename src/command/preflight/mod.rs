//! `cpctl preflight`.

use clap::ValueEnum as _;
use jiff::Timestamp;

use super::{
    endpoint_move,
    shared::{
        cluster::Cluster,
        front, machines,
        papers::{self, Asked},
    },
};
use crate::{
    cli::{self, Common, PreflightFormat, ReportFile},
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    operator::Operator,
    outcome::{Outcome, Preflight, Shape},
    probe::Trust,
    report::{Checked, Finding, Group, Looked, Scope, Selection, checked},
    san::San,
    world::World,
};

mod balancers;
mod baseline;
mod certificates;
mod clients;
mod endpoint;
mod kubeconfigs;
mod nodes;
mod offline;
mod runs;
mod seen;
mod wait;

use self::seen::Seen;

/// All that the checks are made from.
pub struct Site<'a> {
    pub cluster: Result<&'a Cluster, &'a Error>,
    pub inventory: &'a Inventory,
    /// The address that clients are to use, where one is known.
    pub to: Option<Endpoint>,
    pub common: &'a Common,
    pub world: &'a World,
    pub now: Timestamp,
}

impl Site<'_> {
    /// The CA that everything is judged by, and the context that names it.
    fn trust(&self) -> Option<(&str, &Trust)> {
        let cluster = self.cluster.ok()?;
        Some((&cluster.access.context, cluster.trust.as_ref()?))
    }

    /// Whether the kubeconfig leads to an address already.
    fn is_in_use(&self, to: &Endpoint) -> bool {
        self.cluster.is_ok_and(|cluster| cluster.server == *to)
    }

    /// Where each of these API servers answers.
    fn apis<'s>(&'s self, servers: &'s Inventory) -> impl Iterator<Item = (String, Endpoint)> + 's {
        let port = self.cluster.ok().map(|cluster| cluster.server.port);
        let port = port.or(self.to.as_ref().map(|to| to.port));
        let nodes = servers.nodes.iter();
        nodes.filter_map(move |node| Some((node.name.clone(), machines::api_of(node, port?, self.world)?)))
    }

    /// The name that clients look for at the address that they are to use.
    fn name(&self) -> Option<San> {
        let to = self.to.as_ref()?;
        Some(self.cluster.map_or_else(|_| to.host.clone(), |cluster| cluster.asks_for(to)))
    }
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
    if !args.offline.is_empty() {
        return offline::look(args, common, world);
    }
    let cluster = Cluster::if_any(common)?;
    let inventory = machines::inventory(common, cluster.as_ref(), world)?;
    let to = front::endpoint(args.to.as_deref(), cluster.as_ref().ok(), Some(&inventory));
    let to =
        if args.to.is_some() { Some(to?) } else { to.ok().filter(|to| is_shared(to, &inventory, world)) };
    let selection = args.selection();
    let site =
        Site { cluster: cluster.as_ref(), inventory: &inventory, to, common, world, now: (world.now)() };

    let seen = look(&site, &selection);

    let mut rows = selection.of(checked(&seen.looked, &seen.findings));
    site.to.iter().for_each(|to| endpoint::pass_over(&mut rows, &to.to_string(), &seen.findings));
    let (to, now) = (site.to, site.now);
    let fail_on = args.fail_on.severity();
    Ok(Preflight { to, rows, nodes: seen.nodes, filed: seen.filed, now, fail_on, papers: vec![] })
}

/// What the checks find that the selection wants.
pub fn findings(site: &Site<'_>, selection: &Selection) -> Vec<Finding> {
    let seen = look(site, selection);
    let rows = selection.of(checked(&seen.looked, &seen.findings));
    rows.iter().flat_map(Checked::findings).cloned().collect()
}

/// Looks at all that the selection takes.
fn look(site: &Site<'_>, selection: &Selection) -> Seen {
    let mut seen = Seen::default();
    if [Group::Reach, Group::Distribution, Group::Certificates, Group::Clients]
        .into_iter()
        .any(|group| selection.wants(group))
    {
        nodes::look(site, selection, &mut seen);
    }
    if [Group::Certificates, Group::Endpoint].into_iter().any(|group| selection.wants(group)) {
        endpoint::look(site, &mut seen);
    }
    if selection.wants(Group::Endpoint) {
        balancers::look(site, &mut seen);
    }
    if selection.wants(Group::Clients) {
        clients::look(site, &mut seen);
    }
    seen
}

/// Whether clients can mean this address as that of all nodes: the inventory says so, or it is neither a node's own nor
/// another one on each machine.
fn is_shared(to: &Endpoint, inventory: &Inventory, world: &World) -> bool {
    let is_own = |node| machines::api_of(node, to.port, world).as_ref() == Some(to);
    inventory.endpoint.as_ref() == Some(to)
        || !(endpoint_move::is_local(&to.host) || inventory.nodes.iter().any(is_own))
}

fn looked(subject: &str, scope: Scope, unseen: Option<&str>) -> Looked {
    Looked { subject: subject.to_owned(), scope, unseen: unseen.map(str::to_owned) }
}
