//! Writes the configuration of what stands in front of the API servers, from who they are.

mod demands;
mod distribution;
mod error;
mod files;
mod pair;
mod template;
mod values;
mod wanted;

pub use self::{
    distribution::Anonymous,
    error::Error,
    files::{File, Kind},
    wanted::{Gate, Machine, Proxy, Server, Wanted},
};

/// The files of a kind, in the order in which they are to be read.
pub fn render(kind: Kind, wanted: &Wanted) -> Result<Vec<File>, Error> {
    files::files(kind, wanted)
}

#[cfg(test)]
mod tests;
