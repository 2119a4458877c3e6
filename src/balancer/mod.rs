//! Load balancers in front of the API servers: which of their servers a node is, and whether it can be spared.

use std::{path::PathBuf, time::Duration};

mod distribution;
pub mod install;
pub mod lint;
pub mod render;
mod secrets;
mod servers;
#[cfg(test)]
mod tests;

use crate::{
    endpoint::Endpoint,
    plan::{Drained, Hold, Listener, Step},
    report::{Code, Finding},
};
pub use distribution::answers;
pub use servers::{Server, read};

/// Short requests end by themselves within it; watches and the like go on for hours, and the restart ends them.
const REST: Duration = Duration::from_secs(10);
/// A balancer that looks every few seconds and wants to see a server well several times.
const UP_WITHIN: Duration = Duration::from_secs(60);
/// What a run takes beside the waits that its plan names: logins, and the balancers themselves.
const BESIDE: Duration = Duration::from_secs(120);

/// A balancer whose servers are known.
pub struct Front {
    pub name: String,
    pub socket: PathBuf,
    /// The backend that the operator names.
    pub backend: Option<String>,
    pub servers: Vec<Server>,
}

impl Front {
    /// What takes the step's node out of this balancer, and what there is to know of that; a finding that fails stands
    /// in the way.
    pub fn drained(&self, step: &Step, api: &Endpoint) -> (Vec<Hold>, Vec<Finding>) {
        let of_node = self.servers_of(&step.node, api);
        if of_node.is_empty() {
            return (vec![], vec![self.without(&step.node, api)]);
        }
        let (mut holds, mut findings) = (vec![], vec![]);
        for server in of_node.into_iter().chain(self.joined_through(step)) {
            findings.extend(self.judged(server));
            holds.push(Hold::Drained(Drained {
                balancer: self.name.clone(),
                socket: self.socket.clone(),
                server: server.path(),
                rest: REST,
                back_after: step.patience() + UP_WITHIN + BESIDE,
                up_within: UP_WITHIN,
            }));
        }
        (holds, findings)
    }

    /// What there is to know of a node's servers, whether it is to be drained or not.
    pub fn findings(&self, node: &str, api: &Endpoint) -> Vec<Finding> {
        let servers = self.servers_of(node, api);
        match servers.as_slice() {
            [] => vec![self.without(node, api)],
            servers => servers.iter().flat_map(|server| self.judged(server)).collect(),
        }
    }

    /// What there is to know by now of a server that a plan made earlier drains; a finding that fails stands in the way.
    pub fn still(&self, drained: &Drained) -> Vec<Finding> {
        let found = self.servers.iter().find(|server| server.path() == drained.server);
        found.map_or_else(|| vec![self.gone(drained)], |server| self.judged(server))
    }

    fn judged(&self, server: &Server) -> Vec<Finding> {
        if server.is_out {
            return vec![self.out_already(server)];
        }
        self.not_spared(server).or_else(|| self.unchecked(server)).into_iter().collect()
    }

    /// The servers with the node's address; in a backend that is named, one with the node's name will do.
    fn servers_of(&self, node: &str, api: &Endpoint) -> Vec<&Server> {
        let is_meant =
            |server: &&Server| self.backend.as_ref().is_none_or(|backend| *backend == server.backend);
        let meant: Vec<_> = self.servers.iter().filter(is_meant).collect();
        let there: Vec<_> = meant.iter().copied().filter(|server| server.is_at(api)).collect();
        if !there.is_empty() || self.backend.is_none() {
            return there;
        }
        meant.into_iter().filter(|server| server.name == node).collect()
    }

    /// The servers with the address at which others join through the node, whose port goes away with the API server's.
    fn joined_through(&self, step: &Step) -> impl Iterator<Item = &Server> {
        let joining = step.proofs.iter().filter(|proof| proof.listener == Listener::Supervisor);
        let joining: Vec<_> = joining.map(|proof| proof.endpoint.clone()).collect();
        self.servers.iter().filter(move |server| joining.iter().any(|endpoint| server.is_at(endpoint)))
    }

    fn without(&self, node: &str, api: &Endpoint) -> Finding {
        let place =
            self.backend.as_ref().map_or("no server".to_owned(), |name| format!("no server of {name}"));
        let message = format!("{place} is at {api}, so {node} cannot be drained there");
        Finding::new(Code::BalancerWithoutNode, &self.name, message).remedy(format!(
            "name its backend in the inventory (`backend:`), where its servers have the nodes' names, or leave it out: \
             `--without-balancer {}`",
            self.name
        ))
    }

    fn out_already(&self, server: &Server) -> Finding {
        let message = format!("somebody took {} out ({}), and it stays so", server.path(), server.status);
        Finding::new(Code::BalancerDrained, &self.name, message)
    }

    fn gone(&self, drained: &Drained) -> Finding {
        Finding::new(
            Code::BalancerWithoutNode,
            &self.name,
            format!("there is no {} any more", drained.server),
        )
        .remedy("make the plan anew: it was made for other servers")
    }

    fn others(&self, server: &Server) -> impl Iterator<Item = &Server> {
        self.servers.iter().filter(|other| other.backend == server.backend && other.name != server.name)
    }

    /// Servers that have to carry what this one leaves, and that count as up because nobody looks.
    fn unchecked(&self, server: &Server) -> Option<Finding> {
        self.others(server).find(|other| other.is_unchecked())?;
        let all = self.servers.iter().filter(|other| other.backend == server.backend && other.is_unchecked());
        let all: Vec<_> = all.map(Server::path).collect();
        let message = format!(
            "servers that HAProxy does not check count as up, and one of them may be left to carry what a drained server \
             leaves: {}",
            all.join(", ")
        );
        let finding = Finding::new(Code::BalancerUnchecked, &self.name, message);
        Some(finding.remedy(
            "write `check` into its `server` line of haproxy.cfg, or see for yourself that it serves",
        ))
    }

    fn not_spared(&self, server: &Server) -> Option<Finding> {
        let others: Vec<_> = self.others(server).collect();
        let down = others.iter().filter(|other| !other.is_up());
        let down: Vec<_> = down.map(|other| format!("{} is {}", other.path(), other.status)).collect();
        let why = match (others.is_empty(), down.is_empty()) {
            (true, _) => format!("{} has no other server", server.backend),
            (false, true) => return None,
            (false, false) => down.join(", "),
        };
        let finding = Finding::new(
            Code::BalancerDegraded,
            &self.name,
            format!("{} cannot be spared: {why}", server.path()),
        );
        Some(finding.remedy(format!(
            "bring the others back first; a plan that is made with `--without-balancer {}` goes without it",
            self.name
        )))
    }
}

/// A balancer that cannot be asked, why, and what to do about that.
pub fn unread(name: &str, reason: &str, hint: Option<String>) -> Finding {
    let hint = hint.unwrap_or_else(|| "bring it in order".to_owned());
    Finding::new(Code::BalancerUnread, name, format!("no node can be drained there: {reason}")).remedy(format!(
        "{hint}; a plan that is made with `--without-balancer {name}` goes without it, and clients that it leads to a \
         node that is restarted are refused"
    ))
}

/// What a restart costs where there are two servers.
pub fn cost_of_quorum() -> String {
    "of two servers that keep the store themselves (etcd), one that restarts takes the quorum with it: the whole API is \
     away until it is back"
        .into()
}

/// What a restart, if it comes to one, costs behind NGINX, which cannot be told of it.
pub fn cost_behind_nginx(names: &[&str]) -> String {
    format!(
        "{}: NGINX runs there and no unit haproxy, so no node is drained; if the server does not follow its new \
         certificate by itself, clients that are led here while it restarts are refused",
        names.join(", ")
    )
}

/// What a restart costs that no balancer is told of.
pub fn cost_of_restart() -> String {
    "clients that are led here while it restarts are refused; where the inventory names the load balancers \
     (`balancers:`) the node is drained there first"
        .into()
}
