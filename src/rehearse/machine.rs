//! One simulated machine: a directory with its file tree and, under `.machine`, everything else that it is.
//!
//! All of it is on the disk, so any process that knows the directory sees and changes the same machine.

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    net::ToSocketAddrs as _,
    path::{Component, Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::disk;

/// A machine by its directory.
#[derive(Clone, Debug)]
pub struct Machine {
    root: PathBuf,
}

impl Machine {
    /// The machine in a directory; an error where there is none.
    pub fn open(root: &Path) -> io::Result<Self> {
        let machine = Self { root: root.to_owned() };
        fs::metadata(machine.state("units")).map(|_| machine)
    }

    /// The machine in a directory that is known to hold one.
    pub(super) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// An empty machine without a unit, an address or a file.
    pub(super) fn create(root: &Path) -> io::Result<Self> {
        let machine = Self { root: root.to_owned() };
        disk::make_directory(&machine.state("units"))?;
        Ok(machine)
    }

    /// Where a file of the machine, by its absolute path there, lies in the directory.
    pub fn path(&self, path: &Path) -> io::Result<PathBuf> {
        let mut found = self.root.clone();
        for part in path.components() {
            match part {
                Component::Normal(name) => found.push(name),
                Component::RootDir => {}
                _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path is not absolute")),
            }
        }
        Ok(found)
    }

    /// Waits for the machine's one lock for changes; it is given back when the file is dropped.
    pub(super) fn hold(&self) -> io::Result<File> {
        let file = self.lock_file()?;
        file.lock()?;
        Ok(file)
    }

    /// The machine's one lock for changes where nobody has it now.
    pub(super) fn try_hold(&self) -> io::Result<Option<File>> {
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The pods by name, each with the process that it is.
    pub fn pods(&self) -> BTreeMap<String, u32> {
        let told = self.told("pods").unwrap_or_default();
        let pod = |line: &str| {
            let (name, pid) = line.split_once(' ')?;
            Some((name.to_owned(), pid.parse().ok()?))
        };
        told.lines().filter_map(pod).collect()
    }

    /// Starts pods of these names, each as a new process.
    pub fn run_pods<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        let mut lines = String::new();
        for name in names {
            lines.push_str(&format!("{name} {}\n", self.new_pid()?));
        }
        self.note("pods", &lines)
    }

    /// How many times the kicker has killed every pod.
    pub fn kicks(&self) -> u32 {
        self.number("kicks").unwrap_or(0)
    }

    pub(super) fn count_kick(&self) -> io::Result<()> {
        self.note("kicks", &(self.kicks() + 1).to_string())
    }

    /// The machine's addresses, as `hostname -I` tells them.
    pub fn addresses(&self) -> Vec<String> {
        self.told("addresses").unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    pub fn set_addresses(&self, addresses: &[&str]) -> io::Result<()> {
        self.note("addresses", &addresses.join(" "))
    }

    /// The first IPv4 address of an interface.
    pub fn interface_address(&self, interface: &str) -> Option<String> {
        let told = self.told("interfaces")?;
        let of = |line: &str| line.strip_prefix(interface)?.strip_prefix(' ').map(str::to_owned);
        told.lines().find_map(of)
    }

    /// The interfaces, each `NAME ADDRESS`.
    pub fn set_interfaces(&self, interfaces: &[&str]) -> io::Result<()> {
        self.note("interfaces", &interfaces.join("\n"))
    }

    /// The addresses that a name leads to there; those of this machine where it was told no others.
    pub(super) fn resolved(&self, name: &str) -> Vec<String> {
        let told = self.told("hosts").unwrap_or_default();
        let of = |line: &str| line.strip_suffix(name)?.strip_suffix(' ').map(str::to_owned);
        let mut found: Vec<_> = told.lines().filter_map(of).collect();
        if found.is_empty() {
            let here = (name, 0).to_socket_addrs().into_iter().flatten();
            found = here.map(|address| address.ip().to_string()).collect();
        }
        found
    }

    /// What stands in its `/etc/hosts`, each `ADDRESS NAME`.
    pub fn set_hosts(&self, hosts: &[&str]) -> io::Result<()> {
        self.note("hosts", &hosts.join("\n"))
    }

    /// How long the way there and back takes.
    pub(super) fn latency(&self) -> Duration {
        Duration::from_millis(self.number("latency-ms").unwrap_or(0).into())
    }

    pub fn set_latency(&self, latency: Duration) -> io::Result<()> {
        self.note("latency-ms", &latency.as_millis().to_string())
    }

    pub fn has_default_route(&self) -> bool {
        self.state("default-route").exists()
    }

    pub fn add_default_route(&self) -> io::Result<()> {
        self.note("default-route", "")
    }

    pub fn remove_default_route(&self) -> io::Result<()> {
        self.forget("default-route")
    }

    /// The members of the machine's etcd, as `k0s etcd member-list` tells them.
    pub(super) fn members(&self) -> Option<String> {
        self.told("etcd-members")
    }

    /// Each a name and the address where it answers the others.
    pub fn set_members<'a>(&self, members: impl IntoIterator<Item = (&'a str, &'a str)>) -> io::Result<()> {
        let members = members.into_iter().map(|(name, at)| (name, format!("https://{at}:2380")));
        let members: BTreeMap<_, _> = members.collect();
        self.note("etcd-members", &serde_json::json!({ "members": members }).to_string())
    }

    /// Seconds since 1970 by the machine's own clock.
    pub fn clock(&self) -> i64 {
        system_clock() + self.clock_offset()
    }

    /// How many seconds the machine's clock is ahead of this one's.
    pub fn clock_offset(&self) -> i64 {
        self.told("clock-offset").and_then(|told| told.parse().ok()).unwrap_or(0)
    }

    pub fn set_clock_offset(&self, seconds: i64) -> io::Result<()> {
        self.note("clock-offset", &seconds.to_string())
    }

    /// Who owns a file, `user:group`; the tree is one user's, so this is only noted.
    pub fn owner(&self, path: &Path) -> String {
        self.owners().remove(&self.real(path)).unwrap_or_else(|| "root:root".into())
    }

    pub fn set_owner(&self, path: &Path, owner: &str) -> io::Result<()> {
        let mut owners = self.owners();
        if owners.insert(self.real(path), owner.to_owned()).as_deref() == Some(owner) {
            return Ok(());
        }
        self.note("owners", &serde_json::to_string(&owners)?)
    }

    fn owners(&self) -> BTreeMap<String, String> {
        self.told("owners").and_then(|told| serde_json::from_str(&told).ok()).unwrap_or_default()
    }

    /// The one name of a file, whichever link led to its directory.
    fn real(&self, path: &Path) -> String {
        let on_disk = self.path(path).unwrap_or_else(|_| path.to_owned());
        let directory = on_disk.parent().and_then(|above| above.canonicalize().ok());
        let named =
            directory.zip(on_disk.file_name()).map_or(on_disk.clone(), |(above, name)| above.join(name));
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        named.strip_prefix(root).unwrap_or(&named).to_string_lossy().into_owned()
    }

    pub(super) fn new_pid(&self) -> io::Result<u32> {
        let pid = self.number("last-pid").unwrap_or(1_000) + 1;
        self.note("last-pid", &pid.to_string()).map(|()| pid)
    }

    fn lock_file(&self) -> io::Result<File> {
        File::options().create(true).truncate(false).write(true).open(self.state("changing"))
    }

    pub(super) fn state(&self, name: &str) -> PathBuf {
        self.root.join(".machine").join(name)
    }

    pub(super) fn told(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.state(name)).ok().map(|told| told.trim_end().to_owned())
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.told(name)?.parse().ok()
    }

    pub(super) fn note(&self, name: &str, value: &str) -> io::Result<()> {
        disk::replace(&self.state(name), value.as_bytes(), 0o600)
    }

    pub(super) fn forget(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.state(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

pub(super) fn system_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
