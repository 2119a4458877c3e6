//! Patterns of files, as `include` takes them.

/// Whether a path fits; `*` and `?` stand for no `/`, and for no dot that a name begins with.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let (patterns, names): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    patterns.len() == names.len()
        && patterns.iter().zip(&names).all(|(pattern, name)| {
            let is_hidden = name.starts_with('.') && !pattern.starts_with('.');
            let (pattern, name): (Vec<_>, Vec<_>) = (pattern.chars().collect(), name.chars().collect());
            !is_hidden && name_fits(&pattern, &name)
        })
}

/// Goes back to the last `*` where it cannot go on, so that no pattern takes long.
fn name_fits(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        let step = pattern.get(p).and_then(|c| match c {
            '*' => None,
            '[' => set(&pattern[p..], name[n]),
            '?' => Some(1),
            c => (*c == name[n]).then_some(1),
        });
        match (step, star) {
            (Some(step), _) => (p, n) = (p + step, n + 1),
            (None, _) if pattern.get(p) == Some(&'*') => {
                star = Some((p, n));
                p += 1;
            }
            (None, Some((at, from))) => {
                star = Some((at, from + 1));
                (p, n) = (at + 1, from + 1);
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// How long the set is that begins here, where the character is in it.
fn set(pattern: &[char], c: char) -> Option<usize> {
    let end = pattern.iter().skip(2).position(|c| *c == ']')? + 2;
    let inner = &pattern[1..end];
    let (is_not, inner) = match inner.first() {
        Some('!' | '^') => (true, &inner[1..]),
        _ => (false, inner),
    };
    let is_in = inner.contains(&c)
        || inner.windows(3).any(|range| range[1] == '-' && (range[0]..=range[2]).contains(&c));
    (is_in != is_not).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_the_shell_s_do() {
        for (pattern, path, is_fit) in [
            ("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/lb.conf", true),
            ("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/lb.stream", false),
            ("/etc/nginx/*", "/etc/nginx/conf.d/lb.conf", false),
            ("sites-enabled/*", "sites-enabled/default", true),
            ("sites-enabled/*", "sites-enabled/.hidden", false),
            ("a?c", "abc", true),
            ("a[x-z]c", "ayc", true),
            ("a[!x-z]c", "ayc", false),
            ("*a*b", "xxaxxb", true),
            ("*a*b", "xxaxxc", false),
            ("nginx.conf", "nginx.conf", true),
        ] {
            assert_eq!(fits(pattern, path), is_fit, "{pattern} {path}");
        }
    }
}
