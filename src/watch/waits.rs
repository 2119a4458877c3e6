//! A watch that waits for news: when it ended, and how long it took until there was another one.

use std::time::Duration;

use super::{Outage, Record, Seen, summary::Interruption};
use crate::api::Miss;

/// Nobody reads more ends of one lane.
pub(super) const MOST: usize = 1_000;

/// The ends of one lane, and what came of each.
#[derive(Clone, Debug)]
pub(super) struct Waits {
    most: usize,
    /// Where the first try failed: nothing ended, and nothing was there either.
    at_first: Option<Wait>,
    has_tried: bool,
    ends: Vec<Wait>,
    /// How many ends are not kept.
    pub more: u32,
}

/// An end, and the tries after it.
#[derive(Clone, Debug)]
struct Wait {
    at: Duration,
    back_after: Option<Duration>,
    failed: u64,
    first: Option<Miss>,
}

impl Waits {
    /// As many ends are kept, at most, of those after which it is there again.
    pub fn new(most: usize) -> Self {
        Self { most, at_first: None, has_tried: false, ends: vec![], more: 0 }
    }

    /// A try, in the order of time.
    pub fn tried(&mut self, record: &Record) {
        if !std::mem::replace(&mut self.has_tried, true) && record.seen != Seen::Answered {
            self.at_first = Some(Wait::at(record.scheduled));
        }
        let ends = self.ends.iter_mut().rev().take_while(|wait| wait.back_after.is_none());
        let open = self.at_first.iter_mut().filter(|wait| wait.back_after.is_none());
        ends.chain(open).filter(|wait| record.scheduled >= wait.at).for_each(|wait| wait.tried(record));
        if self.ends.len() > self.most {
            self.forget_one();
        }
    }

    pub fn ended(&mut self, at: Duration) {
        self.ends.push(Wait::at(at));
    }

    /// The end that mattered least is counted and no more: one without a failed try is no outage, so it goes first,
    /// however long it took.
    fn forget_one(&mut self) {
        let waits = self.ends.iter().enumerate();
        let over = waits.filter_map(|(index, wait)| Some((wait.failed > 0, wait.back_after?, index)));
        if let Some((.., index)) = over.min() {
            self.ends.remove(index);
            self.more = self.more.saturating_add(1);
        }
    }

    pub fn interruptions(&self) -> Vec<Interruption> {
        let one =
            |wait: &Wait| Interruption { at: wait.at, back_after: wait.back_after, failed: wait.failed };
        self.ends.iter().map(one).collect()
    }

    /// A stream that ends and is there again with the next try is none.
    pub fn outages(&self, lasted: Duration) -> Vec<Outage> {
        let all = self.at_first.iter().chain(&self.ends);
        all.filter_map(|wait| wait.outage(lasted)).collect()
    }
}

impl Wait {
    fn at(at: Duration) -> Self {
        Self { at, back_after: None, failed: 0, first: None }
    }

    fn tried(&mut self, record: &Record) {
        match &record.seen {
            Seen::Answered => self.back_after = Some(record.end.saturating_sub(self.at)),
            Seen::Failed(miss) => {
                self.failed += 1;
                self.first.get_or_insert_with(|| miss.clone());
            }
            Seen::Unsent => {}
        }
    }

    fn outage(&self, lasted: Duration) -> Option<Outage> {
        let length = self.back_after.unwrap_or(lasted.saturating_sub(self.at));
        Some(Outage {
            from: self.at,
            to: self.at + length,
            failed: self.failed,
            flaps: 0,
            longest_gap: length,
            first: Some(self.first.clone()?),
            is_over: self.back_after.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::tests::{ms, probe};

    #[test]
    fn of_more_ends_than_are_kept_the_outages_stay_and_then_the_longest() {
        let mut waits = Waits::new(2);
        waits.tried(&probe(0, 10, Seen::Answered));
        for (at, failed, back) in
            [(1_000, false, 50), (2_000, true, 20), (3_000, false, 400), (4_000, false, 90)]
        {
            waits.ended(ms(at));
            if failed {
                waits.tried(&probe(at, at + 1, Seen::Failed(Miss::Refused)));
            }
            waits.tried(&probe(at, at + back, Seen::Answered));
        }

        let kept: Vec<_> = waits.interruptions().iter().map(|one| (one.at, one.failed)).collect();
        assert_eq!((kept, waits.more), (vec![(ms(2_000), 1), (ms(3_000), 0)], 2));
        assert_eq!(waits.outages(ms(5_000)).len(), 1);
    }
}
