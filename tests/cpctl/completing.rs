//! What shells complete: real ones, with keys typed into them where they have a line editor.

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::{Arg, CommandFactory, ValueHint};
use cpctl::{cli::Cli, report::Code};
use tempfile::TempDir;

use super::{
    harness::{Cpctl, Ran},
    left_out::left_out,
};

const INVENTORY: &str = "\
endpoint: lb.example:6443
nodes:
  - {name: cp1, host: 10.0.0.1, user: root}
  - {name: cp2, host: 10.0.0.2}
balancers:
  - {name: lb1, host: 10.0.0.8}
";

const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
clusters:
- {name: kubernetes, cluster: {server: 'https://10.0.0.1:6443'}}
contexts:
- {name: kubernetes-admin@kubernetes, context: {cluster: kubernetes, user: admin}}
- {name: two words, context: {cluster: kubernetes, user: admin}}
users: []
";

/// What is typed, Tab as `\t`, and the words that the shell then starts the program with.
const TYPED: &[(&str, &str)] = &[
    ("cpctl --context ku\t", "[--context][kubernetes-admin@kubernetes]"),
    ("cpctl --context kubernetes-admin@\t", "[--context][kubernetes-admin@kubernetes]"),
    ("cpctl --context=kubernetes-admin@k\t", "[--context=kubernetes-admin@kubernetes]"),
    ("cpctl --context=ku\t", "[--context=kubernetes-admin@kubernetes]"),
    ("cpctl --context t\t", "[--context][two words]"),
    ("cpctl certs add-san x --limit cp1,cp2\t", "[certs][add-san][x][--limit][cp1,cp2]"),
    ("cpctl certs renew --without-balancer l\t", "[certs][renew][--without-balancer][lb1]"),
    ("cpctl explain san-m\t", "[explain][san-missing]"),
    ("cpctl kubeconfig repoint --cluster k\t", "[kubeconfig][repoint][--cluster][kubernetes]"),
    ("cpctl --kubeconfig=.ku\tcon\tnodes", "[--kubeconfig=.kube/config][nodes]"),
    ("cpctl lb render kee\t", "[lb][render][keepalived]"),
];

/// In place of the program: asks it what may come next, and otherwise notes what it is started with.
const NOTED: &str = r#"
cpctl() {
  if [ "$1" = __complete ]; then command cpctl "$@"; else printf '[%s]' "$@" >> noted; echo >> noted; fi
}
"#;

struct Laptop {
    home: TempDir,
}

impl Laptop {
    fn new() -> Self {
        let laptop = Self { home: tempfile::tempdir().unwrap() };
        for (path, text) in [("cpctl.yaml", INVENTORY), (".kube/config", KUBECONFIG)] {
            laptop.writes(path, text);
        }
        fs::create_dir(laptop.path("bin")).unwrap();
        symlink(Cpctl::binary(), laptop.path("bin/cpctl")).unwrap();
        laptop
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.home.path().join(relative)
    }

    fn writes(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        Cpctl::at_home(self.home.path()).with("TERM", "dumb").with("PATH", path).scrub(&mut command);
        command.env("ZDOTDIR", self.home.path());
        command
    }

    /// What the program tells a shell behind these words.
    fn told(&self, words: &[&str]) -> Vec<String> {
        let ran = Cpctl::at_home(self.home.path()).run(&[&["__complete", "--"], words].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words:?}");
        ran.stdout.lines().map(str::to_owned).collect()
    }

    /// Starts a shell at a terminal and types; what it then started the program with.
    fn types_into(&self, shell: &str) -> String {
        let mut terminal = self.program("script");
        terminal.args(["-qec", shell, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut terminal = terminal.spawn().unwrap();
        let lines: String = TYPED.iter().map(|(typed, _)| format!("{typed}\n")).collect();
        let keys = format!("{lines}exit\n");
        terminal.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
        terminal.wait().unwrap();
        fs::read_to_string(self.path("noted")).unwrap_or_default()
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name)
}

fn has(program: &str) -> bool {
    let found = Path::new("/usr/bin").join(program).exists();
    if !found {
        left_out(&format!("what {program} completes, because there is none"));
    }
    found
}

fn noted() -> String {
    TYPED.iter().map(|(_, words)| format!("{words}\n")).collect()
}

#[test]
fn bash_completes_values_with_its_own_word_breaks_in_them() {
    let laptop = Laptop::new();
    laptop.writes("rc", &format!("source '{}'\n{NOTED}", script("cpctl.bash").display()));

    let started = laptop.types_into("bash --noprofile --rcfile rc -i");

    assert_eq!(started, noted());
}

#[test]
fn zsh_completes_the_same() {
    if !has("zsh") {
        return;
    }
    let laptop = Laptop::new();
    let setup = "autoload -U compinit; compinit -u -D";
    laptop.writes(".zshrc", &format!("{setup}\nsource '{}'\n{NOTED}", script("_cpctl").display()));

    let started = laptop.types_into("zsh -i");

    assert_eq!(started, noted());
}

#[test]
fn fish_completes_words_with_what_they_are() {
    if !has("fish") {
        return;
    }
    let laptop = Laptop::new();
    let completes = |line: &str| {
        let asked = format!("source '{}'; complete -C '{line}'", script("cpctl.fish").display());
        Ran::of(laptop.program("fish").args(["--no-config", "-c", &asked])).exits(0).stdout
    };

    assert_eq!(
        completes("cpctl --context "),
        "kubernetes-admin@kubernetes\tcluster kubernetes\ntwo words\tcluster kubernetes\n"
    );
    assert!(completes("cpctl explain san-m").starts_with("san-missing\t"));
    assert_eq!(completes("cpctl certs renew --limit=cp1,cp2"), "--limit=cp1,cp2\t10.0.0.2\n");
    assert_eq!(completes("cpctl --kubeconfig=.kube/c"), "--kubeconfig=.kube/config\n");
}

#[test]
fn elvish_completes_words_too() {
    if !has("elvish") {
        return;
    }
    let laptop = Laptop::new();
    let ask = "$edit:completion:arg-completer[cpctl] cpctl --context '' | each {|found| echo $found[stem] >> noted }";
    laptop.writes("rc", &format!("eval (slurp < '{}')\n{ask}\n", script("cpctl.elv").display()));

    let told = laptop.types_into("elvish -rc rc");

    assert_eq!(told, "kubernetes-admin@kubernetes\ntwo words\n");
}

#[test]
fn every_code_is_told_with_its_meaning_and_every_node_as_a_flag_names_it() {
    let laptop = Laptop::new();

    let codes = laptop.told(&["explain", ""]);

    assert_eq!(codes.len(), Code::ALL.len() + 1);
    assert!(codes.iter().zip(Code::ALL).all(|(line, code)| line.starts_with(&format!("{}\t", code.id()))));
    assert_eq!(laptop.told(&["verify", "--node", ""]), ["root@10.0.0.1\tcp1", "10.0.0.2\tcp2", ":4"]);
    assert_eq!(laptop.told(&["lb", "check", ""]), ["lb.example:6443\tthe inventory's endpoint", ":4"]);
    assert_eq!(laptop.told(&["certs", "add-san", ""]), ["lb.example\tthe inventory's endpoint", ":4"]);
    assert_eq!(laptop.told(&["preflight", "--only", "reach,cert"])[0].split(',').next(), Some("reach"));
    assert_eq!(laptop.told(&["apply", ""]), [":0"]);
}

#[test]
fn runs_are_told_the_newest_first() {
    let laptop = Laptop::new();
    laptop.writes("other.yaml", &KUBECONFIG.replace("10.0.0.1", "10.0.0.3"));
    for to in ["10.0.0.4:6443", "10.0.0.5:6443"] {
        let words = ["kubeconfig", "repoint", "--no-verify", "--kubeconfig", "other.yaml", "--to", to];
        let cluster = ["--context", "two words"];
        Cpctl::at_home(laptop.home.path()).run(&[&words[..], &cluster].concat()).exits(0);
    }

    let told = laptop.told(&["undo", ""]);

    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("\tdone: ") && told[0].contains("10.0.0.5"), "{told:?}");
    assert!(told[1].contains("10.0.0.4"), "{told:?}");
}

#[test]
fn flags_that_were_typed_decide_where_to_look() {
    let laptop = Laptop::new();
    laptop.writes("other.yaml", &KUBECONFIG.replace("two words", "elsewhere"));
    laptop.writes("inventory.yaml", "nodes: [{name: far, host: 10.9.0.1}]\n");

    assert_eq!(
        laptop.told(&["--kubeconfig", "other.yaml", "verify", "--context", "e"])[0],
        "elsewhere\tcluster kubernetes"
    );
    assert_eq!(
        laptop.told(&["certs", "renew", "--inventory=inventory.yaml", "--limit", ""])[0],
        "far\t10.9.0.1"
    );
}

#[test]
fn what_cannot_be_read_or_never_ends_leaves_the_line_as_it_is() {
    let laptop = Laptop::new();
    laptop.writes("broken.yaml", "nodes: [\n\"");
    let pipe = laptop.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());

    for words in [
        &["--kubeconfig", "nowhere.yaml", "--context", ""][..],
        &["--kubeconfig", "broken.yaml", "--context", ""],
        &["--kubeconfig", "pipe", "--context", ""],
        &["--inventory", "broken.yaml", "certs", "renew", "--limit", ""],
    ] {
        assert_eq!(laptop.told(words), [":4"], "{words:?}");
    }
}

#[test]
fn no_word_is_told_that_a_terminal_would_take_for_more() {
    let laptop = Laptop::new();
    laptop.writes(".kube/config", &KUBECONFIG.replace("two words", r#""a\e[31m\tb""#));

    let told = laptop.told(&["--context", ""]);

    assert_eq!(told, ["kubernetes-admin@kubernetes\tcluster kubernetes", ":4"]);
}

/// Values that only the operator knows.
const FREE: &[&str] = &[
    "anonymous",
    "ca_file",
    "ca_key",
    "check_cert",
    "for",
    "from",
    "if_expires_within",
    "interface",
    "interval",
    "jump",
    "login",
    "mark",
    "max_outage",
    "report",
    "request_timeout",
    "ssh_port",
    "until_stable",
    "vip",
    "vrid",
    "wait",
];

#[test]
fn every_value_is_completed_unless_only_the_operator_knows_it() {
    let laptop = Laptop::new();
    let mut command = Cli::command();
    command.build();
    let mut unknown = vec![];

    each_value(&command, &mut |arg: &Arg| {
        let is_known = !arg.get_possible_values().is_empty() || arg.get_value_hint() == ValueHint::AnyPath;
        let name = arg.get_id().as_str();
        if !is_known && !FREE.contains(&name) && !unknown.contains(&name.to_owned()) {
            unknown.push(name.to_owned());
        }
    });
    unknown.sort();

    assert_eq!(
        unknown,
        [
            "cluster",
            "context",
            "distribution",
            "endpoint",
            "id",
            "limit",
            "names",
            "node",
            "only",
            "require",
            "run",
            "skip",
            "targets",
            "to",
            "without_balancer"
        ],
        "name a new value's source in src/command/complete/known.rs, or list it as free here"
    );
    assert!(laptop.told(&["lb", "render", "haproxy", "--distribution", "k"]).contains(&"k3s".to_owned()));
}

fn each_value(command: &clap::Command, look: &mut impl FnMut(&Arg)) {
    let verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help" && !verb.is_hide_set());
    let values = command.get_arguments().filter(|arg| arg.get_num_args().is_some_and(|n| n.takes_values()));
    values.for_each(&mut *look);
    verbs.for_each(|verb| each_value(verb, look));
}
