//! What a file is held against: the control plane as the inventory names it, and the day.

use jiff::civil::Date;

use crate::endpoint::Endpoint;

/// What rules may know beyond the files.
pub struct Facts<'a> {
    /// `None` where no inventory is named; rules that compare stay silent then.
    pub plane: Option<&'a ControlPlane>,
    pub today: Date,
}

/// The control plane, as far as an inventory tells.
#[derive(Clone, Debug, Default)]
pub struct ControlPlane {
    pub endpoint: Option<Endpoint>,
    pub nodes: Vec<Member>,
    /// Addresses or names of the balancers' machines.
    pub balancers: Vec<String>,
}

/// A control-plane node.
#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    /// An address or a name.
    pub host: String,
    /// Where its API server answers, where the inventory says.
    pub api: Option<Endpoint>,
    pub distribution: Option<String>,
}
