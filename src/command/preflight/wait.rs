//! Looking again until nothing fails any more, for a cluster that is still coming up.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{error::Error, inventory, operator::Operator, outcome::Preflight, report::Finding};

/// From the end of one look to the beginning of the next, at most.
const PAUSE: Duration = Duration::from_secs(5);
/// As often it is looked where less time is given than that many pauses take, unless they would be too short.
const LOOKS: u32 = 20;
/// A look logs in to every machine, so none follows another sooner.
const PAUSE_AT_LEAST: Duration = Duration::from_millis(500);
/// So many findings are named while it is waited.
const NAMED: usize = 3;

/// What the last look came to; `rests` waits for the next, or says no when the time is over.
pub(super) fn until_passed(
    look: impl Fn() -> Result<Preflight, Error>,
    mut rests: impl FnMut(&str) -> bool,
) -> Result<Preflight, Error> {
    loop {
        let result = look();
        let missing = match &result {
            Ok(preflight) if preflight.is_failed() => missing(preflight),
            Err(error) if may_pass(error) => error.to_string(),
            _ => return result,
        };
        if !rests(&missing) {
            return result;
        }
    }
}

/// Tells what is missing, and waits; the last look is made when the time is over.
pub(super) fn rests(within: Duration, operator: &mut dyn Operator) -> impl FnMut(&str) -> bool {
    let begun = Instant::now();
    move |missing| {
        let Some(left) = within.checked_sub(begun.elapsed()) else { return false };
        operator.note(&format!("not yet: {missing}; looking again for up to {} s", left.as_secs()));
        thread::sleep(pause(within, left));
        true
    }
}

fn pause(within: Duration, left: Duration) -> Duration {
    (within / LOOKS).clamp(PAUSE_AT_LEAST, PAUSE).min(left)
}

/// Whether it may be another error, or none, in a while.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Api(_) | Error::Node(_) | Error::Nodes(_) => true,
        Error::Inventory(error) => matches!(
            error,
            inventory::Error::Api(_)
                | inventory::Error::NoServer { .. }
                | inventory::Error::DeadServer { .. }
        ),
        _ => false,
    }
}

fn missing(preflight: &Preflight) -> String {
    let counting: Vec<&Finding> =
        preflight.findings().filter(|finding| preflight.counts(finding.code.severity())).collect();
    let named = counting.iter().take(NAMED);
    let named: Vec<_> = named.map(|finding| format!("{} {}", finding.subject, finding.code.id())).collect();
    let more = counting.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use jiff::Timestamp;

    use super::*;
    use crate::report::{Code, Severity, checked};

    fn preflight(findings: &[Finding]) -> Preflight {
        let rows = checked(&[], findings);
        let fail_on = Some(Severity::Fail);
        Preflight {
            to: None,
            rows,
            nodes: vec![],
            filed: vec![],
            now: Timestamp::UNIX_EPOCH,
            fail_on,
            papers: vec![],
        }
    }

    fn full(node: &str) -> Finding {
        Finding::new(Code::DiskFull, node, "its disk is full")
    }

    #[test]
    fn it_looks_again_until_it_passes_and_says_what_is_missing() {
        let (looks, mut told) = (Cell::new(0), vec![]);

        let result = until_passed(
            || {
                looks.set(looks.get() + 1);
                match looks.get() {
                    1 => Err(Error::Inventory(inventory::Error::DeadServer { nodes: vec!["cp2".into()] })),
                    2 => Ok(preflight(&["cp1", "cp2", "cp3", "cp4", "cp5"].map(full))),
                    _ => Ok(preflight(&[])),
                }
            },
            |missing| {
                told.push(missing.to_owned());
                true
            },
        );

        assert!(!result.unwrap().is_failed());
        assert_eq!(
            told,
            [
                "cp2: the cluster has no API server there that answers",
                "cp1 disk-full, cp2 disk-full, cp3 disk-full and 2 more",
            ]
        );
    }

    #[test]
    fn when_the_time_is_over_the_last_look_counts() {
        let mut rests = 2;

        let result = until_passed(
            || Ok(preflight(&[full("cp1")])),
            |_| {
                rests -= 1;
                rests > 0
            },
        );

        assert!(result.unwrap().is_failed());
        assert_eq!(rests, 0);
    }

    #[test]
    fn however_little_time_there_is_machines_are_not_asked_without_a_pause() {
        for (within, left, paused) in [
            (300_000, 200_000, 5_000),
            (60_000, 60_000, 3_000),
            (1_000, 900, 500),
            (1_000, 200, 200),
            (1, 1, 1),
        ] {
            let [within, left, paused] = [within, left, paused].map(Duration::from_millis);

            assert_eq!(pause(within, left), paused, "{within:?} {left:?}");
        }
    }

    #[test]
    fn what_no_time_mends_is_told_at_once() {
        let wrong = || Err(Error::Usage { message: "no such context".into(), hint: String::new() });

        let result = until_passed(wrong, |missing| panic!("it waits for {missing}"));

        assert!(matches!(result, Err(Error::Usage { .. })));
    }
}
