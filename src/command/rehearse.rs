//! `cpctl rehearse`: the verbs of the main job on the embedded cluster, while a probe watches as a client would.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use clap::Parser;

use crate::{
    apply::Interrupt,
    cli::{Cli, Common, Rehearse},
    error::Error,
    node::UnitSeen,
    operator::{Operator, interrupt},
    outcome::{Kept, Outcome, Rehearsed, RehearsedNode},
    rehearse::{Cluster, Counts, KUBELITE, Machine},
    san::SanSet,
    world::World,
};

/// How often `--keep` looks whether it is asked to end.
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub fn run(
    args: &Rehearse,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    refuse_another_cluster(common)?;
    let interrupt = interrupt::armed(operator)?;
    let directory = tempfile::Builder::new()
        .prefix("cpctl-rehearsal-")
        .tempdir()
        .map_err(|source| Error::Temporary { directory: env::temp_dir(), source })?;
    let cluster = Cluster::start(directory.path(), (world.now)()).map_err(Error::Start)?;
    fs::create_dir(directory.path().join("state")).map_err(Error::Start)?;
    let stage = Stage {
        world: world_of(world, directory.path()),
        directory: directory.path().to_owned(),
        stays: args.keep,
    };

    let before = stage.watch(&cluster);
    let probe = cluster.probe().map_err(Error::Start)?;
    let played = stage.play(&cluster, &interrupt, operator);
    let counts = probe.stop();
    played?;

    let rehearsed = stage.table(&cluster, &before, &counts);
    if args.keep {
        let inventory = cluster.inventory_yaml();
        let kept = Kept { directory: stage.directory, inventory, program: off_the_path() };
        operator.concluded(&Outcome::Rehearsed(Rehearsed { kept: Some(kept), ..rehearsed }));
        while !interrupt.is_raised() {
            thread::sleep(LOOK_EVERY);
        }
        return Ok(Outcome::Told);
    }
    Ok(Outcome::Rehearsed(rehearsed))
}

/// The rehearsal has a cluster of its own: a flag that names another would be passed over in silence.
fn refuse_another_cluster(common: &Common) -> Result<(), Error> {
    let flags = [
        ("--kubeconfig", common.kubeconfig.is_some()),
        ("--context", common.context.is_some()),
        ("--inventory", common.inventory.is_some()),
        ("--node", !common.node.is_empty()),
    ];
    match flags.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => Err(Error::Usage {
            message: format!("`{flag}` names a cluster, and a rehearsal has one of its own"),
            hint: "leave it out: `cpctl rehearse`".into(),
        }),
    }
}

/// Where the rehearsal plays: the directory of the cluster, and a world that keeps its runs there.
struct Stage {
    world: World,
    directory: PathBuf,
    /// Whether it stays for the operator to play with.
    stays: bool,
}

/// One node as it was before.
struct Before {
    name: String,
    names: SanSet,
    kubelite: Option<u32>,
    pods: std::collections::BTreeMap<String, u32>,
}

impl Stage {
    /// The same commands that a user types.
    fn play(
        &self,
        cluster: &Cluster,
        interrupt: &Interrupt,
        operator: &mut dyn Operator,
    ) -> Result<(), Error> {
        let name = cluster.endpoint().host.to_string();
        let add_san = ["certs", "add-san", &name, "--yes"];
        let script: [&[&str]; 5] =
            [&["certs", "inspect"], &["verify"], &add_san, &["kubeconfig", "repoint"], &["verify"]];
        for words in script {
            if interrupt.is_raised() {
                return Err(Error::Interrupted);
            }
            let cli = self.parse(cluster, words)?;
            operator.shows(&format!("cpctl {}", words.join(" ")));
            let mut outcome = super::run(&cli, &self.world, operator);
            if let Ok(Outcome::Applied(run)) = &mut outcome {
                run.lasts = self.stays;
            }
            // What an interrupted verb says of going on is not true of a cluster that is about to go.
            if interrupt.is_raised() {
                return Err(Error::Interrupted);
            }
            operator.showed(&outcome);
            outcome?;
        }
        Ok(())
    }

    fn parse(&self, cluster: &Cluster, words: &[&str]) -> Result<Cli, Error> {
        let (inventory, kubeconfig) = (cluster.inventory_path(), cluster.kubeconfig_path());
        let common = [Path::new("--inventory"), &inventory, Path::new("--kubeconfig"), &kubeconfig];
        let line = std::iter::once("cpctl".as_ref())
            .chain(words.iter().map(|word| std::ffi::OsStr::new(*word)))
            .chain(common.into_iter().map(Path::as_os_str));
        Cli::try_parse_from(line).map_err(|error| Error::Start(io::Error::other(error)))
    }

    fn watch(&self, cluster: &Cluster) -> Vec<Before> {
        let targets = cluster.targets().into_iter();
        let served =
            |name: &str| targets.clone().find(|target| target.name == name).and_then(|target| target.api);
        cluster
            .machines()
            .map(|(name, machine)| Before {
                name: name.to_owned(),
                names: self.served(served(name).as_deref()),
                kubelite: main_pid(machine),
                pods: machine.pods(),
            })
            .collect()
    }

    /// The names on the wire, which are what counts.
    fn served(&self, api: Option<&str>) -> SanSet {
        api.and_then(|api| api.parse().ok())
            .and_then(|endpoint| self.world.wire.presented(&endpoint).ok())
            .map_or_else(SanSet::default, |presented| presented.leaf.sans)
    }

    fn table(&self, cluster: &Cluster, before: &[Before], counts: &Counts) -> Rehearsed {
        let after = self.watch(cluster);
        let pairs = || before.iter().zip(&after);
        let gone = |old: &Before, new: &Before| {
            old.pods.iter().filter(|(pod, pid)| new.pods.get(*pod) != Some(pid)).count() as u64
        };
        Rehearsed {
            nodes: pairs()
                .map(|(old, new)| RehearsedNode {
                    name: old.name.clone(),
                    before: old.names.clone(),
                    after: new.names.clone(),
                })
                .collect(),
            sent: counts.sent,
            failed: counts.failures(),
            pods_killed: pairs().map(|(old, new)| gone(old, new)).sum(),
            restarts: pairs().filter(|(old, new)| old.kubelite != new.kubelite).count() as u64,
            name: cluster.endpoint().host.to_string(),
            kept: None,
        }
    }
}

/// The directory of this program, unless a shell finds it by its name: `cargo run` puts it on nobody's path.
fn off_the_path() -> Option<PathBuf> {
    let program = env::current_exe().ok()?.canonicalize().ok()?;
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).find_map(|at| at.join("cpctl").canonicalize().ok());
    if found.as_ref() == Some(&program) {
        return None;
    }
    program.parent().map(Path::to_owned)
}

fn world_of(world: &World, directory: &Path) -> World {
    World {
        reach: Arc::clone(&world.reach),
        wire: world.wire.clone(),
        now: world.now,
        state: directory.join("state/cpctl"),
        operator: world.operator.clone(),
    }
}

fn main_pid(machine: &Machine) -> Option<u32> {
    match machine.unit(KUBELITE) {
        UnitSeen::Active { main_pid } => Some(main_pid),
        _ => None,
    }
}
