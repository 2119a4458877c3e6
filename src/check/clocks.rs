//! The clocks of the nodes, held against each other.

use std::ops::RangeInclusive;

use crate::report::{Code, Finding};

/// More than a network's delay and a whole second can make of clocks that agree.
const APART: i64 = 5;

/// A node, and by how many seconds its clock is ahead of some one clock: somewhere in between.
pub type Clock<'a> = (&'a str, &'a RangeInclusive<i64>);

/// The two nodes whose clocks are surely farthest apart, where that is too far.
pub fn clocks(clocks: &[Clock<'_>]) -> Option<Finding> {
    let (fast, first) = clocks.iter().max_by_key(|(_, ahead)| ahead.start())?;
    let (slow, last) = clocks.iter().min_by_key(|(_, ahead)| ahead.end())?;
    let apart = first.start() - last.end();
    (apart > APART).then(|| {
        let message = format!(
            "the clock of {slow} is {apart} s or more behind that of {fast}: what {fast} signs is not valid yet for {slow}"
        );
        Finding::new(Code::ClocksApart, "nodes", message)
            .remedy("let them follow one source of time: `sudo timedatectl set-ntp true` on each; `chronyc tracking`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_told_apart_where_no_delay_explains_it() {
        for (ahead, told) in [
            ([-1..=1, -1..=1, 0..=2], None),
            ([-40..=-38, -1..=1, 3..=4], Some("41 s or more behind")),
            ([-4..=-2, -1..=1, 3..=4], None),
            ([-3..=40, -1..=1, 0..=1], None),
            ([0..=1, 7..=9, 2..=2], Some("6 s or more behind")),
        ] {
            let names = ["cp1", "cp2", "cp3"];
            let all: Vec<_> = names.into_iter().zip(&ahead).collect();

            let found = clocks(&all);

            assert_eq!(found.is_some(), told.is_some(), "{ahead:?}");
            assert!(
                found.is_none_or(|found| told.is_some_and(|told| found.message.contains(told))),
                "{ahead:?}"
            );
        }
        assert_eq!(clocks(&[]), None);
    }
}
