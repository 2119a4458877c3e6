//! Which of a machine's units is its k0s.

use crate::{
    distro::unit::Service,
    node::{LoadedUnit, UnitSeen},
};

/// The unit that counts, and what the machine shows besides.
pub(super) struct Found {
    /// Without its ending.
    pub unit: String,
    /// Whether its unit runs.
    pub is_active: bool,
    pub service: Service,
    /// Something that OpenRC starts.
    pub has_init_script: bool,
}

impl Found {
    /// The unit that counts: one that runs before one that does not, a controller before a worker.
    pub fn among(units: &[LoadedUnit], has_init_script: bool) -> Self {
        let read = |unit: &LoadedUnit| read(unit, has_init_script);
        let mut all: Vec<_> = units.iter().map(read).filter(Self::is_k0s).collect();
        all.sort_by_key(|found| (!found.is_active, found.is_worker()));
        all.into_iter().next().unwrap_or_else(|| Self {
            unit: "k0scontroller".into(),
            is_active: false,
            service: Service::default(),
            has_init_script,
        })
    }

    /// Whether it starts k0s, or is called as what does.
    fn is_k0s(&self) -> bool {
        let is_program = self.arguments().first().is_some_and(|program| program.ends_with("/k0s"));
        is_program || matches!(self.unit.as_str(), "k0scontroller" | "k0sworker")
    }

    /// Whether it is started as a worker and nothing else.
    pub fn is_worker(&self) -> bool {
        self.arguments()
            .iter()
            .find(|word| matches!(word.as_str(), "controller" | "worker"))
            .is_some_and(|part| part == "worker")
    }

    /// What its unit starts, the program first; no more than that can be known of a script.
    pub fn arguments(&self) -> Vec<String> {
        self.service.arguments(&self.service.variables([]))
    }
}

fn read(unit: &LoadedUnit, has_init_script: bool) -> Found {
    Found {
        unit: unit.name.strip_suffix(".service").unwrap_or(&unit.name).to_owned(),
        is_active: matches!(unit.state, UnitSeen::Active { .. }),
        service: Service::read(&unit.name, &unit.text),
        has_init_script,
    }
}
