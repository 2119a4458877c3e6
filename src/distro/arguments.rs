//! What a process was started with, read as Go programs read it.

use std::path::PathBuf;

/// The arguments of a process, its own name first.
pub(in crate::distro) struct Arguments(Vec<String>);

impl Arguments {
    pub fn new(arguments: Vec<String>) -> Self {
        Self(arguments)
    }

    /// The value of a flag, written `--name=value` or `--name value`; the last one counts, and an empty one is none.
    ///
    /// One hyphen does for etcd, and Kubernetes takes `_` for `-`.
    pub fn value(&self, name: &str) -> Option<&str> {
        let flags = self.0.iter().enumerate().skip(1).rev();
        let value = flags.filter_map(|(at, argument)| {
            let flag = argument.strip_prefix('-')?;
            let flag = flag.strip_prefix('-').unwrap_or(flag);
            let (written, value) =
                flag.split_once('=').map_or((flag, None), |(flag, value)| (flag, Some(value)));
            let is_it = written.replace('_', "-") == name;
            is_it.then(|| value.or_else(|| self.0.get(at + 1).map(String::as_str)))?
        });
        value.take(1).find(|value| !value.is_empty())
    }

    /// The file of the program itself, where it was started by its path.
    pub fn program(&self) -> Option<PathBuf> {
        self.0.first().map(PathBuf::from).filter(|program| program.is_absolute())
    }

    /// A file that a flag names; services are started in the root directory.
    pub fn file(&self, name: &str) -> Option<PathBuf> {
        self.value(name).map(|path| PathBuf::from("/").join(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: &str) -> Option<String> {
        let arguments = Arguments::new(line.split(' ').map(str::to_owned).collect());
        arguments.value("tls-cert-file").map(str::to_owned)
    }

    #[test]
    fn a_value_stands_behind_an_equals_sign_or_in_the_next_argument() {
        for (line, found) in [
            ("kube-apiserver --v=2 --tls-cert-file=/a.pem", Some("/a.pem")),
            ("kube-apiserver --tls-cert-file /a.pem --v 2", Some("/a.pem")),
            ("kube-apiserver --tls_cert_file=/a.pem", Some("/a.pem")),
            ("etcd -tls-cert-file /a.pem", Some("/a.pem")),
            ("kube-apiserver --tls-cert-file=/a.pem --tls-cert-file /b.pem", Some("/b.pem")),
            ("kube-apiserver --tls-cert-file=/a.pem --tls-cert-file=", None),
            ("kube-apiserver --tls-cert-file", None),
            ("kube-apiserver --tls-cert-files=/a.pem", None),
            ("--tls-cert-file=/a.pem", None),
        ] {
            assert_eq!(value(line).as_deref(), found, "{line}");
        }
    }

    #[test]
    fn a_relative_file_lies_below_the_root() {
        let arguments = Arguments::new(vec!["kube-apiserver".into(), "--tls-cert-file=etc/a.pem".into()]);

        assert_eq!(arguments.file("tls-cert-file"), Some("/etc/a.pem".into()));
    }
}
