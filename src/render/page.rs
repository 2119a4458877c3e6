//! What every web page has: one file that loads nothing, in daylight and in the dark, on a wall and in a hand.

use std::io::{self, Write};

const STYLE: &str = "
:root{color-scheme:light dark;--page:#fbfbfa;--ink:#1c1d1f;--soft:#5d6168;--line:#d9dbdf;--track:#ececea;
--ok:#2f8f5b;--mixed:#c98a0a;--bad:#c8322b;--band:#f3cfcc;--mark:#3558c0}
@media (prefers-color-scheme:dark){:root{--page:#16181b;--ink:#e9eaec;--soft:#a0a5ad;--line:#34383e;--track:#23262b;
--ok:#4cba7f;--mixed:#e0a83a;--bad:#f0625a;--band:#57292a;--mark:#8aa5f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1rem;margin:1.75rem 0 .35rem;display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline}
h2 span,.soft{color:var(--soft);font-weight:400}
p{margin:.25rem 0}
ul,ol{margin:.35rem 0;padding-left:1.25rem}
li{overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.3rem .9rem .3rem 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600}";

/// All that stands in front of what a page says, whose title is escaped; `style` is what it has beside every other.
pub(super) fn begin(title: &str, style: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")?;
    writeln!(out, "<title>{title}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n<main>")
}

/// With a capital letter in front.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// As it may stand in HTML and XML, in an attribute too; what neither can hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push('\n'),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_html_nor_xml_is_told_as_text() {
        assert_eq!(escaped("a\u{1b}<\"&'>\n\u{0}b\u{ffff}"), "a&lt;&quot;&amp;&#39;&gt;\nb");
    }
}
