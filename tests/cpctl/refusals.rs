//! What cpctl refuses before it changes anything: each with the name, the reason and the next command, and nothing touched.

use super::harness::Ran;

mod nodes;
mod rehearsed;

const LOCK: &str = "/var/lib/cpctl/lock";

/// Demands exit code 2, nothing on standard output, and these words for people.
fn refused(ran: Ran, says: &[&str]) -> Ran {
    let ran = ran.exits(2);
    assert_eq!(ran.stdout, "", "{}", ran.shown());
    for words in says {
        assert!(ran.stderr.contains(words), "`{words}` is not said:\n{}", ran.shown());
    }
    ran
}

fn with<'a>(verb: &[&'a str], flags: &[&'a str]) -> Vec<&'a str> {
    [verb, flags].concat()
}
