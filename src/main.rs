//! Parses the command line, builds the world, runs the verb, writes what it came to, and exits: the only exit.

use std::{
    env,
    ffi::OsString,
    io::{self, ErrorKind, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use cpctl::{
    cli::{
        Backend, Certs, Cli, Common, Endpoint, InspectFormat, Kubeconfig, Lb, NodesFormat, PreflightFormat,
        REQUEST_WITHIN, Verb, usage,
    },
    command,
    error::Error,
    machines::{self, Machines},
    node::{
        Listener,
        ssh::{self, Once, SshOptions},
    },
    outcome::{Exit, Outcome, Paper},
    probe::Wire,
    render::{self, Format, Loudness, Prompter, Terminal, Voice},
    san::ParseSanError,
    world::{self, World},
};
use jiff::Timestamp;

fn main() -> ExitCode {
    let mut words: Vec<_> = env::args_os().collect();
    let voice = Voice::of(words.first().map(OsString::as_os_str), Cli::verbs);
    if voice != Voice::Own {
        words[0] = "cpctl".into();
    }
    let cli = match Cli::read(&words) {
        Ok(cli) => cli,
        Err(error) => return usage(&usage::placed(error), &voice),
    };
    let format = format(&cli.verb);
    render::honour_no_color(env::var_os("NO_COLOR").as_deref());
    let mut terminal = Terminal::new(loudness(&cli.common), format, Timestamp::now);
    let result = world(&cli, terminal.listener()).and_then(|world| command::run(&cli, &world, &mut terminal));
    terminal.rest();
    let exit = match result {
        Ok(mut outcome) => match (write(&outcome, format, &voice), save(&mut outcome)) {
            (exit, Ok(())) => exit,
            (_, Err(error)) => {
                tell(&error, format, &voice);
                error.exit()
            }
        },
        Err(error) => {
            tell(&error, format, &voice);
            error.exit()
        }
    };
    ExitCode::from(exit as u8)
}

/// Help, a version, or a command line that makes no sense; a wrong name is told as every other error is.
fn usage(error: &clap::Error, voice: &Voice) -> ExitCode {
    let format = if usage::wants_json(env::args_os().skip(1)) { Format::Json } else { Format::Text };
    let cause = std::error::Error::source(error);
    if let Some(name) = cause.and_then(|cause| cause.downcast_ref::<ParseSanError>()) {
        let error = Error::Name(name.clone());
        tell(&error, format, voice);
        return ExitCode::from(error.exit() as u8);
    }
    if format == Format::Json && error.use_stderr() {
        let (message, hints) = usage::told(error);
        let error = Error::CommandLine { message, hints };
        tell(&error, format, voice);
        return ExitCode::from(error.exit() as u8);
    }
    // Where nobody can be told any more, the exit code still tells.
    let _ = match (voice, error.use_stderr()) {
        (Voice::Own, _) => error.print(),
        (_, true) => voice.say(error.render().to_string().as_bytes(), &mut io::stderr()),
        (_, false) => voice.say(error.render().to_string().as_bytes(), &mut io::stdout()),
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::CouldNot as u8))
}

/// Everything that cannot be computed.
fn world(cli: &Cli, listener: Option<Listener>) -> Result<World, Error> {
    let common = &cli.common;
    let options = SshOptions {
        config: common.ssh.config.clone(),
        identity: common.ssh.identity.clone(),
        jump: common.ssh.jump.clone(),
        port: common.ssh.port,
        user: common.ssh.user.clone(),
        backend: match common.ssh.backend {
            Backend::Builtin => ssh::Backend::Libssh2,
            Backend::System => ssh::Backend::System,
        },
        become_password: if common.ssh.ask_become_pass { Prompter.become_password() } else { None },
        timeout: common.request_timeout,
        silence: None,
    };
    Ok(World {
        reach: Arc::new(Machines::new(options, Box::new(Once::new(Prompter))).heard_by(listener)),
        wire: Wire::new(common.request_timeout.unwrap_or(REQUEST_WITHIN)),
        now: Timestamp::now,
        random: world::random_octets,
        state: state(&cli.verb)?,
        operator: machines::operator(env::var("USER").ok()),
    })
}

/// Where runs are kept; a verb that keeps none does without.
fn state(verb: &Verb) -> Result<PathBuf, Error> {
    let xdg_state_home = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let found = machines::state_directory(xdg_state_home.as_deref(), env::home_dir().as_deref());
    match (found, verb) {
        (Some(state), _) => Ok(state),
        (
            None,
            Verb::Certs(Certs::Inspect(_) | Certs::Drift(_))
            | Verb::Lb(Lb::Render(_) | Lb::Lint(_) | Lb::Check(_))
            | Verb::Preflight(_)
            | Verb::Verify(_)
            | Verb::Watch(_)
            | Verb::Nodes(_)
            | Verb::Rehearse(_)
            | Verb::Explain(_)
            | Verb::Completions(_)
            | Verb::Complete(_),
        ) => Ok(PathBuf::new()),
        (None, _) => Err(Error::Usage {
            message: "there is no place for journals: neither $HOME nor $XDG_STATE_HOME is set".into(),
            hint: "set one of them to a directory that stays".into(),
        }),
    }
}

/// Writes the outcome; a reader that went away, as `| head` does, is no failure.
fn write(outcome: &Outcome, format: Format, voice: &Voice) -> Exit {
    let is_complaint = matches!(outcome, Outcome::Refused(_) | Outcome::Declined);
    let written = if is_complaint && format != Format::Json {
        render::complaint(outcome, voice)
    } else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = match format {
            Format::Text => render::spoken(outcome, voice, &mut out),
            _ => render::outcome(outcome, format, &mut out),
        };
        written.and_then(|()| out.flush())
    };
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Exit::CouldNot,
        _ => outcome.exit(),
    }
}

/// Writes the files that were asked for beside the result, each whole or not at all.
fn save(outcome: &mut Outcome) -> Result<(), Error> {
    match outcome {
        Outcome::Watched(watched) => {
            let papers = std::mem::take(&mut watched.papers);
            fill(papers, |form, text| render::watched(form, watched, text))
        }
        Outcome::Preflight(preflight) => {
            let papers = std::mem::take(&mut preflight.papers);
            fill(papers, |shape, text| render::preflight(shape, preflight, text))
        }
        _ => Ok(()),
    }
}

fn fill<F: Copy>(
    papers: Vec<Paper<F>>,
    write: impl Fn(F, &mut Vec<u8>) -> io::Result<()>,
) -> Result<(), Error> {
    for paper in papers {
        let (path, form, mut text) = (paper.path.clone(), paper.form, vec![]);
        write(form, &mut text)
            .and_then(|()| paper.fill(&text))
            .map_err(|source| Error::Write { path, source })?;
    }
    Ok(())
}

/// Writes the error; where nobody can be told any more, the exit code still tells.
fn tell(error: &Error, format: Format, voice: &Voice) {
    let mut text = vec![];
    let _ = match format {
        Format::Json => render::error_json(error, &mut io::stdout().lock()),
        _ => render::error(error, &mut text).and_then(|()| voice.say(&text, &mut io::stderr().lock())),
    };
}

fn loudness(common: &Common) -> Loudness {
    match (common.quiet, common.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Normal,
    }
}

fn format(verb: &Verb) -> Format {
    use cpctl::cli::Format as Asked;

    let asked = match verb {
        Verb::Certs(Certs::Inspect(args)) => {
            return match args.output {
                InspectFormat::Text => Format::Text,
                InspectFormat::Json => Format::Json,
                InspectFormat::Pem => Format::Pem,
            };
        }
        Verb::Nodes(args) => {
            return match args.output {
                NodesFormat::Text => Format::Text,
                NodesFormat::Json => Format::Json,
                NodesFormat::Yaml => Format::Yaml,
            };
        }
        Verb::Certs(Certs::AddSan(args)) => args.change.output,
        Verb::Certs(Certs::RemoveSan(args)) => args.change.output,
        Verb::Certs(Certs::Renew(args)) => args.change.output,
        Verb::Certs(Certs::Drift(args)) => args.output,
        Verb::Kubeconfig(Kubeconfig::Repoint(args)) => args.output,
        Verb::Endpoint(Endpoint::Move(args)) => args.output,
        Verb::Lb(Lb::Render(args)) => args.output,
        Verb::Lb(Lb::Apply(args)) => args.output,
        Verb::Lb(Lb::Lint(args)) => args.output,
        Verb::Lb(Lb::Check(args)) => args.output,
        Verb::Migrate(args) => args.change.output,
        Verb::Preflight(args) => {
            return match args.output {
                PreflightFormat::Text => Format::Text,
                PreflightFormat::Json => Format::Json,
                other => Format::Shaped(command::shape(other)),
            };
        }
        Verb::Verify(args) => args.output,
        Verb::Watch(args) => args.output,
        Verb::Apply(args) => args.output,
        Verb::Resume(args) => args.output,
        Verb::Undo(args) => args.output,
        Verb::Runs(args) => args.output,
        Verb::Rehearse(args) => args.output,
        Verb::Explain(args) => args.output,
        Verb::Completions(_) | Verb::Complete(_) => Asked::Text,
    };
    match asked {
        Asked::Text => Format::Text,
        Asked::Json => Format::Json,
    }
}
