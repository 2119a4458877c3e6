//! A machine behind a shell: batches of questions and deeds go there as one script and come back in frames.

use std::{io, path::Path, time::Duration};

use super::{
    Act, Answer, Ask, Done, Error, Node, NodeMut, Output, Reached, Stream, Talk,
    command::quote,
    sudo::{self, Privilege},
    transport::{Transport, nonce},
};

pub(super) mod act;
mod ask;
mod frame;
#[cfg(test)]
mod tests;
mod words;

use frame::{Frame, Unreadable};

const FRAME: &str = include_str!("frame.sh");
const LOOK: &str = include_str!("look.sh");
const RUNNING: &str = include_str!("running.sh");
const ACT: &str = include_str!("act.sh");
const COPY: &str = include_str!("copy.sh");
const CREATE: &str = include_str!("create.sh");
const UNIT: &str = include_str!("unit.sh");
const BALANCER: &str = include_str!("balancer.sh");
const DRAIN: &str = include_str!("drain.sh");
const VEIL: &str = include_str!("veil.sh");
const VEIL_RULES: &str = include_str!("veil.awk");

/// What a look is made of, and what a batch of deeds is.
const QUESTIONS: [&str; 4] = [VEIL, LOOK, RUNNING, BALANCER];
const DEEDS: [&str; 7] = [VEIL, ACT, COPY, CREATE, UNIT, BALANCER, DRAIN];

/// How long a batch waits for the commands that a dead client left running.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long a look may take.
const LOOK_WITHIN: Duration = Duration::from_secs(120);
/// How long the commands of a batch may take together, beyond the time that its acts name.
const ACT_WITHIN: Duration = Duration::from_secs(900);

/// Where things are on a machine.
#[derive(Clone)]
pub(super) struct Places {
    pub path: String,
    pub scratch: String,
    pub flock: String,
    pub state: String,
    pub patience: Duration,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin".into(),
            scratch: "/run".into(),
            flock: "/run/cpctl.lock".into(),
            state: "/var/lib/cpctl".into(),
            patience: PATIENCE,
        }
    }
}

/// A machine reached through a transport.
pub(super) struct Remote<T> {
    pub name: String,
    pub host: String,
    pub transport: T,
    pub privilege: Privilege,
    pub places: Places,
}

impl<T: Transport> Node for Remote<T> {
    fn name(&self) -> &str {
        &self.name
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        if asks.is_empty() {
            return Ok(vec![]);
        }
        let ask::Lines { foreseen, calls } = ask::lines(asks).map_err(|word| self.unusable(&word))?;
        let mut batch = foreseen.map_or_else(String::new, |call| format!("{call} 3>&- </dev/null\n"));
        for (index, call) in calls.iter().enumerate() {
            batch.push_str(&format!("ask {index} {call} </dev/null\n"));
        }
        let nonce = nonce();
        let output = self.send(&nonce, &QUESTIONS, &batch, LOOK_WITHIN)?;
        let frames = self.frames(&nonce, &output)?;
        let mut answers = vec![];
        for (ask, frame) in asks.iter().zip(&frames) {
            if !ask::is_answered(frame) {
                return Err(act::undone(self.name.clone(), ask::deed(ask), frame));
            }
            let nonsense = || self.protocol(format!("asked to {}", ask::deed(ask)));
            answers.push(ask::answer(ask, frame).ok_or_else(nonsense)?);
        }
        self.complete(answers, asks.len())
    }

    fn reach(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        match self.transport.open(host, port, within, talk)? {
            Reached::Refused if !self.passes_on(within)? => Ok(Reached::Forbidden),
            reached => Ok(reached),
        }
    }
}

impl<T: Transport> NodeMut for Remote<T> {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        if acts.is_empty() {
            return Ok(vec![]);
        }
        let mut batch = String::from("step 0 hold_machine </dev/null\n");
        for (index, act) in acts.iter().enumerate() {
            let act::Line { call, payload } = act::line(act).map_err(|word| self.unusable(&word))?;
            let stdin = match payload {
                Some(text) => format!("<<'CPCTL'\n{text}\nCPCTL\n"),
                None => "</dev/null\n".into(),
            };
            batch.push_str(&format!("step {} {call} {stdin}", index + 1));
        }
        let within = ACT_WITHIN + self.places.patience + acts.iter().map(act::patience).sum::<Duration>();
        let nonce = nonce();
        let output = self.send(&nonce, &DEEDS, &batch, within)?;
        let frames = self.frames(&nonce, &output)?;
        let (held, frames) = frames.split_first().ok_or_else(|| self.protocol("it is empty".into()))?;
        act::machine_held(&self.name, held)?;
        let done = acts.iter().zip(frames).map(|(act, frame)| act::done(&self.name, act, frame));
        self.complete(done.collect::<Result<_, _>>()?, acts.len())
    }
}

impl<T: Transport> Remote<T> {
    /// Whether the machine lets connections through, tried with the one port that surely listens: its sshd's.
    ///
    /// The user's own `ssh` does not say why it has none.
    fn passes_on(&self, within: Duration) -> Result<bool, Error> {
        let output = self.transport.exec("echo $SSH_CONNECTION", &[], within)?;
        let said = String::from_utf8_lossy(&output.stdout);
        let words: Vec<_> = said.lines().last().unwrap_or_default().split(' ').collect();
        let [_, _, address, port] = words[..] else { return Ok(false) };
        let Ok(port) = port.parse() else { return Ok(false) };
        let mut greets = false;
        let mut hear = |stream: &mut dyn Stream| {
            greets = stream.read(&mut [0]).is_ok_and(|count| count > 0);
        };
        self.transport.open(address, port, within, &mut hear)?;
        Ok(greets)
    }

    /// Sends the script in one go; nothing of it is ever an argument of a process.
    fn send(&self, nonce: &str, parts: &[&str], batch: &str, within: Duration) -> Result<Output, Error> {
        let (line, stdin) = sudo::wrap(&self.privilege, self.script(nonce, parts, batch).as_bytes());
        self.transport.exec(&line, &stdin, within)
    }

    fn script(&self, nonce: &str, parts: &[&str], batch: &str) -> String {
        let (settings, parts) = (self.settings(nonce), parts.concat());
        format!("{settings}{FRAME}{parts}batch() {{\nbegin\n{batch}finish\n}}\nbatch\n")
    }

    fn settings(&self, nonce: &str) -> String {
        let Places { path, scratch, flock, state, patience } = &self.places;
        [
            ("nonce", nonce),
            ("path", path),
            ("scratch", scratch),
            ("flock", flock),
            ("state", state),
            ("patience", &patience.as_secs().to_string()),
            ("veil", VEIL_RULES),
        ]
        .map(|(name, value)| format!("cp_{name}={}\n", quote(value)))
        .concat()
    }

    fn frames<'a>(&self, nonce: &str, output: &'a Output) -> Result<Vec<Frame<'a>>, Error> {
        let said = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
        frame::frames(nonce, 0, &output.stdout).map_err(|why| match why {
            Unreadable::Missing => sudo::refusal(&self.privilege, &self.name, output).unwrap_or_else(|| {
                self.protocol(format!("the script did not begin ({}): {}", output.status, said()))
            }),
            Unreadable::Cut => Error::Broken {
                node: self.name.clone(),
                source: io::Error::new(io::ErrorKind::UnexpectedEof, "the answer is cut off"),
            },
            Unreadable::Garbled => self.protocol("it is not framed as the script frames it".into()),
        })
    }

    fn complete<A>(&self, all: Vec<A>, wanted: usize) -> Result<Vec<A>, Error> {
        if all.len() == wanted {
            return Ok(all);
        }
        Err(self.protocol(format!("{} of {wanted} steps are answered", all.len())))
    }

    fn protocol(&self, what: String) -> Error {
        Error::Protocol { node: self.name.clone(), what }
    }

    fn unusable(&self, word: &str) -> Error {
        let source = io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain name");
        Error::Deed { node: self.name.clone(), deed: format!("use `{}`", word.escape_debug()), source }
    }
}

/// A word for the script; a path that is not text cannot be carried there and back.
fn path_word(path: &Path) -> Result<String, String> {
    let text = path.to_str().ok_or_else(|| path.to_string_lossy().into_owned())?;
    // A path that begins with a dash would be read as an option by one program or another.
    if text.is_empty() || text.starts_with('-') || text.contains('\0') {
        return Err(text.to_owned());
    }
    Ok(quote(text))
}
