//! The embedded cluster: three machines with their API servers and a load balancer in front, all on loopback.

use std::{
    fs::{self, Permissions},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use tokio::runtime::Runtime;

use super::{
    answers::Known,
    balancer, by_hand, disk, k0s, k3s, kicker, kubeadm,
    machine::{Machine, system_clock},
    pki::{Authority, Identity},
    ports::{Door, Ports, listen, listen_at_home},
    probe::Probe,
    register::Register,
    secret::Annotations,
    server::Server,
    tree::{self, Part, Seat},
};
use crate::{endpoint::Endpoint, node::Target};

/// The machine of the balancer.
const LB: &str = "lb1";
/// The balancer's own address: no certificate names it yet, and on Linux all of 127/8 is loopback.
const BALANCER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// Clocks this many seconds apart are the same clock, read one after the other.
const SAME_TIME: i64 = 60;

/// What the machines of a cluster run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    MicroK8s,
    /// API servers that somebody set up one by one.
    ByHand,
    Kubeadm,
    K3s,
    Rke2,
    K0s,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::MicroK8s, Self::ByHand, Self::Kubeadm, Self::K3s, Self::Rke2, Self::K0s];
}

/// A running cluster; it stops when it is dropped, and its directory stays.
pub struct Cluster {
    directory: PathBuf,
    machines: Vec<(Target, Machine)>,
    endpoint: Endpoint,
    trust: String,
    administrator: Identity,
    runtime: Option<Runtime>,
}

impl Cluster {
    /// Makes a cluster in a directory, for this user alone, and runs it; `now` is the time on its machines.
    ///
    /// The balancer answers at 127.0.0.3, or as `localhost` where the system has no such address (macOS): either way at
    /// a name that no certificate of the cluster carries yet.
    pub fn start(directory: &Path, now: Timestamp) -> io::Result<Self> {
        Self::start_of(&[Kind::MicroK8s; 3], directory, now)
    }

    /// The same of machines that run these, `cp1` the first of them.
    pub fn start_of(kinds: &[Kind], directory: &Path, now: Timestamp) -> io::Result<Self> {
        disk::make_directory(directory)?;
        fs::set_permissions(directory, Permissions::from_mode(0o700))?;
        let directory = directory.canonicalize()?;
        let ahead = now.as_second() - system_clock();
        let clock_offset = if ahead.abs() < SAME_TIME { 0 } else { ahead };
        let authority = Authority::new(now).map_err(io::Error::other)?;
        let administrator = authority.administrator().map_err(io::Error::other)?;
        let (balancer, endpoint) = balancer_listener()?;
        let ports = kinds.iter().map(|kind| Ports::of(*kind)).collect::<io::Result<Vec<_>>>()?;
        let mut cluster = Self {
            directory,
            machines: vec![],
            endpoint,
            trust: authority.certificate.clone(),
            administrator,
            runtime: None,
        };
        for (position, ports) in ports.iter().enumerate() {
            cluster.add(kinds, position, ports.api.local_addr()?, &authority, clock_offset)?;
        }
        k0s::join(
            cluster.machines().zip(kinds).filter(|(_, kind)| **kind == Kind::K0s).map(|(known, _)| known),
        )?;
        cluster.write_down()?;
        if kinds.contains(&Kind::Kubeadm) {
            cluster.register().write(kubeadm::CONFIGURATION)?;
        }
        cluster.run(ports, balancer)?;
        Ok(cluster)
    }

    /// Where the balancer answers: the address that a migration leads to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// How each machine is reached, in order.
    pub fn targets(&self) -> Vec<Target> {
        self.machines.iter().map(|(target, _)| target.clone()).collect()
    }

    pub fn machines(&self) -> impl Iterator<Item = (&str, &Machine)> {
        self.machines.iter().map(|(target, machine)| (target.name.as_str(), machine))
    }

    /// A machine by its name.
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        self.machines().find(|(known, _)| *known == name).map(|(_, machine)| machine)
    }

    /// The CA certificate, PEM.
    pub fn trust(&self) -> &str {
        &self.trust
    }

    /// The inventory as a user would write it; it also lies in the cluster's directory.
    pub fn inventory_yaml(&self) -> String {
        let mut text = format!("endpoint: \"{}\"\nnodes:\n", self.endpoint);
        for (Target { name, host, api, rehearsed, .. }, _) in &self.machines {
            let api = api.as_deref().unwrap_or_default();
            let rehearsed = rehearsed.as_deref().unwrap_or(Path::new("")).display().to_string();
            text.push_str(&format!(
                "  - name: {name}\n    host: {host}\n    api: {api:?}\n    rehearsed: {rehearsed:?}\n"
            ));
        }
        text
    }

    /// The administrator's kubeconfig, at the first node's own address; it also lies in the cluster's directory.
    pub fn kubeconfig(&self) -> String {
        let server = self.machines.first().and_then(|(target, _)| target.api.as_deref());
        kubeconfig(server.unwrap_or_default(), &self.trust, &self.administrator)
    }

    pub fn inventory_path(&self) -> PathBuf {
        self.directory.join("cpctl.yaml")
    }

    pub fn kubeconfig_path(&self) -> PathBuf {
        self.directory.join("kubeconfig")
    }

    /// Starts to ask the API through the balancer, twenty times a second.
    pub fn probe(&self) -> io::Result<Probe> {
        let ahead = self.machines.first().map_or(0, |(_, machine)| machine.clock_offset());
        Probe::start(&self.endpoint, &self.trust, &self.administrator, ahead)
    }

    fn add(
        &mut self,
        kinds: &[Kind],
        position: usize,
        address: SocketAddr,
        authority: &Authority,
        clock_offset: i64,
    ) -> io::Result<()> {
        let kind = kinds[position];
        let api = address.to_string();
        let kubeconfig = kubeconfig(&api, &authority.certificate, &self.administrator);
        let counted = |nodes: usize| u8::try_from(nodes).unwrap_or(u8::MAX);
        let seat = Seat {
            part: if kinds[..position].contains(&kind) { Part::Joined } else { Part::First },
            number: counted(position + 1),
            of: counted(kinds.len()),
            authority,
            kubeconfig: &kubeconfig,
            clock_offset,
            address: address.ip(),
        };
        let name = format!("cp{}", seat.number);
        let root = self.directory.join(&name);
        let machine = match kind {
            Kind::MicroK8s => tree::make(&root, &seat)?,
            Kind::ByHand => by_hand::make(&root, &seat)?,
            Kind::Kubeadm => kubeadm::make(&root, &seat)?,
            Kind::K3s => k3s::make(&k3s::K3S, &root, &seat)?,
            Kind::Rke2 => k3s::make(&k3s::RKE2, &root, &seat)?,
            Kind::K0s => k0s::make(&root, &seat)?,
        };
        let target = Target {
            api: Some(api),
            rehearsed: Some(root),
            ..Target::from_host(&name, &address.ip().to_string())
        };
        self.machines.push((target, machine));
        Ok(())
    }

    /// Where the API keeps what kubeadm goes by, if it is a cluster of kubeadm's.
    pub fn register_path(&self) -> PathBuf {
        self.directory.join("kubeadm-config.yaml")
    }

    /// The annotations of the secret of K3s, where somebody writes some there.
    pub fn annotations_path(&self) -> PathBuf {
        self.register_path().with_file_name("k3s-serving.json")
    }

    fn register(&self) -> Register {
        Register(self.register_path())
    }

    /// The balancer's machine; no inventory names it unless somebody writes it there.
    pub fn balancer(&self) -> Machine {
        Machine::at(&self.directory.join(LB))
    }

    /// The part of an inventory that names the balancer.
    pub fn balancers_yaml(&self) -> String {
        let (host, directory) = (&self.endpoint.host, self.directory.join(LB));
        format!(
            "balancers:\n  - name: {LB}\n    host: {host}\n    rehearsed: {:?}\n",
            directory.display().to_string()
        )
    }

    fn write_down(&self) -> io::Result<()> {
        disk::replace(&self.inventory_path(), self.inventory_yaml().as_bytes(), 0o600)?;
        disk::replace(&self.kubeconfig_path(), self.kubeconfig().as_bytes(), 0o600)
    }

    fn run(&mut self, ports: Vec<Ports>, balancer: TcpListener) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("rehearsal")
            .enable_all()
            .build()?;
        let addresses: Vec<_> =
            ports.iter().map(|ports| ports.api.local_addr()).collect::<io::Result<_>>()?;
        let known = Arc::new(Known {
            nodes: self.machines().map(|(name, _)| name.to_owned()).collect(),
            servers: addresses.clone(),
            register: Some(self.register()),
            annotations: Some(Annotations(self.annotations_path())),
        });
        for (Ports { api, joining }, (_, machine)) in ports.into_iter().zip(&self.machines) {
            for (door, listener) in [(Door::Api, Some(api)), (Door::Joining, joining)] {
                let Some(listener) = listener else { continue };
                let (machine, address) = (machine.clone(), listener.local_addr()?);
                runtime.spawn(Server { machine, address, known: known.clone(), door }.run(listener)?);
            }
        }
        let front = Machine::create(&self.directory.join(LB))?;
        let names = self.machines().map(|(name, _)| name);
        let servers: Vec<_> = names.zip(addresses.iter().copied()).collect();
        front.balance(&servers)?;
        runtime.spawn(balancer::run(balancer, addresses, front));
        runtime.spawn(kicker::run(self.machines.iter().map(|(_, machine)| machine.clone()).collect()));
        self.runtime = Some(runtime);
        Ok(())
    }
}

/// Every connection, port and thread ends here.
impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

fn balancer_listener() -> io::Result<(TcpListener, Endpoint)> {
    if let Ok(listener) = listen(BALANCER) {
        let port = listener.local_addr()?.port();
        return Ok((listener, Endpoint::new(crate::san::San::Ip(IpAddr::V4(BALANCER)), port)));
    }
    let listener = listen_at_home()?;
    let at = format!("localhost:{}", listener.local_addr()?.port());
    Ok((listener, at.parse().map_err(io::Error::other)?))
}

fn kubeconfig(server: &str, trust: &str, administrator: &Identity) -> String {
    include_str!("../../templates/rehearsal/kubeconfig")
        .replace("{server}", &format!("https://{server}"))
        .replace("{ca}", &STANDARD.encode(trust))
        .replace("{certificate}", &STANDARD.encode(&administrator.certificate))
        .replace("{key}", &STANDARD.encode(&administrator.key))
}
