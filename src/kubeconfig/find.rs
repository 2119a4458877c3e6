//! Which files make up the kubeconfig, found as kubectl finds them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What of the process decides where kubeconfigs are.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `--kubeconfig`.
    pub flag: Option<PathBuf>,
    /// `$KUBECONFIG`.
    pub variable: Option<OsString>,
    pub home: Option<PathBuf>,
    /// The working directory, which relative paths start from.
    pub directory: PathBuf,
}

/// Files to read, in the order in which they win.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sought {
    pub paths: Vec<PathBuf>,
    /// Whether a missing one is passed over; a file named by the flag must be there.
    pub may_be_missing: bool,
}

/// The flag's file alone, else the list in `$KUBECONFIG`, else `~/.kube/config`.
pub fn find(environment: &Environment) -> Sought {
    if let Some(flag) = &environment.flag {
        return Sought { paths: vec![environment.directory.join(flag)], may_be_missing: false };
    }
    let listed = environment.variable.as_ref().filter(|variable| !variable.is_empty());
    let paths = match listed {
        Some(list) => entries(list, &environment.directory),
        None => environment.home.iter().map(|home| home.join(".kube/config")).collect(),
    };
    Sought { paths, may_be_missing: true }
}

/// The entries of a list, each once; kubectl passes over empty ones too.
fn entries(list: &OsString, directory: &Path) -> Vec<PathBuf> {
    let mut paths = vec![];
    for entry in std::env::split_paths(list).filter(|entry| !entry.as_os_str().is_empty()) {
        let path = directory.join(entry);
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment {
            flag: Some("flag.yaml".into()),
            variable: Some("a::/b:a:sub/c".into()),
            home: Some("/home/ada".into()),
            directory: "/here".into(),
        }
    }

    fn paths(environment: &Environment) -> Vec<PathBuf> {
        find(environment).paths
    }

    #[test]
    fn the_flag_wins_and_its_file_must_be_there() {
        let sought = find(&environment());

        assert_eq!(sought.paths, [Path::new("/here/flag.yaml")]);
        assert!(!sought.may_be_missing);
    }

    #[test]
    fn the_list_keeps_its_order_without_empty_and_repeated_entries() {
        let environment = Environment { flag: None, ..environment() };

        assert_eq!(paths(&environment), ["/here/a", "/b", "/here/sub/c"].map(PathBuf::from));
        assert!(find(&environment).may_be_missing);
    }

    #[test]
    fn an_empty_variable_means_the_file_at_home() {
        let environment = Environment { flag: None, variable: Some("".into()), ..environment() };

        assert_eq!(paths(&environment), [Path::new("/home/ada/.kube/config")]);
        assert_eq!(paths(&Environment { home: None, ..environment }), Vec::<PathBuf>::new());
    }
}
