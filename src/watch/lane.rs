//! One probe of each kind, from the moment it leaves.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::{Break, Event, LeftOut, Record, Seen};
use crate::api::{Dialer, Held, Line, Miss};

/// Everybody whom the API knows may ask this.
const READY: &str = "/readyz";
/// Of an object that is never there, so nothing is ever told.
const NEWS: &str =
    "/api/v1/namespaces/default/configmaps?watch=true&fieldSelector=metadata.name%3Dcpctl-watch";

/// Who answered, and what became of the probe.
type Told = (Result<(), Miss>, Option<Arc<str>>);

/// Asks on a connection of its own.
pub(super) async fn ask_anew(dialer: &Dialer, deadline: Instant) -> Told {
    match dialer.dial(deadline).await {
        Ok(mut line) => (line.ask(READY, deadline).await, Some(line.fingerprint)),
        Err(miss) => (Err(miss), None),
    }
}

/// The one connection that probes take turns on, or share where they can.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Line>>);

impl Kept {
    /// Asks on the connection that is there; where there is none, or one that is taken, on a new one.
    pub(super) async fn ask(&self, dialer: &Dialer, deadline: Instant) -> Told {
        let mut line = match self.take() {
            Some(line) => line,
            None => match dialer.dial(deadline).await {
                Ok(line) => {
                    self.share(&line);
                    line
                }
                Err(miss) => return (Err(miss), None),
            },
        };
        let answer = line.ask(READY, deadline).await;
        let fingerprint = line.fingerprint.clone();
        if answer.is_ok() || matches!(answer, Err(Miss::Status(_))) {
            self.put_back(line);
        }
        (answer, Some(fingerprint))
    }

    fn take(&self) -> Option<Line> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = kept.take().filter(Line::is_open)?;
        let shared = line.shared();
        match shared {
            Some(shared) => {
                *kept = Some(line);
                Some(shared)
            }
            None => Some(line),
        }
    }

    fn share(&self, line: &Line) {
        if let Some(shared) = line.shared() {
            self.put_back(shared);
        }
    }

    fn put_back(&self, line: Line) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.as_ref().is_some_and(Line::is_open) {
            *kept = Some(line);
        }
    }
}

/// Waits for news that never come: each end is told, and each try to wait again.
pub(super) struct Idle {
    pub lane: usize,
    pub dialer: Dialer,
    pub interval: Duration,
    pub within: Duration,
    pub begun: Instant,
    pub events: mpsc::Sender<Event>,
}

impl Idle {
    /// Goes on until nobody listens any more, or the server does not allow it.
    pub(super) async fn wait(self) {
        loop {
            let begun = Instant::now();
            let tried = self.open(begun + self.within).await;
            if let Err(miss @ Miss::Status(401 | 403 | 404)) = &tried.0 {
                // Nobody may be left to be told.
                let _ = self.events.send(Event::LeftOut(LeftOut { lane: self.lane, miss: miss.clone() }));
                return;
            }
            let (held, backend) = tried;
            let (held, seen) = match held {
                Ok(held) => (Some(held), Seen::Answered),
                Err(miss) => (None, Seen::Failed(miss)),
            };
            let scheduled = begun - self.begun;
            let end = self.begun.elapsed();
            let record = Record { lane: self.lane, scheduled, start: scheduled, end, seen, backend };
            if self.events.send(Event::Probed(record)).is_err() {
                return;
            }
            match held {
                Some(held) => {
                    held.ended().await;
                    let at = self.begun.elapsed();
                    let _ = self.events.send(Event::Broke(Break { lane: self.lane, at }));
                }
                None => sleep_until(begun + self.interval).await,
            }
        }
    }

    async fn open(&self, deadline: Instant) -> (Result<Held, Miss>, Option<Arc<str>>) {
        match self.dialer.dial(deadline).await {
            Ok(line) => {
                let fingerprint = line.fingerprint.clone();
                (line.hold(NEWS, deadline).await, Some(fingerprint))
            }
            Err(miss) => (Err(miss), None),
        }
    }
}
