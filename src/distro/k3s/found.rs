//! Which of a machine's units is its K3s.

use crate::distro::unit::{Service, Variables};
use crate::node::{LoadedUnit, UnitSeen};

/// The unit that counts, and what the machine shows besides.
pub(super) struct Found {
    /// Without its ending.
    pub unit: String,
    pub state: UnitSeen,
    pub service: Service,
    /// Further servers that run here.
    pub rivals: Vec<String>,
    /// Something that OpenRC starts.
    pub has_init_script: bool,
}

impl Found {
    /// The unit that counts: one that runs before one that does not, a server before an agent.
    pub fn among(units: &[LoadedUnit], has_init_script: bool) -> Self {
        let read = |unit: &LoadedUnit| (unit.clone(), Service::read(&unit.name, &unit.text));
        let mut all: Vec<_> =
            units.iter().map(read).filter(|(unit, service)| is_ours(unit, service)).collect();
        all.sort_by_key(|(unit, service)| (!is_active(unit), !is_part(service, "server")));
        let servers = all.iter().filter(|(unit, service)| is_active(unit) && is_part(service, "server"));
        let rivals = servers.skip(1).map(|(unit, _)| stem(&unit.name).to_owned()).collect();
        match all.into_iter().next() {
            Some((unit, service)) => {
                Self { unit: stem(&unit.name).into(), state: unit.state, service, rivals, has_init_script }
            }
            None => Self {
                unit: "k3s".into(),
                state: UnitSeen::Missing,
                service: Service::default(),
                rivals,
                has_init_script,
            },
        }
    }

    /// Whether its unit runs.
    pub fn is_active(&self) -> bool {
        matches!(self.state, UnitSeen::Active { .. })
    }
}

fn is_ours(unit: &LoadedUnit, service: &Service) -> bool {
    let program = service.arguments(&Variables::new()).into_iter().next();
    program.is_some_and(|program| is_k3s(&program)) || matches!(stem(&unit.name), "k3s" | "k3s-agent")
}

/// Whether it is K3s' own program, and not a script.
pub(super) fn is_k3s(program: &str) -> bool {
    program.rsplit('/').next() == Some("k3s") && program.starts_with('/')
}

fn is_active(unit: &LoadedUnit) -> bool {
    matches!(unit.state, UnitSeen::Active { .. })
}

fn is_part(service: &Service, part: &str) -> bool {
    service.arguments(&Variables::new()).iter().any(|word| word == part)
}

fn stem(unit: &str) -> &str {
    unit.strip_suffix(".service").unwrap_or(unit)
}
