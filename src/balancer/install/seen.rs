//! A machine in front as it is, and what makes its files as they shall be.

use std::path::{Path, PathBuf};

use super::{
    Program, Replaced, Wish, chmod,
    program::{AtBoot, Reloads},
    run,
};
use crate::{
    balancer::secrets::hidden,
    node::{Digest, FileSeen, UnitSeen},
    plan::{Change, Replace},
};

/// A machine as it is.
pub(super) struct Seen {
    pub files: Vec<(PathBuf, Option<FileSeen>)>,
    pub units: Vec<UnitSeen>,
    pub reloads: Vec<Reloads>,
    pub binaries: Vec<bool>,
    pub at_boot: Vec<AtBoot>,
    pub has_curl: bool,
    pub addresses: Vec<String>,
    pub users: String,
    /// What keepalived looks after.
    pub proxy: UnitSeen,
}

impl Seen {
    pub fn is_running(&self, program: usize) -> bool {
        matches!(self.units[program], UnitSeen::Active { .. })
    }

    fn file(&self, path: &Path) -> Option<&FileSeen> {
        self.files.iter().find(|(seen, _)| seen == path).and_then(|(_, seen)| seen.as_ref())
    }

    pub fn text(&self, path: &str) -> Option<String> {
        self.file(Path::new(path)).map(|seen| String::from_utf8_lossy(&seen.bytes).into_owned())
    }

    /// What makes the file as it shall be, judged where there is a program to judge it.
    pub fn changed(&self, file: &Wish, program: Option<&Program>) -> Vec<Change> {
        let path = PathBuf::from(&file.path);
        let judge = program.map(|program| program.judge_of(&file.text));
        let Some(seen) = self.file(&path) else {
            return vec![Change::Create { path, text: file.text.clone(), mode: file.mode, judge }];
        };
        let (was, mode) = (Digest::of(&seen.bytes), seen.mode & 0o7777);
        let is_same = file.is_had_by(&seen.bytes);
        let replace = Replace { file: path, was, text: file.text.clone(), judge };
        let replaced = (!is_same).then_some(Change::Replace(replace));
        let is_moded = mode == file.mode;
        let moded = (!is_moded).then(|| run([chmod(file.mode, &file.path)], [chmod(mode, &file.path)]));
        replaced.into_iter().chain(moded).collect()
    }

    pub fn replaced(&self, file: &Wish) -> Option<Replaced> {
        let before = self.text(&file.path).filter(|text| !file.is_had_by(text.as_bytes()))?;
        Some(Replaced { path: file.path.clone().into(), before: hidden(&before), after: hidden(&file.text) })
    }
}
