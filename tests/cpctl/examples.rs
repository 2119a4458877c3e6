//! The examples that a distribution ships with its balancers: none is of API servers, and none is judged.

use cpctl::{
    balancer::lint::{Facts, Source, lint},
    report::Code,
};
use jiff::civil::date;

use super::programs::{Network, Programs};

const PRINT: &str = "find /usr/share/doc/keepalived/samples /etc/nginx /etc/haproxy -type f ! -name '*.gz' | sort | while read -r \
                     file; do echo \"=== $file\"; cat \"$file\"; done";

fn sources(printed: &str) -> Vec<Source> {
    let files = printed.split("=== /").skip(1).filter_map(|file| file.split_once('\n'));
    let of = |(name, text): (&str, &str)| Source {
        name: format!("/{name}"),
        text: text.to_owned(),
        mode: None,
        kind: None,
    };
    files.map(of).collect()
}

#[test]
fn nothing_is_judged_in_the_examples_of_a_distribution() {
    let Some(programs) = Programs::of_the_lab("what Debian ships with its balancers") else { return };
    let facts = Facts { plane: None, today: date(2026, 11, 21) };

    let examples = sources(&programs.run(Network::Shared, &["sh", "-c", PRINT]).exits(0).stdout);

    assert!(examples.len() > 20, "{}", examples.len());
    for example in &examples {
        let judged = lint(std::slice::from_ref(example), &facts);
        let is_silent = |code| matches!(code, Code::NotJudged | Code::KindUnknown);
        assert!(judged.findings.iter().all(|finding| is_silent(finding.code)), "{:?}", judged.findings);
        assert!(judged.files.iter().all(|file| file.pools.is_empty()), "{:?}", judged.files);
    }
}
