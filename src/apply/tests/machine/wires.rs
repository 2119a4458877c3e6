//! The connections to the machines of a test, and how they break.

use std::{collections::BTreeMap, io, sync::Arc};

use super::{Fault, Machine};
use crate::{
    node::{Act, Answer, Ask, Done, Error, Node, NodeMut, Target},
    world::Reach,
};

/// Ends this process in the way of SIGKILL, as far as the run can tell: nothing after this point is carried out.
pub fn kill() -> ! {
    std::panic::resume_unwind(Box::new("killed"))
}

struct Connection(Arc<Machine>);

impl Node for Connection {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn host(&self) -> &str {
        &self.0.name
    }

    fn look(&self, _: &[Ask]) -> Result<Vec<Answer>, Error> {
        unreachable!("a run acts, it does not look")
    }
}

impl NodeMut for Connection {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        let machine = &self.0;
        machine.disk().batches += 1;
        let mut done = vec![];
        for act in acts {
            if machine.disk().is_off {
                return Err(machine.broken());
            }
            // What only looks at the lock changes nothing, so nobody dies of it.
            let is_deed = !matches!(act, Act::Hold { .. });
            let fault =
                if is_deed { machine.hook.lock().unwrap()(&machine.name, act) } else { Fault::Nothing };
            match fault {
                Fault::KilledBefore => kill(),
                Fault::PowerOff => {
                    machine.disk().is_off = true;
                    return Err(machine.broken());
                }
                Fault::Fails => {
                    return Err(Error::Deed {
                        node: machine.name.clone(),
                        deed: "do that".into(),
                        source: io::ErrorKind::StorageFull.into(),
                    });
                }
                Fault::Nothing | Fault::KilledAfter | Fault::CutAfter => {}
            }
            done.push(machine.carry_out(act, &mut machine.disk())?);
            match fault {
                Fault::KilledAfter => kill(),
                Fault::CutAfter => return Err(machine.broken()),
                _ => {}
            }
        }
        Ok(done)
    }
}

/// Reaches the machines of a test by their names.
pub struct Wires(pub BTreeMap<String, Arc<Machine>>);

impl Reach for Wires {
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, Error> {
        let machine = &self.0[&target.name];
        if machine.disk().is_off {
            return Err(Error::Connect {
                typed: None,
                node: target.name.clone(),
                at: target.host.clone(),
                source: io::ErrorKind::ConnectionRefused.into(),
            });
        }
        Ok(Box::new(Connection(Arc::clone(machine))))
    }

    fn host(&self, target: &Target) -> String {
        target.host.clone()
    }
}

impl Machine {
    fn broken(&self) -> Error {
        Error::Broken { node: self.name.clone(), source: io::ErrorKind::ConnectionReset.into() }
    }
}
