//! Text of a configuration as people may see it: with `…` in place of what only few may know.

/// Words whose next word is a secret, in any of the grammars.
const BEFORE: &[&str] = &[
    "auth_pass",
    "password",
    "insecure-password",
    "pass",
    "token:",
    "password:",
    "client-key-data:",
    "bearer",
    "Bearer",
    "--oauth2-bearer",
    "--pass",
    "--password",
    "--http-password",
    "--proxy-password",
    "--token",
];
/// What names end with whose value, after `=`, is a secret.
const NAMES: &[&str] =
    &["password", "passwd", "pass", "token", "secret", "bearer", "api_key", "apikey", "pw", "credentials"];
const HEADER: &str = "authorization";
/// What stands between a header's name and its value.
const BETWEEN: &[&str] = &["value", "basic", "bearer", "token", "digest", ":", "="];
const QUOTES: &[char] = &['"', '\''];

/// The text with `…` in place of each secret.
pub(super) fn hidden(text: &str) -> String {
    text.split_inclusive('\n').map(of_line).collect()
}

fn of_line(text: &str) -> String {
    let (mut shown, mut rest, mut before, mut in_header) = (String::new(), text, [""; 2], false);
    while let Some(start) = rest.find(|letter: char| !letter.is_whitespace()) {
        shown.push_str(&rest[..start]);
        rest = &rest[start..];
        let (word, after) = rest.split_at(end_of_word(rest));
        let is_between = in_header && BETWEEN.contains(&bare(word).as_str());
        let is_secret = (is_secret_after(before, word) || (in_header && !is_between)) && !is_variable(word);
        shown.push_str(&if is_secret { format!("…{}", closing(word)) } else { of_word(word) });
        in_header = is_between || (!is_secret && bare(word).ends_with(HEADER));
        (before, rest) = ([before[1], word], after);
    }
    shown + rest
}

/// Whether a word only names where the secret stands.
fn is_variable(word: &str) -> bool {
    let name = word.trim_matches(|letter: char| QUOTES.contains(&letter) || [',', ';'].contains(&letter));
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || ['_', '{', '}'].contains(&letter);
    name.strip_prefix('$').is_some_and(|name| name.chars().all(is_part))
}

/// The quote that a word closes and that another one opened.
fn closing(word: &str) -> &str {
    let is_own = word.starts_with(QUOTES);
    let end = word.trim_end_matches(|letter: char| QUOTES.contains(&letter) || letter == '\\');
    if is_own { "" } else { &word[end.len()..] }
}

/// Whether a word is a secret after these two; `pass` in front of a line lets packets through.
fn is_secret_after(before: [&str; 2], word: &str) -> bool {
    let is_rule = before == ["", "pass"];
    let is_user = is_user_option(before[1]) && word.contains(':');
    !is_rule && (BEFORE.contains(&before[1]) || before == ["stats", "auth"] || is_user)
}

/// `--user` and its like, and letters in a row of which `u` is the last: behind them stands `name:password`.
fn is_user_option(word: &str) -> bool {
    let word = word.trim_start_matches(QUOTES);
    let is_letters = |letters: &str| letters.chars().all(|letter| letter.is_ascii_alphabetic());
    let short = word.strip_prefix('-').filter(|letters| is_letters(letters));
    ["--user", "--proxy-user"].contains(&word) || short.is_some_and(|letters| letters.ends_with(['u', 'U']))
}

/// A word without what may stand around the name of a header.
fn bare(word: &str) -> String {
    let around = |letter: char| QUOTES.contains(&letter) || ['\\', ':', '=', ')'].contains(&letter);
    let trimmed = word.trim_matches(around);
    if trimmed.is_empty() { word.to_owned() } else { trimmed.to_lowercase() }
}

/// A word, with secrets that are part of it hidden.
fn of_word(word: &str) -> String {
    if let Some(from) = secret_in(word) {
        return format!("{}…{}", &word[..from], closing(&word[from..]));
    }
    let quote = word.find(QUOTES).filter(|at| *at == 0 || word[..*at].ends_with('='));
    match quote.filter(|at| word[at + 1..].contains(char::is_whitespace)) {
        Some(at) => format!("{}{}", &word[..=at], of_line(&word[at + 1..])),
        None => without_user(word),
    }
}

/// Where in a word a secret begins that goes on to its end.
fn secret_in(word: &str) -> Option<usize> {
    let lower = word.to_ascii_lowercase();
    let of_header = || {
        let after = lower.find(HEADER)? + HEADER.len();
        let is_said = lower[after..].contains(|letter: char| letter.is_alphanumeric());
        let is_quoted = lower.starts_with(QUOTES) && lower.contains(' ');
        (is_said && !is_quoted).then_some(after)
    };
    let of_scheme = || lower.find("bearer\\").map(|at| at + "bearer".len());
    let of_name = || {
        let mut ends = lower.match_indices('=');
        let found = ends.find(|(at, _)| NAMES.iter().any(|name| lower[..*at].ends_with(name)));
        found.map(|(at, _)| at + 1)
    };
    let of_user = || {
        let letters = lower.strip_prefix("--").map_or_else(
            || {
                let end = lower.strip_prefix('-')?.find('u')? + 2;
                lower[1..end].chars().all(|letter| letter.is_ascii_alphabetic()).then_some(end)
            },
            |long| {
                let name = ["user=", "proxy-user="].iter().find(|name| long.starts_with(**name))?;
                Some(name.len() + 2)
            },
        )?;
        lower[letters..].contains(':').then_some(letters)
    };
    of_header().or_else(of_scheme).or_else(of_name).or_else(of_user)
}

/// An address without the name and the password in front of its host.
fn without_user(word: &str) -> String {
    let user = word.split_once("://").and_then(|(scheme, rest)| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let at = rest[..end].rfind('@')?;
        Some(format!("{scheme}://…{}", &rest[at..]))
    });
    user.unwrap_or_else(|| word.to_owned())
}

/// Where a word ends, which may be quoted, as a whole or behind `=`; what a backslash stands before goes on with it.
fn end_of_word(text: &str) -> usize {
    let (mut quote, mut last, mut letters) = (None, ' ', text.char_indices());
    while let Some((at, letter)) = letters.next() {
        match quote {
            _ if letter == '\\' && quote != Some('\'') => {
                letters.next();
            }
            Some(open) if open == letter => quote = None,
            None if letter.is_whitespace() => return at,
            None if QUOTES.contains(&letter) && (at == 0 || last == '=') => quote = Some(letter),
            _ => {}
        }
        last = letter;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_shown_holds_no_secret() {
        for (text, shown) in [
            ("stats auth admin:hunter2", "stats auth …"),
            ("auth_pass  hunter2", "auth_pass  …"),
            ("user me insecure-password hunter2 # mine", "user me insecure-password … # mine"),
            ("inet 10.0.0.9 vhid 3 pass hunter2 alias", "inet 10.0.0.9 vhid 3 pass … alias"),
            ("auth_pass \"hunter 2\" # ours", "auth_pass … # ours"),
            ("auth_pass \"hunter 2", "auth_pass …"),
            (
                "http-check send meth HEAD uri /readyz hdr Authorization \"Bearer hunter2\"",
                "http-check send meth HEAD uri /readyz hdr Authorization …",
            ),
            (
                "http-check send hdr authorization Bearer\\ hunter2 meth GET",
                "http-check send hdr authorization … meth GET",
            ),
            (
                "option httpchk GET /readyz HTTP/1.1\\r\\nAuthorization:\\ Bearer\\ hunter2",
                "option httpchk GET /readyz HTTP/1.1\\r\\nAuthorization…",
            ),
            ("proxy_set_header Authorization \"Basic hunter2\";", "proxy_set_header Authorization …"),
            (
                "match request header set \"Authorization\" value \"Basic hunter2\"",
                "match request header set \"Authorization\" value …",
            ),
            (
                "curl -sf -H \"Authorization: Bearer hunter2\" https://a:6443/readyz",
                "curl -sf -H \"Authorization: Bearer …\" https://a:6443/readyz",
            ),
            (
                "curl -H 'authorization:hunter2' https://a:6443/readyz",
                "curl -H 'authorization…' https://a:6443/readyz",
            ),
            (
                "script \"/usr/bin/curl -H 'Authorization: Bearer hunter2' -f https://a\"",
                "script \"/usr/bin/curl -H 'Authorization: Bearer …' -f https://a\"",
            ),
            (
                "script \"curl -H \\\"Authorization: Bearer hunter2\\\" -f https://a\"",
                "script \"curl -H \\\"Authorization: Bearer …\\\" -f https://a\"",
            ),
            ("curl --user admin:hunter2 https://a", "curl --user … https://a"),
            ("curl --user=admin:hunter2 https://a", "curl --user=… https://a"),
            ("curl -sku admin:hunter2 https://a", "curl -sku … https://a"),
            ("curl -u'admin:hunter2' https://a", "curl -u… https://a"),
            ("curl --oauth2-bearer hunter2 https://a", "curl --oauth2-bearer … https://a"),
            ("curl https://admin:hunter2@a:6443/readyz", "curl https://…@a:6443/readyz"),
            ("wget --password='hunter 2' https://a", "wget --password=… https://a"),
            ("KUBE_TOKEN=\"hunter 2\" exec curl https://a", "KUBE_TOKEN=… exec curl https://a"),
            ("curl https://a/readyz?token=hunter2", "curl https://a/readyz?token=…"),
            ("LOOK=\"curl -u admin:hunter2 https://a\"", "LOOK=\"curl -u … https://a\""),
        ] {
            let told = hidden(text);

            assert!(!told.contains("hunter"), "{told}");
            assert_eq!(told, shown);
        }
    }

    #[test]
    fn a_text_without_a_secret_is_shown_as_it_is() {
        for text in [
            "pass in proto tcp to a round-robin",
            "  server a 10.0.0.1:6443 check\n\tmode tcp\n",
            "sudo -u keepalived_script curl -sf https://127.0.0.1:6443/readyz",
            "curl -u \"$LOGIN\" https://a",
            "http-check send meth GET uri /readyz hdr Host kubernetes",
            "# it's ours, isn't it",
            "stats auth \"$STATS_AUTH\", or a page on 127.0.0.1 alone",
            "script \"/usr/bin/curl -sf https://a\"",
        ] {
            assert_eq!(hidden(text), text);
        }
    }
}
