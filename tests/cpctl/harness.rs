//! The binary as its users start it, in a clean environment; exit code, stdout and stderr are always all compared.

use std::{
    ffi::OsStr,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// What a run of the binary came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The binary with a home of its own.
pub struct Cpctl {
    home: PathBuf,
    directory: PathBuf,
    variables: Vec<(String, String)>,
}

impl Cpctl {
    pub fn at_home(home: &Path) -> Self {
        Self { home: home.to_owned(), directory: home.to_owned(), variables: vec![] }
    }

    /// Starts the binary from here.
    pub fn from(mut self, directory: &Path) -> Self {
        self.directory = directory.to_owned();
        self
    }

    pub fn with(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.into(), value.as_ref().to_string_lossy().into_owned()));
        self
    }

    pub fn binary() -> &'static str {
        env!("CARGO_BIN_EXE_cpctl")
    }

    /// The binary as a command, for those who start it through another program or by halves.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(Self::binary());
        command.args(args);
        self.scrub(&mut command);
        command
    }

    /// Gives a command this home and nothing else of our environment.
    pub fn scrub(&self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", &self.home)
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "120")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.directory)
            .stdin(Stdio::null());
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.command(args))
    }

    /// With this typed into it.
    pub fn run_with(&self, args: &[&str], stdin: &str) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        Ran::ended(child)
    }
}

impl Ran {
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().expect("the program starts"))
    }

    /// What a started program came to, once it has ended.
    pub fn ended(program: Child) -> Self {
        Self::from(program.wait_with_output().unwrap())
    }

    /// All three in one text, for snapshots.
    pub fn shown(&self) -> String {
        format!("exit {}\n--- stdout\n{}--- stderr\n{}", self.code, self.stdout, self.stderr)
    }

    /// Demands an exit code, and shows everything where it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.shown());
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
