//! The files of a balancer, for people and for `>`.

use std::io::{self, Write};

use crate::outcome::{Rendered, RenderedFile};

/// One file alone is written as it is, so that `>` makes it; several are told apart by a line above each.
pub(super) fn write(rendered: &Rendered, out: &mut dyn Write) -> io::Result<()> {
    let has_siblings = rendered.files.len() > 1;
    for (index, file) in rendered.files.iter().enumerate() {
        match &file.laid {
            Some(laid) => {
                let state = if laid.is_new { "written" } else { "unchanged" };
                writeln!(out, "{state} {}", laid.path.display())?;
                continue;
            }
            None if has_siblings && index > 0 => writeln!(out, "\n{}", heading(file))?,
            None if has_siblings => writeln!(out, "{}", heading(file))?,
            None => {}
        }
        out.write_all(file.text.as_bytes())?;
    }
    Ok(())
}

fn heading(file: &RenderedFile) -> String {
    let machine = file.machine.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    format!("# ==> {machine}{} (mode {:04o})", file.path, file.mode)
}
