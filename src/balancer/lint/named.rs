//! Files that a file names: those that it includes, and the scripts that it runs.

use super::{Kind, Source, glob, keepalived, nginx};

/// Where packages have programs rather than scripts.
const PROGRAMS: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"];

/// What only files have that lead somewhere or name others; lists of types and the like have none of it.
const LEADING: &[&str] = &["upstream", "proxy_pass", "stream", "include"];

/// A file by its whole path, or several by a pattern in the last part of it, and what they must be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    path: String,
    pub kind: Kind,
}

/// The files on its own machine that a file names; those of patterns over several directories are left out.
pub fn named(source: &Source) -> Vec<Named> {
    let path = source.name.split_once(":/").map_or(source.name.clone(), |(_, path)| format!("/{path}"));
    let home = path.rsplit_once('/').map_or("", |(home, _)| home);
    let of = |kind, patterns: Vec<String>| patterns.into_iter().map(move |path| (kind, path));
    let (patterns, home): (Vec<_>, _) = match source.kind() {
        Some(Kind::Nginx) => (of(Kind::Nginx, nginx::included(source)).collect(), nginx::home(&path)),
        Some(Kind::Keepalived) => {
            let scripts = of(Kind::Script, keepalived::scripts(source));
            (of(Kind::Keepalived, keepalived::included(source)).chain(scripts).collect(), home)
        }
        _ => return vec![],
    };
    let whole = patterns.into_iter().map(|(kind, path)| {
        let path = if path.starts_with('/') { path } else { format!("{home}/{path}") };
        Named { path, kind }
    });
    whole.filter(Named::may_be_text).collect()
}

impl Named {
    fn may_be_text(&self) -> bool {
        let is_program = PROGRAMS.iter().any(|programs| self.path.starts_with(programs));
        !is_program && !self.path.contains("modules") && !self.directory().contains(['*', '?', '['])
    }

    pub fn directory(&self) -> &str {
        self.path.rsplit_once('/').map_or("/", |(directory, _)| directory)
    }

    /// Whether a file of such a text could matter.
    pub fn matters(&self, text: &str) -> bool {
        self.kind != Kind::Nginx || LEADING.iter().any(|word| text.contains(word))
    }

    pub fn means(&self, path: &str) -> bool {
        glob::fits(&self.path, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_and_scripts_are_named_and_programs_are_not() {
        let nginx = "include modules-enabled/*.conf;\nevents {}\nstream { include stream.d/*.conf; }\n";
        let keepalived = "include conf.d/*.conf\nvrrp_script a {\n script \"/usr/bin/curl -f x\"\n}\nvrrp_script b {\n \
                          script \"/usr/local/sbin/b.sh now\"\n}\n";
        let of = |name: &str, text: &str| {
            let named = named(&Source { name: name.into(), text: text.into(), mode: None, kind: None });
            named.into_iter().map(|one| (one.kind, one.path)).collect::<Vec<_>>()
        };
        let one = |kind, path: &str| (kind, path.to_owned());

        assert_eq!(
            of("lb1:/etc/nginx/stream.d/x.conf", nginx),
            [one(Kind::Nginx, "/etc/nginx/stream.d/*.conf")]
        );
        assert_eq!(
            of("lb1:/etc/keepalived/keepalived.conf", keepalived),
            [
                one(Kind::Keepalived, "/etc/keepalived/conf.d/*.conf"),
                one(Kind::Script, "/usr/local/sbin/b.sh")
            ]
        );
        assert_eq!(of("lb1:/etc/haproxy/haproxy.cfg", "global\n"), []);
    }
}
