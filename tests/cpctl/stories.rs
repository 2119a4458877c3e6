//! The stories in `docs/stories`: what their terminals show is what comes when their commands are typed anew.

mod settled;

use std::{fs, path::Path, process::Command};

use settled::settled;

use super::{
    docs::text,
    harness::{Cpctl, Ran},
    lab::Lab,
};

/// Set to write what comes now into the pages.
const WRITE: &str = "CPCTL_WRITE_DOCS";

const STORIES: [&str; 5] = ["pfsense", "ipfw", "nginx", "relayd", "opnsense"];

/// The blocks of a page that need nothing but the operator's files.
const AT_THE_DESK: &str = "console";
/// Those that were typed in front of real machines.
const ON_THE_LAB: &str = "console lab";

#[test]
fn what_the_stories_show_of_files_is_what_comes_of_them() {
    for story in STORIES {
        let home = tempfile::tempdir().unwrap();
        let directory = unpacked(story, home.path());

        retold(story, AT_THE_DESK, home.path(), |line| {
            let mut command = Command::new("sh");
            Cpctl::at_home(home.path()).from(&directory).scrub(command.args(["-c", line]));
            command
        });
    }
}

#[test]
fn every_story_is_linked_and_shows_machines_too() {
    let index = text("docs/README.md");
    for story in STORIES {
        let page = text(&format!("docs/stories/{story}.md"));

        assert!(index.contains(&format!("(stories/{story}.md)")), "{story}");
        assert!(page.contains(&format!("```{AT_THE_DESK}\n$ ")), "{story}");
        assert!(page.contains(&format!("```{ON_THE_LAB}\n$ ")), "{story}");
    }
}

/// Types what a story types in front of machines, in front of these.
pub fn retells(story: &str, lab: &Lab) {
    let home = lab.path("home");
    let directory = unpacked(story, &home);
    let start = format!("cd {}; export XDG_STATE_HOME=$PWD/state; ", directory.display());

    retold(story, ON_THE_LAB, &home, |line| lab.inside(&["sh", "-c", &(start.clone() + line)]));
}

/// Lays a story's files below this home.
fn unpacked(story: &str, home: &Path) -> std::path::PathBuf {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stories").join(story);
    Ran::of(Command::new("cp").arg("-r").args([&files, home])).exits(0);
    home.join(story)
}

/// Plays the blocks of a page, and demands that they show what the page shows, but for what differs from run to run.
fn retold(story: &str, fence: &str, home: &Path, shell: impl Fn(&str) -> Command) {
    let path = format!("docs/stories/{story}.md");
    let page = text(&path);
    let mut terminal = Terminal { home, shell, code: 0, unlike: vec![] };
    let parts = page.split("```").map(|part| match part.strip_prefix(&format!("{fence}\n")) {
        Some(block) => format!("{fence}\n{}", terminal.types(block)),
        None => part.to_owned(),
    });

    let now = parts.collect::<Vec<_>>().join("```");

    if std::env::var_os(WRITE).is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path), now).unwrap();
        return;
    }
    let told = terminal.unlike.join("\n");
    assert!(told.is_empty(), "{path} shows something else; {WRITE}=1 writes it anew:\n{told}");
}

struct Terminal<'a, S> {
    home: &'a Path,
    shell: S,
    /// What the last command came to.
    code: i32,
    /// Commands that show something else now.
    unlike: Vec<String>,
}

impl<S: Fn(&str) -> Command> Terminal<'_, S> {
    /// The block as it is now: what is the same, but for what differs from run to run, stays as it was shown.
    fn types(&mut self, block: &str) -> String {
        let exchanges = block.split("\n$ ").map(|exchange| exchange.trim_start_matches("$ "));
        let mut now = String::new();
        for exchange in exchanges {
            let (line, shown) = exchange.split_once('\n').unwrap_or((exchange, ""));
            let came = self.answers(line);
            let is_same = settled(shown) == settled(&came);
            if !is_same {
                self.unlike.push(format!("$ {line}\n--- the page\n{shown}\n--- now\n{came}"));
            }
            now.push_str(&format!("$ {line}\n{}", newline_ended(if is_same { shown } else { &came })));
        }
        now
    }

    fn answers(&mut self, line: &str) -> String {
        let directory = Path::new(Cpctl::binary()).parent().unwrap();
        let path = format!("exec 2>&1; export PATH={}:$PATH; (exit {}); ", directory.display(), self.code);
        let ran = Ran::of(&mut (self.shell)(&(path + line)));
        self.code = ran.code;
        let lines = ran.stdout.lines().map(|line| line.trim_end().to_owned() + "\n");
        lines.collect::<String>().replace(self.home.to_str().unwrap(), "~")
    }
}

fn newline_ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
