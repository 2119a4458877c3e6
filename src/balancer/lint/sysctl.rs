//! Settings of the kernel: those by which a node keeps quiet about an address that a balancer holds too, and those by which
//! a proxy may listen on an address that another machine holds.

use super::{Facts, Files, Kind, Part, Source, Spot, machine};
use crate::report::Code;

/// What a node with the shared address on its loopback must not do, and the value by which it does not.
const QUIET: &[(&str, &str)] = &[("arp_ignore", "1"), ("arp_announce", "2")];
const OF_INTERFACE: &str = "net.ipv4.conf.";

pub(super) fn judge<'a>(files: &Files<'_, 'a>, _: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        for (name, value) in QUIET {
            let Some(line) = on_loopback_alone(source, name) else { continue };
            let why = format!(
                "`{name}` of `lo` says nothing of what comes in at another interface, where the node still answers for the \
                 shared address"
            );
            let spot = Spot::new(line, why).instead(format!("{OF_INTERFACE}all.{name} = {value}"));
            part.findings.push(source.finding(Code::ArpAnswered, spot));
        }
        part.judged.extend(settings(source).find(|set| is_quiet(set.key)).map(|_| (*source, "ARP".into())));
    }
    part
}

struct Set<'a> {
    line: usize,
    key: &'a str,
    value: &'a str,
}

fn settings(source: &Source) -> impl Iterator<Item = Set<'_>> {
    source.text.lines().enumerate().filter_map(|(index, line)| {
        let said = line.split(['#', ';']).next()?;
        let (key, value) = said.split_once('=')?;
        Some(Set { line: index + 1, key: key.trim().trim_start_matches('-'), value: value.trim() })
    })
}

/// What lets a proxy listen on an address that another machine holds: IPv4's, and IPv6's.
pub const NONLOCAL_BIND: [&str; 2] = ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind"];

/// Where files of settings lie; of those of one name the first directory's alone is read.
/// <https://www.freedesktop.org/software/systemd/man/latest/sysctl.d.html>
pub const DIRECTORIES: [&str; 5] =
    ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];
/// Read last, and by systemd only where a name in those directories leads there.
pub const OWN_FILE: &str = "/etc/sysctl.conf";
const RUNNING: &str = "/proc/sys/";

/// What is known of a setting on a machine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Setting {
    On,
    Off,
    /// The kernel has it, and no file gives it to the next start.
    UntilBoot,
    /// A file has it, and the kernel does not.
    AfterBoot,
}

/// The files of settings that a machine starts with, of all that lie in each of the directories.
pub fn read_at_boot(names: &[Vec<String>]) -> Vec<String> {
    let mut read: Vec<(&String, String)> = vec![];
    for (directory, names) in DIRECTORIES.iter().zip(names) {
        let is_new = |name: &&String| name.ends_with(".conf") && !read.iter().any(|(known, _)| known == name);
        let new: Vec<&String> = names.iter().filter(is_new).collect();
        read.extend(new.into_iter().map(|name| (name, format!("{directory}/{name}"))));
    }
    read.into_iter().map(|(_, path)| path).collect()
}

/// Where the kernel shows a setting.
pub fn shown(key: &str) -> String {
    format!("{RUNNING}{}", key.replace('.', "/"))
}

/// Whether a file says anything of an address that another machine holds, or keeps quiet about one on its loopback.
pub fn tells_of_addresses(source: &Source) -> bool {
    keeps_quiet(source)
        || NONLOCAL_BIND.iter().any(|key| source.name.ends_with(&shown(key)) || value(source, key).is_some())
}

/// What the files of a machine say of a setting, its kernel among them where that was asked.
pub(super) fn setting(key: &str, beside: &Source, files: &[Source]) -> Setting {
    let own = |source: &&Source| source.kind() == Some(Kind::Sysctl) && machine(source) == machine(beside);
    let own: Vec<&Source> = files.iter().filter(own).collect();
    let shown = own.iter().find(|source| source.name.ends_with(&shown(key)));
    let mut set: Vec<_> = own.iter().filter_map(|source| Some((rank(source), value(source, key)?))).collect();
    set.sort();
    let is_set = match machine(beside) {
        Some(_) => set.last().is_some_and(|(_, value)| *value != "0"),
        // Copies of several machines' files may lie anywhere.
        None => set.iter().any(|(_, value)| *value != "0"),
    };
    match (shown.map(|source| source.text.trim() != "0"), is_set) {
        (None | Some(true), true) => Setting::On,
        (None | Some(false), false) => Setting::Off,
        (Some(true), false) => Setting::UntilBoot,
        (Some(false), true) => Setting::AfterBoot,
    }
}

/// The order in which a start reads them.
fn rank(source: &Source) -> (bool, &str) {
    (source.name.ends_with(OWN_FILE), source.name.rsplit('/').next().unwrap_or_default())
}

/// The value that a file gives; systemd takes slashes for dots too.
fn value<'a>(source: &'a Source, key: &str) -> Option<&'a str> {
    settings(source).filter(|set| set.key.replace('/', ".") == key).last().map(|set| set.value)
}

/// Whether a file keeps its machine quiet about addresses that it has on its loopback.
pub(super) fn keeps_quiet(source: &Source) -> bool {
    source.kind() == Some(Kind::Sysctl) && settings(source).any(|set| is_quiet(set.key) && set.value != "0")
}

fn is_quiet(key: &str) -> bool {
    key.starts_with(OF_INTERFACE) && QUIET.iter().any(|(name, _)| key.ends_with(&format!(".{name}")))
}

/// The line by which it is set for the loopback, where it is set for no other interface.
fn on_loopback_alone(source: &Source, name: &str) -> Option<usize> {
    let interface = |set: Set<'_>| {
        let interface = set.key.strip_prefix(OF_INTERFACE)?.strip_suffix(name)?.strip_suffix('.')?;
        (set.value != "0").then(|| (set.line, interface.to_owned()))
    };
    let set: Vec<(usize, String)> = settings(source).filter_map(interface).collect();
    let first = set.first().map(|(line, _)| *line);
    first.filter(|_| set.iter().all(|(_, interface)| interface == "lo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> Source {
        Source { name: name.into(), text: text.into(), mode: None, kind: Some(Kind::Sysctl) }
    }

    #[test]
    fn of_files_of_one_name_the_first_directory_s_is_read_and_nothing_but_conf() {
        let names = [vec!["50-a.conf", "README"], vec![], vec![], vec!["10-b.conf", "50-a.conf"]];
        let names = names.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());

        assert_eq!(read_at_boot(&names), ["/etc/sysctl.d/50-a.conf", "/usr/lib/sysctl.d/10-b.conf"]);
    }

    #[test]
    fn what_the_kernel_has_and_what_its_files_give_it_are_told_apart() {
        let [v4, v6] = NONLOCAL_BIND;
        let beside = Source { kind: None, ..file("lb1:/etc/haproxy/haproxy.cfg", "") };
        let running = |value: &str| file(&format!("lb1:{}", shown(v4)), value);
        let set = |path: &str, value: &str| file(&format!("lb1:{path}"), &format!("{v4} = {value}\n"));
        let early = |value: &str| set("/usr/lib/sysctl.d/10-a.conf", value);
        let late = |value: &str| set("/etc/sysctl.d/60-b.conf", value);

        for (files, setting) in [
            (vec![], Setting::Off),
            (vec![running("1\n"), late("1")], Setting::On),
            (vec![running("1\n")], Setting::UntilBoot),
            (vec![running("1\n"), early("1"), late("0")], Setting::UntilBoot),
            (vec![running("0\n"), late("1"), early("0")], Setting::AfterBoot),
            (vec![running("0\n"), late("0")], Setting::Off),
            (vec![running("1\n"), late("0"), set(OWN_FILE, "1")], Setting::On),
            (vec![late("1")], Setting::On),
            (vec![file("lb1:/etc/sysctl.d/60-b.conf", "-net/ipv4/ip_nonlocal_bind=1\n")], Setting::On),
            (vec![file("lb2:/etc/sysctl.d/60-b.conf", "net.ipv4.ip_nonlocal_bind=1\n")], Setting::Off),
        ] {
            assert_eq!(super::setting(v4, &beside, &files), setting, "{files:?}");
            assert_eq!(super::setting(v6, &beside, &files), Setting::Off, "{files:?}");
        }
    }

    #[test]
    fn a_file_that_lies_here_is_any_machine_s() {
        let key = NONLOCAL_BIND[0];
        let beside = Source { kind: None, ..file("lb1/haproxy.cfg", "") };
        let files = [file("lb1/60.conf", &format!("{key}=1\n")), file("lb2/70.conf", &format!("{key}=0\n"))];

        assert_eq!(setting(key, &beside, &files), Setting::On);
    }
}
