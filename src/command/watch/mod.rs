//! `cpctl watch`.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use self::{lanes::Site, marks::Marks};
use crate::{
    apply::Interrupt,
    cli::{Common, Watch},
    command::shared::papers::{self, Asked},
    error::Error,
    operator::{Operator, Sight, interrupt},
    outcome::{Form, Outcome, Watched},
    watch::{Event, Follower, Mark, Prober, Recording, prediction},
    world::World,
};

pub mod behind;
mod lanes;
mod marks;
mod predicted;

/// How often it is looked whether somebody typed something or wants it to end.
const LOOK: Duration = Duration::from_millis(20);
/// How often it is told how things stand.
const TELL: Duration = Duration::from_millis(250);

pub fn run(
    args: &Watch,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let predicted = predicted::read(args, common, world)?;
    let papers = papers::opened(&asked(args))?;
    let site = Site::find(args, common, world)?;
    let course = site.course(args.interval, world)?;
    let marks = Marks::typed();
    let interrupt = interrupt::acknowledged(operator)?;
    let (lanes, backends) = (course.lanes(), site.names(world));

    let prober = Prober::start(course).map_err(Error::Start)?;
    let mut recording = Recording::new(lanes, args.interval, (world.now)());
    recording.backends = backends;
    let mut vigil =
        Vigil { args, operator, follower: Follower::new(&recording.lanes, args.interval), recording };
    if let Some(text) = &args.mark {
        vigil.mark(Mark { at: Duration::ZERO, text: text.clone() });
    }
    vigil.keep(&prober, &marks, &interrupt);
    for event in prober.stop() {
        vigil.heed(event);
    }
    let mut recording = vigil.recording;
    if recording.has_strangers() {
        recording.backends.extend(site.names(world));
    }
    let allowed = args.max_outage.or_else(|| prediction::allowed(&predicted, args.interval));
    let (summary, max_outage) = (recording.summary(), allowed.unwrap_or_default());
    Ok(Outcome::Watched(Watched { recording, summary, max_outage, predicted, papers }))
}

/// The files beside what is printed.
fn asked(args: &Watch) -> Vec<Asked<Form>> {
    let of = |form, flag: &str, path: &Option<PathBuf>, example| {
        Some(Asked { form, flag: flag.to_owned(), path: path.clone()?, example })
    };
    let junit = of(Form::Junit, "--junit ", &args.junit, "watch.xml");
    junit.into_iter().chain(of(Form::Html, "--html ", &args.html, "watch.html")).collect()
}

/// What is seen from the first probe to the last.
struct Vigil<'a> {
    args: &'a Watch,
    operator: &'a mut dyn Operator,
    follower: Follower,
    recording: Recording,
}

impl Vigil<'_> {
    fn keep(&mut self, prober: &Prober, marks: &Marks, interrupt: &Interrupt) {
        let mut told = Instant::now();
        while !interrupt.is_raised() && !self.is_over(prober.elapsed()) {
            if let Some(event) = prober.next(LOOK) {
                self.heed(event);
            }
            for text in marks.untold() {
                self.mark(Mark { at: prober.elapsed(), text });
            }
            if told.elapsed() >= TELL {
                told = Instant::now();
                self.operator.watched(Sight::Standing(&self.follower), &self.recording);
            }
        }
        self.recording.lasted = self.recording.lasted.max(prober.elapsed());
    }

    fn is_over(&self, now: Duration) -> bool {
        self.args.lasts.is_some_and(|lasts| now >= lasts)
            || self.args.until_stable.is_some_and(|long| self.follower.is_stable(long, now))
    }

    fn heed(&mut self, event: Event) {
        if let Event::Probed(record) = &event {
            self.operator.watched(Sight::Probed(record), &self.recording);
        }
        if let Some(turn) = self.follower.heed(&event) {
            self.operator.watched(Sight::Turned(&turn), &self.recording);
        }
        self.recording.take(event);
    }

    fn mark(&mut self, mark: Mark) {
        self.operator.watched(Sight::Marked(&mark), &self.recording);
        self.recording.marks.push(mark);
    }
}
