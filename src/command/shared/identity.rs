//! Which machine a node really is, asked along with the first look: two entries may lead to one.

use std::{cell::OnceCell, path::PathBuf};

use crate::{
    node::{Answer, Ask, Error, Node},
    report::{Code, Finding},
};

/// Clones have one machine-id, containers of one host share its boot, and a cluster has no host name twice: only what
/// has all three in common is one machine. Addresses would not do, for some of them move.
const TELLING: [&str; 3] =
    ["/proc/sys/kernel/random/boot_id", "/etc/machine-id", "/proc/sys/kernel/hostname"];

/// What no two nodes have in common: the boot, the machine-id and the host name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity([Option<String>; 3]);

impl Identity {
    /// `None` where the machine does not tell its boot, as a rehearsed one does not.
    fn read(answers: &[Answer]) -> Option<Self> {
        let mut texts = answers
            .iter()
            .map(|answer| answer.bytes().map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned()));
        let [boot, id, name] = [texts.next()?, texts.next()?, texts.next()?];
        boot.as_ref()?;
        Some(Self([boot, id, name]))
    }
}

/// A machine whose first look asks for its identity too, which costs no round trip of its own.
pub struct Asked {
    machine: Box<dyn Node>,
    identity: OnceCell<Option<Identity>>,
}

impl Asked {
    pub fn new(machine: Box<dyn Node>) -> Self {
        Self { machine, identity: OnceCell::new() }
    }

    pub fn identity(self) -> Option<Identity> {
        self.identity.into_inner().flatten()
    }
}

impl Node for Asked {
    fn name(&self) -> &str {
        self.machine.name()
    }

    fn host(&self) -> &str {
        self.machine.host()
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        if self.identity.get().is_some() {
            return self.machine.look(asks);
        }
        let telling = TELLING.map(|path| Ask::File(PathBuf::from(path)));
        let mut answers = self.machine.look(&[asks, &telling].concat())?;
        let told = answers.split_off(asks.len().min(answers.len()));
        self.identity.get_or_init(|| Identity::read(&told));
        Ok(answers)
    }
}

/// The machines that are there under a second name.
pub fn twice(nodes: &[(String, Option<Identity>)]) -> Vec<Finding> {
    let told: Vec<_> = nodes.iter().filter_map(|(name, identity)| Some((name, identity.as_ref()?))).collect();
    let first_of = |(position, (name, identity)): (usize, &(&String, &Identity))| {
        let (first, _) = told[..position].iter().find(|(_, other)| other == identity)?;
        let message =
            format!("it is the same machine as {first}: one boot, one machine-id and one host name");
        let remedy =
            format!("name each machine once: leave {first} or {name} out of the inventory or of `--node`");
        Some(Finding::new(Code::SameMachine, *name, message).remedy(remedy))
    };
    told.iter().enumerate().filter_map(first_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::FileSeen;

    fn told(name: &str, texts: [&str; 3]) -> (String, Option<Identity>) {
        let answers = texts.map(|text| match text {
            "" => Answer::Absent,
            text => Answer::File(FileSeen {
                bytes: format!("{text}\n").into_bytes(),
                mode: 0o444,
                owner: "root".into(),
                group: "root".into(),
                modified: 0,
            }),
        });
        (name.to_owned(), Identity::read(&answers))
    }

    #[test]
    fn only_what_has_everything_in_common_is_one_machine() {
        let found = twice(&[
            told("cp1", ["boot-1", "id", "cp1"]),
            told("clone", ["boot-2", "id", "cp1"]),
            told("container", ["boot-1", "id", "cp2"]),
            told("other", ["boot-1", "id-2", "cp1"]),
            told("untold", ["", "id", "cp1"]),
            told("untold-too", ["", "id", "cp1"]),
            told("10.0.0.11", ["boot-1", "id", "cp1"]),
        ]);

        let told: Vec<_> =
            found.iter().map(|finding| (finding.subject.as_str(), &*finding.message)).collect();
        assert_eq!(
            told,
            [("10.0.0.11", "it is the same machine as cp1: one boot, one machine-id and one host name")]
        );
    }
}
