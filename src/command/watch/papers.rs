//! The files that a watch is written to, opened before it begins.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::{
    cli::Watch,
    error::Error,
    outcome::{Form, Paper, Sheet},
};

pub(super) fn opened(args: &Watch) -> Result<Vec<Paper>, Error> {
    if args.junit.is_some() && args.junit == args.html {
        return Err(Error::Usage {
            message: "`--junit` and `--html` name the same file".into(),
            hint: "name a file for each".into(),
        });
    }
    let asked = [(Form::Junit, &args.junit), (Form::Html, &args.html)];
    asked.into_iter().filter_map(|(form, path)| Some(paper(form, path.clone()?))).collect()
}

fn paper(form: Form, path: PathBuf) -> Result<Paper, Error> {
    let is_directory = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if is_directory {
        let (flag, name) = match form {
            Form::Junit => ("--junit", "watch.xml"),
            Form::Html => ("--html", "watch.html"),
        };
        return Err(Error::Usage {
            message: format!("{}: is a directory", path.display()),
            hint: format!("name a file in it: `{flag} {}`", path.join(name).display()),
        });
    }
    match sheet(&path) {
        Ok((path, sheet)) => Ok(Paper { form, path, sheet }),
        Err(source) => Err(Error::Write { path, source }),
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
    let file = tempfile::Builder::new()
        .prefix(".cpctl-watch-")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(beside(&place))?;
    Ok((place, Sheet::Beside(file)))
}

fn beside(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, thread};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    fn written(path: &Path) {
        let paper = paper(Form::Html, path.to_owned()).unwrap_or_else(|error| panic!("{error}"));
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
    fn a_directory_is_told_with_a_file_to_name() {
        let home = tempfile::tempdir().unwrap();

        for path in [home.path().to_owned(), home.path().join("none/")] {
            let told = paper(Form::Html, path.clone()).expect_err("it is none");
            assert_eq!(
                told.hints(),
                [format!("name a file in it: `--html {}`", path.join("watch.html").display())]
            );
        }
    }
}
