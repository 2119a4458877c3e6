//! The configurations on the balancers' machines, with the files that they name.

use std::path::PathBuf;

use super::{configuration, machines};
use crate::{
    balancer::lint::{self, Kind, Named, Source, named},
    cli::Common,
    error::Error,
    inventory::Inventory,
    node::{Answer, Ask, Node, Target},
    world::World,
};

/// Where balancers have their configuration by Debian's packages.
const CONFIGURATIONS: &[&str] =
    &["/etc/haproxy/haproxy.cfg", "/etc/nginx/nginx.conf", "/etc/keepalived/keepalived.conf"];
/// Where systemd runs, which reads no `/etc/sysctl.conf` by itself.
const SYSTEMD: &str = "/run/systemd/system";
/// As deep as files name each other; two that name each other end here.
const DEPTH: usize = 8;

/// The inventory that is named or lies here, with what ssh's flags say of its machines in front.
pub fn inventory(common: &Common) -> Result<Option<Inventory>, Error> {
    let mut inventory = machines::named(common)?;
    for balancer in inventory.iter_mut().flat_map(|inventory| &mut inventory.balancers) {
        machines::flagged(&mut balancer.target, &common.ssh)?;
    }
    Ok(inventory)
}

pub fn all(inventory: Option<&Inventory>, world: &World) -> Result<Vec<Source>, Error> {
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

pub fn of_machine(target: &Target, world: &World) -> Result<Vec<Source>, Error> {
    let node = world.reach.look_at(target)?;
    let main: Vec<String> = CONFIGURATIONS.iter().map(|path| (*path).to_owned()).collect();
    let mut sources = read(target, node.as_ref(), &main)?;
    if sources.is_empty() {
        return Err(Error::Usage {
            message: format!("{}: none of {} is there", target.name, CONFIGURATIONS.join(", ")),
            hint: format!("fetch its files and name them: `scp {}:FILE .`", target.host),
        });
    }
    let mut asked = main;
    for _ in 0..DEPTH {
        let meant: Vec<Named> = sources.iter().flat_map(named).collect();
        let mut new = found(node.as_ref(), &meant)?;
        new.retain(|(path, _)| !asked.contains(path));
        if new.is_empty() {
            break;
        }
        let paths: Vec<String> = new.iter().map(|(path, _)| path.clone()).collect();
        let read = seen(target, node.as_ref(), &paths)?.into_iter().zip(new);
        // What is no text is a program, and of that nothing is judged.
        let texts = read.filter_map(|(source, (_, named))| {
            let source = source?.ok().filter(|source| named.matters(&source.text))?;
            Some(Source { kind: Some(named.kind), ..source })
        });
        sources.extend(texts);
        asked.extend(paths);
    }
    if lint::moves(&sources) {
        sources.extend(kernel(target, node.as_ref())?);
    }
    Ok(sources)
}

/// What the machine's kernel lets listen on an address that another machine holds, now and after its next start, and
/// what keeps it quiet about addresses of its own.
fn kernel(target: &Target, node: &dyn Node) -> Result<Vec<Source>, Error> {
    let directories = lint::DIRECTORIES.map(|directory| Ask::Directory(directory.into()));
    let asks = [vec![Ask::Exists(SYSTEMD.into())], directories.to_vec()].concat();
    let mut answers = node.look(&asks)?.into_iter();
    let has_systemd = answers.next() == Some(Answer::Present);
    let names = answers.map(|answer| match answer {
        Answer::Names(names) => names,
        _ => vec![],
    });
    let mut paths = lint::read_at_boot(&names.collect::<Vec<_>>());
    paths.extend((!has_systemd).then(|| lint::OWN_FILE.to_owned()));
    paths.extend(lint::NONLOCAL_BIND.iter().map(|key| lint::shown(key)));
    let asks: Vec<Ask> = paths.iter().map(|path| Ask::File(path.into())).collect();
    let settings = paths.iter().zip(node.look(&asks)?).filter_map(|(path, answer)| {
        let Answer::File(file) = answer else { return None };
        // A comment may be in any encoding; a setting is not.
        let text = lint::without_keys(&String::from_utf8_lossy(&file.bytes));
        let name = format!("{}:{path}", target.name);
        Some(Source { name, text, mode: Some(file.mode), kind: Some(Kind::Sysctl) })
    });
    Ok(settings.filter(lint::tells_of_addresses).collect())
}

fn read(target: &Target, node: &dyn Node, paths: &[String]) -> Result<Vec<Source>, Error> {
    seen(target, node, paths)?.into_iter().flatten().collect()
}

/// The files in the order of their paths; `None` where there is none.
fn seen(
    target: &Target,
    node: &dyn Node,
    paths: &[String],
) -> Result<Vec<Option<Result<Source, Error>>>, Error> {
    let asks: Vec<Ask> = paths.iter().map(|path| Ask::File(path.into())).collect();
    let seen = paths.iter().zip(node.look(&asks)?).map(|(path, answer)| match answer {
        Answer::File(file) => {
            Some(configuration::of_file(format!("{}:{path}", target.name), file.bytes, file.mode))
        }
        _ => None,
    });
    Ok(seen.collect())
}

/// The files on the machine that are meant, each once.
fn found(node: &dyn Node, meant: &[Named]) -> Result<Vec<(String, Named)>, Error> {
    let asks: Vec<Ask> = meant.iter().map(|named| Ask::Directory(PathBuf::from(named.directory()))).collect();
    let mut paths: Vec<(String, Named)> = vec![];
    for (named, answer) in meant.iter().zip(node.look(&asks)?) {
        let Answer::Names(names) = answer else { continue };
        let inside = names.iter().map(|name| format!("{}/{name}", named.directory()));
        paths.extend(inside.filter(|path| named.means(path)).map(|path| (path, named.clone())));
    }
    paths.sort_by(|(one, _), (other, _)| one.cmp(other));
    paths.dedup_by(|(one, _), (other, _)| one == other);
    Ok(paths)
}
