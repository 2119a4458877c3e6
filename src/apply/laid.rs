//! Files that a verb makes for the operator, in a directory that the operator names: no run, and nothing to take back.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::node::local;

/// What may be written over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Over {
    /// Nothing but what is the same already.
    Same,
    Anything,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Laid {
    Written,
    Unchanged,
}

/// A file to write.
pub struct ToLay<'a> {
    pub path: PathBuf,
    pub mode: u32,
    pub text: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum Unlaid {
    #[error("{}: something else is there already", .paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "))]
    Taken { paths: Vec<PathBuf> },
    #[error("{path}: cannot write", path = path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl Unlaid {
    /// What to type next.
    pub fn hint(&self) -> String {
        match self {
            Self::Taken { .. } => {
                "write over it with `--force`, or name another directory with `--out DIR`".into()
            }
            Self::Write { .. } => "name a directory that you may write to: `--out DIR`".into(),
        }
    }
}

/// Writes the files: all of them, or none where one would take the place of something else.
pub fn lay_out(files: &[ToLay<'_>], over: Over) -> Result<Vec<Laid>, Unlaid> {
    let unwritten = |path: &Path, source| Unlaid::Write { path: path.to_owned(), source };
    let mut found = vec![];
    for file in files {
        let lies = local::lies(&file.path, file.mode, file.text);
        found.push(lies.map_err(|error| unwritten(&file.path, error))?);
    }
    let taken = files.iter().zip(&found).filter(|(_, lies)| **lies == Some(false));
    let taken: Vec<_> = taken.map(|(file, _)| file.path.clone()).collect();
    if over == Over::Same && !taken.is_empty() {
        return Err(Unlaid::Taken { paths: taken });
    }
    let lay = |(file, lies): (&ToLay<'_>, &Option<bool>)| {
        if *lies == Some(true) {
            return Ok(Laid::Unchanged);
        }
        local::lay(&file.path, file.mode, file.text).map_err(|error| unwritten(&file.path, error))?;
        Ok(Laid::Written)
    };
    files.iter().zip(&found).map(lay).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn two(directory: &Path) -> [ToLay<'static>; 2] {
        [
            ToLay { path: directory.join("etc/a.cfg"), mode: 0o644, text: "a\n" },
            ToLay { path: directory.join("lb1/sbin/b.sh"), mode: 0o755, text: "b\n" },
        ]
    }

    #[test]
    fn files_are_laid_with_their_modes_and_once() {
        let directory = tempfile::tempdir().unwrap();
        let files = two(directory.path());

        let first = lay_out(&files, Over::Same).unwrap();
        let again = lay_out(&files, Over::Same).unwrap();

        assert_eq!((first, again), (vec![Laid::Written; 2], vec![Laid::Unchanged; 2]));
        for file in &files {
            let mode = fs::metadata(&file.path).unwrap().permissions().mode() & 0o7777;
            assert_eq!((fs::read_to_string(&file.path).unwrap(), mode), (file.text.into(), file.mode));
        }
    }

    #[test]
    fn nothing_is_laid_where_one_would_take_the_place_of_something_else() {
        let directory = tempfile::tempdir().unwrap();
        let mine = [ToLay { path: directory.path().join("lb1/sbin/b.sh"), mode: 0o755, text: "mine\n" }];
        lay_out(&mine, Over::Same).unwrap();
        let files = two(directory.path());

        let refused = lay_out(&files, Over::Same).unwrap_err();
        let before = (files[0].path.exists(), fs::read_to_string(&files[1].path).unwrap());
        let forced = lay_out(&files, Over::Anything).unwrap();

        assert!(
            matches!(&refused, Unlaid::Taken { paths } if *paths == [files[1].path.clone()]),
            "{refused}"
        );
        assert!(refused.hint().contains("--force"));
        assert_eq!(before, (false, "mine\n".into()));
        assert_eq!(forced, [Laid::Written; 2]);
        assert_eq!(fs::read_to_string(&files[1].path).unwrap(), "b\n");
    }

    #[test]
    fn a_file_with_another_mode_is_another_file() {
        let directory = tempfile::tempdir().unwrap();
        let files = two(directory.path());
        lay_out(&files, Over::Same).unwrap();
        fs::set_permissions(&files[1].path, fs::Permissions::from_mode(0o644)).unwrap();

        assert!(matches!(lay_out(&files, Over::Same), Err(Unlaid::Taken { .. })));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told_by_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        local::lay(&file, 0o644, "").unwrap();

        let refused = lay_out(&two(&file), Over::Same).unwrap_err();

        assert!(refused.to_string().contains("file/etc/a.cfg: cannot write"), "{refused}");
    }
}
