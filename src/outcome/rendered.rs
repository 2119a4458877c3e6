//! The files of a balancer.

use std::path::PathBuf;

/// What `lb render` came to: texts to print, or files that lie below a directory.
#[derive(Debug)]
pub struct Rendered {
    pub files: Vec<RenderedFile>,
}

#[derive(Debug)]
pub struct RenderedFile {
    /// The machine whose own it is; `None` where it is the same on each.
    pub machine: Option<String>,
    pub path: String,
    pub mode: u32,
    pub text: String,
    /// Where it lies on this machine, where it was not to be printed.
    pub laid: Option<LaidFile>,
}

#[derive(Debug)]
pub struct LaidFile {
    pub path: PathBuf,
    /// Whether it had to be written.
    pub is_new: bool,
}

impl RenderedFile {
    /// Its place in a tree of several machines.
    pub fn below(&self) -> PathBuf {
        let machine = self.machine.as_deref().unwrap_or_default();
        PathBuf::from(machine).join(self.path.trim_start_matches('/'))
    }
}
