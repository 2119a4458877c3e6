//! The open loop: probes leave on schedule, whatever became of those before.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use tokio::{
    runtime::Runtime,
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::Instant,
};

use super::{
    Break, Course, Kind, LeftOut, Record, Seen,
    lane::{Idle, Kept, ask_anew},
};
use crate::api::{Dialer, Miss};

/// Something that was seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    Probed(Record),
    Broke(Break),
    LeftOut(LeftOut),
}

/// Probes on their way, until this is stopped.
pub struct Prober {
    begun: Instant,
    stop: Sender<()>,
    events: Receiver<Event>,
}

impl Prober {
    /// The first probes leave at once.
    pub fn start(course: Course) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("watch")
            .enable_io()
            .enable_time()
            .build()?;
        let (stop, stopped) = mpsc::channel();
        let (told, events) = mpsc::channel();
        let begun = Instant::now();
        let schedule = Schedule::new(course, begun, told);
        thread::Builder::new().name("schedule".into()).spawn(move || schedule.keep(&runtime, &stopped))?;
        Ok(Self { begun, stop, events })
    }

    /// How long it has been at it.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The next thing seen; nothing where it takes longer than this.
    pub fn next(&self, within: Duration) -> Option<Event> {
        self.events.recv_timeout(within).ok()
    }

    /// Sends no more, waits for the answers still out, and gives what was seen meanwhile.
    pub fn stop(self) -> impl Iterator<Item = Event> {
        // Where the schedule is gone already there is nothing to stop.
        let _ = self.stop.send(());
        self.events.into_iter()
    }
}

/// What a probe needs to know.
#[derive(Clone)]
struct Probe {
    lane: usize,
    dialer: Dialer,
    /// Where the lane keeps one connection.
    kept: Option<Arc<Kept>>,
}

struct Schedule {
    probes: Vec<Probe>,
    idle: Vec<Idle>,
    interval: Duration,
    within: Duration,
    begun: Instant,
    events: Sender<Event>,
    /// How many may be out at once.
    room: Arc<Semaphore>,
}

impl Schedule {
    fn new(course: Course, begun: Instant, events: Sender<Event>) -> Self {
        let Course { ways, interval, within } = course;
        let (mut probes, mut idle) = (vec![], vec![]);
        for (lane, way) in ways.into_iter().enumerate() {
            let dialer = way.dialer;
            match way.lane.kind {
                Kind::Fresh => probes.push(Probe { lane, dialer, kept: None }),
                Kind::Reused => probes.push(Probe { lane, dialer, kept: Some(Arc::default()) }),
                Kind::Idle => {
                    idle.push(Idle { lane, dialer, interval, within, begun, events: events.clone() });
                }
            }
        }
        let room = Arc::new(Semaphore::new(Course::most_at_once()));
        Self { probes, idle, interval, within, begun, events, room }
    }

    fn keep(mut self, runtime: &Runtime, stopped: &Receiver<()>) {
        let (mut out, mut waiting) = (JoinSet::new(), JoinSet::new());
        for idle in self.idle.drain(..) {
            waiting.spawn_on(idle.wait(), runtime.handle());
        }
        for turn in 0_u32.. {
            let scheduled = self.interval.saturating_mul(turn);
            let left = scheduled.saturating_sub(self.begun.elapsed());
            if stopped.recv_timeout(left) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            for probe in &self.probes {
                self.send(probe, scheduled, &mut out, runtime);
            }
            while out.try_join_next().is_some() {}
        }
        runtime.block_on(async {
            waiting.shutdown().await;
            while out.join_next().await.is_some() {}
        });
    }

    fn send(&self, probe: &Probe, scheduled: Duration, out: &mut JoinSet<()>, runtime: &Runtime) {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            let start = self.begun.elapsed();
            let unsent =
                Record { lane: probe.lane, scheduled, start, end: start, seen: Seen::Unsent, backend: None };
            // Nobody may be left to be told.
            let _ = self.events.send(Event::Probed(unsent));
            return;
        };
        let (probe, events, begun, within) = (probe.clone(), self.events.clone(), self.begun, self.within);
        out.spawn_on(
            async move {
                let record = probe.run(scheduled, begun, within, place).await;
                let _ = events.send(Event::Probed(record));
            },
            runtime.handle(),
        );
    }
}

impl Probe {
    async fn run(
        self,
        scheduled: Duration,
        begun: Instant,
        within: Duration,
        place: OwnedSemaphorePermit,
    ) -> Record {
        let start = begun.elapsed();
        let deadline = begun + start + within;
        let (answer, backend) = match &self.kept {
            None => ask_anew(&self.dialer, deadline).await,
            Some(kept) => kept.ask(&self.dialer, deadline).await,
        };
        let end = begun.elapsed();
        drop(place);
        let seen = answer.map_or_else(|miss: Miss| Seen::Failed(miss), |()| Seen::Answered);
        Record { lane: self.lane, scheduled, start, end, seen, backend }
    }
}
