//! What became of the probes of a lane over time, in no more cells than a screen can show.

use std::time::Duration;

use super::Seen;

/// Finer than this no screen shows it.
const MOST: usize = 1_024;

/// What became of the probes that were to leave in one span of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// None left in it.
    Nothing,
    Answered,
    Mixed,
    Failed,
}

/// Cells of whole intervals, so that each holds as many probes as the next; they grow twice as wide where there are too many.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Timeline {
    width: Duration,
    cells: Vec<Fate>,
}

impl Fate {
    pub(super) fn of(seen: &Seen) -> Self {
        match seen {
            Seen::Answered => Self::Answered,
            Seen::Failed(_) => Self::Failed,
            Seen::Unsent => Self::Nothing,
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, fate) | (fate, Self::Nothing) => fate,
            (one, other) if one == other => one,
            _ => Self::Mixed,
        }
    }
}

impl Timeline {
    pub(super) fn new(interval: Duration) -> Self {
        Self { width: interval.max(Duration::from_millis(1)), cells: vec![] }
    }

    /// Adds what became of a moment to what is there.
    pub fn take(&mut self, at: Duration, fate: Fate) {
        let cell = self.reach(at);
        self.cells[cell] = self.cells[cell].with(fate);
    }

    /// The time that a cell stands for.
    pub fn width(&self) -> Duration {
        self.width
    }

    pub fn cells(&self) -> &[Fate] {
        &self.cells
    }

    /// The cell of a moment; it is there afterwards.
    pub fn reach(&mut self, at: Duration) -> usize {
        while self.number(at) >= MOST {
            self.cells = self
                .cells
                .chunks(2)
                .map(|pair| pair.iter().copied().fold(Fate::Nothing, Fate::with))
                .collect();
            self.width *= 2;
        }
        let cell = self.number(at);
        self.cells.resize(self.cells.len().max(cell + 1), Fate::Nothing);
        cell
    }

    pub fn fill(&mut self, (from, to): (Duration, Duration), fate: Fate) {
        let last = self.reach(to);
        let first = self.number(from).min(last);
        self.cells[first..=last].fill(fate);
    }

    fn number(&self, at: Duration) -> usize {
        usize::try_from(at.as_nanos() / self.width.as_nanos()).unwrap_or(usize::MAX)
    }
}
