//! The files of a balancer, for programs.

use serde::Serialize;

use super::SCHEMA;
use crate::outcome::{Rendered, RenderedFile};

#[derive(Serialize)]
pub(super) struct RenderedView<'a> {
    schema: u32,
    files: Vec<FileView<'a>>,
}

#[derive(Serialize)]
struct FileView<'a> {
    /// `null` where the file is the same on each machine.
    machine: Option<&'a str>,
    path: &'a str,
    /// In octal, as chmod takes it.
    mode: String,
    text: &'a str,
    /// Where `--out` put it.
    written_to: Option<String>,
}

impl<'a> RenderedView<'a> {
    pub(super) fn of(rendered: &'a Rendered) -> Self {
        Self { schema: SCHEMA, files: rendered.files.iter().map(FileView::of).collect() }
    }
}

impl<'a> FileView<'a> {
    fn of(file: &'a RenderedFile) -> Self {
        let RenderedFile { machine, path, mode, text, laid } = file;
        Self {
            machine: machine.as_deref(),
            path,
            mode: format!("{mode:04o}"),
            text,
            written_to: laid.as_ref().map(|laid| laid.path.display().to_string()),
        }
    }
}
