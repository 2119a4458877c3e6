//! `vrrp_instance`: what is wrong with one, whatever its peer says.

use super::{super::words::Statement, config::Block};
use crate::report::{Code, Finding};

type Rule = fn(&Block<'_, '_>) -> Vec<Finding>;

const RULES: &[Rule] = &[nopreempt, router_id, router_id_twice, without_peers, own_peer, undefined, password];

/// The one that every example has.
const USUAL_ID: u32 = 51;
/// More of a password than this is cut off.
const PASSWORD: usize = 8;

pub(super) fn judge(instance: &Block<'_, '_>) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(instance)).collect()
}

/// A script that an instance tracks.
pub(super) struct Tracked<'c, 'a> {
    pub name: String,
    /// What says so: the instance, or the group that it moves with.
    pub holder: Block<'c, 'a>,
    pub line: usize,
    /// `None` where it is not known.
    pub weight: Option<i32>,
    pub script: Option<Block<'c, 'a>>,
}

impl<'c, 'a> Block<'c, 'a> {
    /// The scripts that the instance tracks, itself or through its groups, each with the weight that counts here.
    pub(super) fn tracked(&self) -> Vec<Tracked<'c, 'a>> {
        let holders = std::iter::once(*self).chain(self.groups());
        holders.flat_map(|holder| holder.tracks()).collect()
    }

    /// The groups of which the instance is one.
    fn groups(&self) -> impl Iterator<Item = Self> {
        let name = self.name();
        let holds = move |group: &Self| {
            let members = group.it.last("group").into_iter().flat_map(|it| it.body());
            members.flat_map(|it| &it.words).any(|word| word.value() == name)
        };
        self.config.blocks("vrrp_sync_group").filter(holds)
    }

    fn tracks(self) -> impl Iterator<Item = Tracked<'c, 'a>> {
        let lines = self.it.last("track_script").into_iter().flat_map(|it| it.body());
        lines.filter(|it| !it.name().starts_with('~')).map(move |it| self.tracks_by(it))
    }

    fn tracks_by(self, it: &'c Statement<'a>) -> Tracked<'c, 'a> {
        let config = self.config;
        let name = it.words.first().map(|word| word.value().into_owned()).unwrap_or_default();
        let script = config.scripts().find(|script| script.name() == name);
        let own = it.args().iter().position(|word| word.text == "weight");
        let weight = match own {
            Some(at) => it.arg(at + 1).and_then(|word| config.filled(word)?.parse().ok()),
            None => script.map_or(Some(0), |script| match script.has("weight") {
                true => script.value("weight")?.text.parse().ok(),
                false => Some(0),
            }),
        };
        Tracked { name, holder: self, line: it.line, weight, script }
    }

    /// The instance of another file that shares its addresses with this one.
    pub(super) fn peer_in<'o, 'b>(&self, other: &'o super::Config<'b>) -> Option<Block<'o, 'b>> {
        let of_name = other.instances().find(|peer| peer.name() == self.name());
        let only = || other.instances().next().filter(|_| other.instances().count() == 1);
        of_name.or_else(|| only().filter(|_| self.config.instances().count() == 1))
    }
}

fn nopreempt(instance: &Block<'_, '_>) -> Vec<Finding> {
    let Some(line) = instance.it.last("nopreempt").map(|it| it.line) else { return vec![] };
    let is_master = instance.value("state").is_some_and(|state| state.text == "MASTER");
    let weighted = instance.tracked().into_iter().find(|one| one.weight.is_some_and(|weight| weight != 0));
    let why = match (is_master, weighted) {
        (true, _) => "`state MASTER` clears `nopreempt`: the address moves back all the same".to_owned(),
        (false, Some(one)) => {
            format!(
                "with `nopreempt` the weight of {} never moves the address: nobody takes over by priority",
                one.name
            )
        }
        (false, None) => return vec![],
    };
    let instead = match is_master {
        true => "write `state BACKUP` on both machines",
        false => "take `weight` from the script, so that its failure is a fault; or remove `nopreempt`",
    };
    vec![instance.finding(Code::KeepalivedNopreempt, line, why, instead)]
}

fn router_id(instance: &Block<'_, '_>) -> Vec<Finding> {
    let Some(id) = instance.value("virtual_router_id") else { return vec![] };
    let finding = match id.text.parse::<u32>() {
        Ok(USUAL_ID) => instance.finding(
            Code::KeepalivedUsualId,
            id.line,
            "every example has 51, so another pair in the same network may have it too",
            "virtual_router_id 87",
        ),
        Ok(1..=255) => return vec![],
        _ => instance.finding(
            Code::KeepalivedIdRange,
            id.line,
            "keepalived does not start: the id is to be between 1 and 255",
            "virtual_router_id 87",
        ),
    };
    vec![finding]
}

fn router_id_twice(instance: &Block<'_, '_>) -> Vec<Finding> {
    let Some(id) = instance.value("virtual_router_id") else { return vec![] };
    let interface = instance.value("interface").map(|interface| interface.text);
    let is_same = |other: &Block<'_, '_>| {
        other.line() < instance.line()
            && other.value("virtual_router_id").is_some_and(|other| other.text == id.text)
            && other.value("interface").map(|interface| interface.text) == interface
    };
    let Some(other) = instance.config.instances().find(is_same) else { return vec![] };
    let why = format!("{} has the same id on the same interface", other.name());
    vec![instance.finding(Code::KeepalivedIdTwice, id.line, why, "give each of them an id of its own")]
}

fn without_peers(instance: &Block<'_, '_>) -> Vec<Finding> {
    let Some(peers) = instance.inner("unicast_peer").filter(|peers| peers.it.body().is_empty()) else {
        return vec![];
    };
    vec![instance.finding(
        Code::KeepalivedNoPeers,
        peers.line(),
        "`unicast_peer` names nobody, and keepalived goes back to multicast without a word",
        "the other machine's address, in a line of its own inside the braces",
    )]
}

fn own_peer(instance: &Block<'_, '_>) -> Vec<Finding> {
    let Some(own) = instance.value("unicast_src_ip") else { return vec![] };
    let peers = instance.listed("unicast_peer").unwrap_or_default();
    let itself = peers.into_iter().filter(|peer| peer.text == own.text);
    itself
        .map(|peer| {
            let why = "the machine is named as its own peer";
            instance.finding(Code::KeepalivedOwnPeer, peer.line, why, "the other machine's address")
        })
        .collect()
}

fn undefined(instance: &Block<'_, '_>) -> Vec<Finding> {
    let lacks = instance.config.lacks;
    let missing = instance.tracked().into_iter().filter(|one| one.script.is_none() && !lacks);
    missing
        .map(|one| {
            let why = format!("there is no `vrrp_script {}`, so nothing is tracked", one.name);
            let near = instance.config.scripts().map(|script| script.name().into_owned()).next();
            one.holder.finding(
                Code::KeepalivedUndefined,
                one.line,
                why,
                near.unwrap_or("remove the line".into()),
            )
        })
        .collect()
}

fn password(instance: &Block<'_, '_>) -> Vec<Finding> {
    let password = instance.inner("authentication").and_then(|block| block.value("auth_pass"));
    let long = password.filter(|password| password.text.len() > PASSWORD);
    let finding = long.map(|password| {
        instance.finding(
            Code::KeepalivedPassword,
            password.line,
            format!("keepalived takes the first {PASSWORD} characters of it only"),
            "remove `authentication`: it is no part of VRRP any more, and everybody on the network can read it",
        )
    });
    finding.into_iter().collect()
}
