//! The files that a result is written to, opened before anything else is done.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::{
    error::Error,
    outcome::{self, Paper, Sheet},
};

/// A file that was asked for.
pub struct Asked<F> {
    pub form: F,
    /// What was typed in front of its path: `--html `.
    pub flag: String,
    pub path: PathBuf,
    /// What such a file may be called.
    pub example: &'static str,
}

pub fn opened<F: Copy>(asked: &[Asked<F>]) -> Result<Vec<Paper<F>>, Error> {
    for (index, one) in asked.iter().enumerate() {
        if let Some(other) = asked[..index].iter().find(|other| other.path == one.path) {
            let (first, second) =
                (other.flag.trim_end_matches([' ', '=']), one.flag.trim_end_matches([' ', '=']));
            return Err(Error::Usage {
                message: format!("`{first}` and `{second}` name the same file"),
                hint: "name a file for each".into(),
            });
        }
    }
    asked.iter().map(paper).collect()
}

fn paper<F: Copy>(asked: &Asked<F>) -> Result<Paper<F>, Error> {
    let Asked { form, flag, path, example } = asked;
    let is_directory = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if is_directory {
        return Err(Error::Usage {
            message: format!("{}: is a directory", path.display()),
            hint: format!("name a file in it: `{flag}{}`", path.join(example).display()),
        });
    }
    match sheet(path) {
        Ok((path, sheet)) => Ok(Paper { form: *form, path, sheet }),
        Err(source) => Err(Error::Write { path: path.clone(), source }),
    }
}

/// What is written on, and the place that it takes: the one that links lead to, so that they stay links.
fn sheet(path: &Path) -> io::Result<(PathBuf, Sheet)> {
    let is_special = fs::metadata(path).is_ok_and(|there| !there.is_file());
    if is_special {
        let file = File::options().write(true).open(path)?;
        return Ok((path.to_owned(), Sheet::There(file)));
    }
    let place = match (fs::canonicalize(path), fs::read_link(path)) {
        (Ok(place), _) => place,
        (Err(_), Ok(target)) => beside(path).join(target),
        (Err(_), Err(_)) => path.to_owned(),
    };
    outcome::beside(&place)?.close()?;
    Ok((place, Sheet::Beside))
}

fn beside(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, thread};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    fn asked(path: &Path) -> Asked<()> {
        Asked { form: (), flag: "--html ".into(), path: path.to_owned(), example: "watch.html" }
    }

    fn written(path: &Path) {
        let paper = paper(&asked(path)).unwrap_or_else(|error| panic!("{error}"));
        paper.fill(b"told").unwrap();
    }

    #[test]
    fn a_pipe_is_written_to_and_stays_one() {
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::from(0o600), 0).unwrap();
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });

        written(&pipe);

        assert!(!fs::symlink_metadata(&pipe).unwrap().is_file(), "nothing took its place");
        assert_eq!(reader.join().unwrap(), b"told");
    }

    #[test]
    fn a_link_stays_a_link_whether_or_not_its_file_is_there() {
        let home = tempfile::tempdir().unwrap();
        let at = |name| home.path().join(name);
        mknodat(CWD, at("old"), FileType::RegularFile, Mode::from(0o600), 0).unwrap();
        symlink(at("old"), at("to-old")).unwrap();
        symlink("new", at("to-new")).unwrap();

        written(&at("to-old"));
        written(&at("to-new"));

        for (link, file) in [("to-old", "old"), ("to-new", "new")] {
            assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink(), "{link}");
            assert_eq!(fs::read(at(file)).unwrap(), b"told");
        }
    }

    #[test]
    fn whoever_is_stopped_before_the_end_leaves_nothing_beside_the_file() {
        let home = tempfile::tempdir().unwrap();

        let paper = paper(&asked(&home.path().join("watch.html"))).unwrap_or_else(|error| panic!("{error}"));

        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        paper.fill(b"told").unwrap();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_is_told_with_a_file_to_name() {
        let home = tempfile::tempdir().unwrap();

        for path in [home.path().to_owned(), home.path().join("none/")] {
            let told = paper(&asked(&path)).expect_err("it is none");
            assert_eq!(
                told.hints(),
                [format!("name a file in it: `--html {}`", path.join("watch.html").display())]
            );
        }
    }
}
