//! The names that a server's configuration asks for, read as K3s reads them.
//!
//! <https://docs.k3s.io/installation/configuration>, `pkg/configfilearg` in k3s-io/k3s.

use crate::edit::{
    EditError,
    yaml::{Node, Tree},
};

const KEY: &str = "tls-san";

/// The drop-in that adds names, unless others sort after it.
pub(super) const DROP_IN: &str = "99-cpctl.yaml";

/// The longest name that a file can have.
const LONGEST: usize = 255;

/// One file of a server's configuration.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// How a value with commas is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Commas {
    Separate,
    /// Before 1.25.10, 1.26.5 and 1.27.2 all of it is one name.
    Kept,
}

/// A file that K3s itself could not read, or whose names could not be told.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("cannot read {file}")]
pub struct Unreadable {
    pub file: String,
    pub source: EditError,
}

impl Unreadable {
    /// A file whose bytes are no text.
    pub fn no_text(file: String) -> Self {
        Self { file, source: EditError::Unsupported("it is not a text in UTF-8".into()) }
    }
}

/// A value that is given once: the last that any file says; `None` where a file cannot be read.
pub fn option(files: &[Source<'_>], key: &str) -> Option<String> {
    let mut last = None;
    for Source { text, .. } in files {
        let tree = Tree::parse(text).ok()?;
        let said = tree.first().and_then(|root| root.get(key)).filter(|value| !value.is_null());
        last = said.and_then(|value| value.scalar().map(ToString::to_string)).or(last);
    }
    last
}

/// The names of a server: those of its files in K3s' order, then those of its `--tls-san` flags.
///
/// In the order of the files a plain key sets the names anew, and one with a plus sign adds to them, within a file too.
pub fn tls_sans(files: &[Source<'_>], flags: &[&str], commas: Commas) -> Result<Vec<String>, Unreadable> {
    let mut values = vec![];
    for said in said(files)? {
        match said {
            Said::Anew(names) => values = names,
            Said::Added(names) => values.extend(names),
        }
    }
    values.extend(flags.iter().map(|flag| (*flag).to_owned()));
    let split = |value: String| match commas {
        Commas::Separate => value.split(',').map(str::to_owned).collect(),
        Commas::Kept => vec![value],
    };
    Ok(values.into_iter().flat_map(split).filter(|value| !value.is_empty()).collect())
}

/// What one key says of the names.
pub(super) enum Said {
    Anew(Vec<String>),
    /// With a plus sign.
    Added(Vec<String>),
}

/// What all keys say, in their order.
pub(super) fn said(files: &[Source<'_>]) -> Result<Vec<Said>, Unreadable> {
    let mut all = vec![];
    for Source { file, text } in files {
        let unreadable = |source| Unreadable { file: (*file).to_owned(), source };
        let tree = Tree::parse(text).map_err(unreadable)?;
        for (key, value) in tree.first().iter().flat_map(|root| root.entries()) {
            match key.scalar().map(AsRef::as_ref).and_then(|key: &str| key.strip_prefix(KEY)) {
                Some("") => all.push(Said::Anew(listed(value).map_err(unreadable)?)),
                Some("+") => all.push(Said::Added(listed(value).map_err(unreadable)?)),
                _ => {}
            }
        }
    }
    Ok(all)
}

/// The names of one value: those of a list, or one.
fn listed(value: Node<'_, '_>) -> Result<Vec<String>, EditError> {
    let text = |value: Node<'_, '_>| {
        let line = value.line();
        let told = value.scalar().map(ToString::to_string);
        told.ok_or_else(|| EditError::Unsupported(format!("line {line}: `{KEY}` holds more than names")))
    };
    if value.is_null() {
        return Ok(vec![]);
    }
    if value.is_list() {
        return value.items().filter(|item| !item.is_null()).map(text).collect();
    }
    text(value).map(|one| vec![one])
}

/// The names of a drop-in directory that K3s reads, in its order; hidden ones count, and endings in any case.
pub fn in_order<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let is_read = |name: &&str| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        matches!(ending.as_deref(), Some("yaml" | "yml"))
    };
    let mut read: Vec<_> = names.into_iter().filter(is_read).collect();
    read.sort_unstable();
    read
}

/// A name for a drop-in that is read after all that are there, so that no plain key of theirs can wipe it; `None` where
/// it would be too long.
pub fn drop_in_after<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let read = in_order(names);
    let Some(last) = read.last().filter(|last| **last >= DROP_IN) else { return Some(DROP_IN.into()) };
    let stem = last.rsplit_once('.').map_or(*last, |(stem, _)| stem);
    // An underscore sorts after the dot of the ending.
    let name = format!("{stem}_cpctl.yaml");
    (name.len() <= LONGEST).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sans(files: &[&str], flags: &[&str]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|text| Source { file: "config.yaml", text }).collect();
        tls_sans(&files, flags, Commas::Separate).unwrap()
    }

    #[test]
    fn every_shape_of_one_file_is_read() {
        for (text, names) in [
            ("", vec![]),
            ("# nothing\n", vec![]),
            ("token: x\n", vec![]),
            ("tls-san:\n", vec![]),
            ("tls-san: vip.example.com\n", vec!["vip.example.com"]),
            ("tls-san: [a, 10.0.0.9]\n", vec!["a", "10.0.0.9"]),
            ("tls-san:\r\n  - a # why\r\n  - 'b'\r\n", vec!["a", "b"]),
            ("tls-san: \"a,10.0.0.9\"\n", vec!["a", "10.0.0.9"]),
            ("tls-san:\n- a,b\n- c\n", vec!["a", "b", "c"]),
            ("\"tls-san\": a\n", vec!["a"]),
            ("tls-san+: [more]\n", vec!["more"]),
            ("tls-san: a\ntls-san+: b\n", vec!["a", "b"]),
            ("tls-san+: b\ntls-san: a\n", vec!["a"]),
            ("tls-san: a\ntls-san: b\n", vec!["b"]),
            ("x: &x [a]\ntls-san: *x\n", vec!["a"]),
            ("tls-san-security: true\n", vec![]),
            ("{\"tls-san\": [\"a\"]}", vec!["a"]),
        ] {
            assert_eq!(sans(&[text], &[]), names, "{text}");
        }
    }

    #[test]
    fn a_later_plain_key_wipes_and_one_with_a_plus_sign_adds() {
        for (files, names) in [
            (vec!["tls-san: a\n", "tls-san: b\n"], vec!["b"]),
            (vec!["tls-san: a\n", "tls-san+: b\n"], vec!["a", "b"]),
            (vec!["tls-san: [a, b]\n", "tls-san+: [c]\n", "tls-san+: d\n"], vec!["a", "b", "c", "d"]),
            (vec!["tls-san: a\n", "tls-san+: b\n", "tls-san: c\n"], vec!["c"]),
            (vec!["token: x\n", "tls-san+: b\n"], vec!["b"]),
            (vec!["tls-san: a\n", "tls-san:\n"], vec![]),
            (vec!["tls-san:\n", "tls-san+: b\n"], vec!["b"]),
        ] {
            assert_eq!(sans(&files, &[]), names, "{files:?}");
        }
    }

    #[test]
    fn flags_come_on_top() {
        assert_eq!(sans(&["tls-san: a\n"], &["b", "c,d"]), ["a", "b", "c", "d"]);
        assert_eq!(sans(&[], &["b"]), ["b"]);
    }

    #[test]
    fn old_versions_take_commas_for_a_part_of_the_name() {
        let file = Source { file: "config.yaml", text: "tls-san: a,b\n" };

        assert_eq!(tls_sans(&[file], &[], Commas::Kept).unwrap(), ["a,b"]);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        for text in ["tls-san: [a\n", "tls-san:\n\t- a\n", "tls-san: {a: b}\n", "tls-san: [[a]]\n"] {
            let files = [Source { file: "a.yaml", text: "a: 1\n" }, Source { file: "b.yaml", text }];

            let error = tls_sans(&files, &[], Commas::Separate).unwrap_err();

            assert_eq!(error.to_string(), "cannot read b.yaml", "{text}");
        }
    }

    #[test]
    fn drop_ins_are_read_in_the_order_of_their_bytes() {
        let names =
            ["b.yml", "10-X.YAML", ".hidden.yaml", "a.yaml.bak", "yaml", "B.Yml", "a.json", "90-z.yaml"];

        assert_eq!(in_order(names), [".hidden.yaml", "10-X.YAML", "90-z.yaml", "B.Yml", "b.yml"]);
    }

    #[test]
    fn a_new_drop_in_is_read_after_all_others() {
        for (names, name) in [
            (vec![], "99-cpctl.yaml"),
            (vec!["50-rancher.yaml", ".z.yaml", "zz.bak"], "99-cpctl.yaml"),
            (vec!["99-cpctl.yaml"], "99-cpctl_cpctl.yaml"),
            (vec!["90-z.yaml", "zz-local.yml"], "zz-local_cpctl.yaml"),
            (vec!["zz-local.yml", "zz-local.yaml"], "zz-local_cpctl.yaml"),
            (vec!["zz.YAML", "ZZ.yaml"], "zz_cpctl.yaml"),
            (vec!["ключ.yaml"], "ключ_cpctl.yaml"),
        ] {
            let found = drop_in_after(names.clone()).unwrap();
            let all: Vec<_> = names.into_iter().chain([found.as_str()]).collect();

            assert_eq!(found, name);
            assert_eq!(in_order(all).last(), Some(&name));
        }
        assert_eq!(drop_in_after([format!("{}.yaml", "z".repeat(250)).as_str()]), None);
    }
}
