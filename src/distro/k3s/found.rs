//! Which of a machine's units is its K3s.

use super::flavour::Flavour;
use crate::distro::unit::{Service, Variables};
use crate::node::{LoadedUnit, UnitSeen};

/// The unit that counts, and what the machine shows besides.
pub(super) struct Found {
    pub flavour: &'static Flavour,
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
    pub fn among(flavour: &'static Flavour, units: &[LoadedUnit], has_init_script: bool) -> Self {
        let read = |unit: &LoadedUnit| (unit.clone(), Service::read(&unit.name, &unit.text));
        let mut all: Vec<_> =
            units.iter().map(read).filter(|(unit, service)| is_ours(flavour, unit, service)).collect();
        all.sort_by_key(|(unit, service)| (!is_active(unit), !is_part(service, "server")));
        let servers = all.iter().filter(|(unit, service)| is_active(unit) && is_part(service, "server"));
        let rivals = servers.skip(1).map(|(unit, _)| stem(&unit.name).to_owned()).collect();
        match all.into_iter().next() {
            Some((unit, service)) => {
                let (unit, state) = (stem(&unit.name).into(), unit.state);
                Self { flavour, unit, state, service, rivals, has_init_script }
            }
            None => Self {
                flavour,
                unit: flavour.unit.into(),
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

fn is_ours(flavour: &Flavour, unit: &LoadedUnit, service: &Service) -> bool {
    let program = service.arguments(&Variables::new()).into_iter().next();
    program.is_some_and(|program| flavour.is_program(&program))
        || flavour.own_units.contains(&stem(&unit.name))
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
