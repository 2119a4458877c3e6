//! What the check scripts do, given as files or written in place.

use super::{
    super::{Source, Spot},
    config::{Block, Config, Value},
};
use crate::report::{Code, Finding};

/// A line of what runs, and where a finding on it stands.
struct Line<'s> {
    source: &'s Source,
    line: usize,
    text: &'s str,
}

type Rule = fn(&Line<'_>, &Block<'_, '_>) -> Option<Finding>;

const RULES: &[Rule] = &[kills, any_answer, own_address, plain_http];

/// What only shows that a process is there.
const OF_PROCESS: &[&str] =
    &["pidof", "killall -0", "pgrep", "kill -0", "systemctl is-active", "systemctl status"];
/// What asks a service.
const ASKS: &[&str] = &["curl", "wget", "nc ", "/dev/tcp", "openssl s_client", "socat"];
const KILLERS: &[&str] = &["reboot", "shutdown", "poweroff", "halt"];
/// What may stand before a command.
const BEFORE: &[&str] = &["if", "then", "else", "elif", "while", "do", "!", "{", "[", "sudo", "exec", "$"];

pub(super) fn judge(configs: &[Config<'_>], files: &[&Source]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = vec![];
    for script in configs.iter().flat_map(Config::scripts) {
        let Some(command) = script.value("script") else { continue };
        let program = command.text.split_whitespace().next().unwrap_or_default();
        let told: Vec<Finding> = match files.iter().find(|file| is_it(file, program)) {
            Some(file) => unrunnable(file).into_iter().chain(lines(file, &script)).collect(),
            None => in_place(&script, &command, program),
        };
        // One that is content with a sign of life is right beside one that asks for more.
        let is_backed =
            script.config.scripts().any(|other| other.name() != script.name() && is_strict(&other, files));
        for finding in told {
            let is_settled = is_backed && finding.code == Code::KeepalivedAnyAnswer;
            if !is_settled && !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// The scripts that are at hand, each with the name that it is run under.
pub(super) fn judged<'a>(configs: &[Config<'_>], files: &[&'a Source]) -> Vec<(&'a Source, String)> {
    let mut judged = vec![];
    for script in configs.iter().flat_map(Config::scripts) {
        let Some(command) = script.value("script") else { continue };
        let program = command.text.split_whitespace().next().unwrap_or_default();
        let file = files.iter().find(|file| is_it(file, program));
        judged.extend(file.map(|file| (*file, script.name().into_owned())));
    }
    judged.sort_by(|(one, name), (other, second)| (&one.name, name).cmp(&(&other.name, second)));
    judged.dedup_by(|one, other| std::ptr::eq(one.0, other.0) && one.1 == other.1);
    judged
}

fn is_it(file: &Source, program: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    program.contains('/') && name(&file.name) == name(program)
}

/// A command that is written where it is named; a script of which nothing but the name is here is not judged.
fn in_place(script: &Block<'_, '_>, command: &Value, program: &str) -> Vec<Finding> {
    let (source, line) = script.place(command.line);
    let is_script = program.ends_with(".sh") || program.ends_with(".py") || program.starts_with("/etc/");
    if is_script {
        let why = format!("{program} is not judged: it is not given");
        return vec![source.finding(Code::NotJudged, Spot::new(line, why).instead("give the script too"))];
    }
    let here = Line { source, line, text: &command.text };
    RULES
        .iter()
        .filter_map(|rule| rule(&here, script))
        .chain(of_process(std::slice::from_ref(&here), line))
        .collect()
}

fn lines(file: &Source, script: &Block<'_, '_>) -> Vec<Finding> {
    let texts = file.text.lines().enumerate();
    let texts = texts.map(|(index, text)| Line { source: file, line: index + 1, text: text.trim() });
    let lines: Vec<Line<'_>> =
        texts.filter(|line| !line.text.is_empty() && !line.text.starts_with('#')).collect();
    let told = lines.iter().flat_map(|line| RULES.iter().filter_map(|rule| rule(line, script)));
    told.chain(of_process(&lines, 1)).collect()
}

/// A script that cannot be started: keepalived takes that for success.
fn unrunnable(file: &Source) -> Vec<Finding> {
    let mut findings = vec![];
    if !file.text.starts_with("#!") {
        let what = match file.text.trim_start().starts_with("#!") {
            true => "something stands before its `#!`",
            false => "it does not begin with `#!`",
        };
        let why = format!("{what}, so it cannot be started, and keepalived takes that for success");
        let spot = Spot::new(1, why).instead("#!/bin/sh");
        findings.push(file.finding(Code::KeepalivedUnrunnable, spot));
    }
    let Some(mode) = file.mode else { return findings };
    if mode & 0o111 == 0 {
        let why = format!("nobody may execute it (mode {mode:04o}), and keepalived takes that for success");
        let spot = Spot::new(1, why).instead(format!("`chmod 755 {}`", file.name));
        findings.push(file.finding(Code::KeepalivedUnrunnable, spot));
    }
    if mode & 0o022 != 0 {
        let why = format!("others than root may change what keepalived runs (mode {mode:04o})");
        let spot = Spot::new(1, why).instead(format!("`chmod 755 {}`", file.name));
        findings.push(file.finding(Code::KeepalivedWritable, spot));
    }
    findings
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '`' | '(' | ')' | '"' | '\''))
        .filter(|word| !word.is_empty())
}

fn name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// The commands of a line; what it says in quotes is said to somebody else, unless a shell is to do it.
fn commands(text: &str) -> Vec<Vec<&str>> {
    let is_done = text.contains("sh -c");
    let unquoted = text.split(['"', '\'']).enumerate();
    let unquoted = unquoted.filter(|(index, _)| is_done || index % 2 == 0).map(|(_, part)| part);
    let parts = unquoted.flat_map(|part| part.split([';', '&', '|', '`', '(', ')']));
    parts.map(|part| words(part).skip_while(|word| BEFORE.contains(word)).collect()).collect()
}

fn kills(line: &Line<'_>, _script: &Block<'_, '_>) -> Option<Finding> {
    commands(line.text).iter().any(|words| is_killing(words)).then(|| {
        let why = "a check that stops something leaves the machine without it: nobody starts it again when the proxy is back";
        line.source.finding(Code::KeepalivedKills, Spot::new(line.line, why).instead("exit 1"))
    })
}

fn is_killing(words: &[&str]) -> bool {
    let Some((program, args)) = words.split_first() else { return false };
    let is_of_keepalived = args.iter().any(|word| word.contains("keepalived"));
    let stops = args.iter().any(|word| matches!(*word, "stop" | "restart" | "kill" | "disable"));
    match name(program) {
        "systemctl" => (is_of_keepalived && stops) || args.iter().any(|word| KILLERS.contains(word)),
        "service" => is_of_keepalived && stops,
        "keepalived" => stops,
        "kill" | "killall" | "pkill" => !args.iter().any(|word| matches!(*word, "-0" | "-s0")),
        program => KILLERS.contains(&program),
    }
}

fn is_curl(line: &Line<'_>) -> bool {
    words(line.text).any(|word| name(word) == "curl")
}

/// Whether curl fails where the answer is an error.
fn fails(text: &str) -> bool {
    let is_short = |word: &str| word.starts_with('-') && !word.starts_with("--") && word.contains('f');
    words(text).any(|word| word.starts_with("--fail") || is_short(word))
}

/// Whether the answer's own code is looked at.
fn looks_at_code(text: &str) -> bool {
    ["http_code", "response_code"].iter().any(|code| text.contains(code))
}

/// Whether a script is content with good answers alone.
fn is_strict(script: &Block<'_, '_>, files: &[&Source]) -> bool {
    let Some(command) = script.value("script") else { return false };
    let program = command.text.split_whitespace().next().unwrap_or_default();
    let text =
        files.iter().find(|file| is_it(file, program)).map_or(command.text.as_str(), |file| &file.text);
    text.lines().any(|line| line.contains("curl") && (fails(line) || looks_at_code(line)))
}

fn any_answer(line: &Line<'_>, _script: &Block<'_, '_>) -> Option<Finding> {
    // The proxy's own page: there an error is an answer too, of a process that lives.
    let is_own =
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|own| line.text.contains(own));
    let is_of_api = ["/readyz", "/livez", "/healthz"].iter().any(|path| line.text.contains(path));
    (is_curl(line) && !fails(line.text) && !looks_at_code(line.text) && (is_of_api || !is_own)).then(|| {
        let why = "without `-f` curl is content with any answer, an error too";
        let instead = line.text.replacen("curl", "curl -f", 1);
        line.source.finding(Code::KeepalivedAnyAnswer, Spot::new(line.line, why).instead(instead))
    })
}

fn own_address(line: &Line<'_>, script: &Block<'_, '_>) -> Option<Finding> {
    let held = script.config.instances().flat_map(|one| one.listed("virtual_ipaddress").unwrap_or_default());
    let held = held.map(|value| value.text.split('/').next().unwrap_or_default().to_owned());
    let vip = held.into_iter().find(|vip| {
        let mut places = line.text.match_indices(vip.as_str());
        places
            .any(|(at, _)| !line.text[at + vip.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '.'))
    })?;
    (is_curl(line) || line.text.contains("/dev/tcp") || line.text.contains("wget")).then(|| {
        let why = format!("{vip} is where the other machine answers while this one's proxy is dead");
        let instead = line.text.replace(&vip, "127.0.0.1");
        line.source.finding(Code::KeepalivedOwnAddress, Spot::new(line.line, why).instead(instead))
    })
}

fn plain_http(line: &Line<'_>, _script: &Block<'_, '_>) -> Option<Finding> {
    let is_tls = |word: &&str| {
        let after = word.strip_prefix("http://").unwrap_or_default();
        let port = after.split('/').next().and_then(|host| host.rsplit(':').next());
        port.is_some_and(|port| matches!(port, "443" | "6443" | "16443" | "8443" | "9345"))
    };
    let found = words(line.text).find(is_tls)?;
    let why = "an API server answers plain HTTP with an error only";
    let instead = line.text.replace(found, &found.replacen("http://", "https://", 1));
    Some(line.source.finding(Code::KeepalivedPlainHttp, Spot::new(line.line, why).instead(instead)))
}

/// A check that looks at processes, and asks none of them.
fn of_process(lines: &[Line<'_>], otherwise: usize) -> Option<Finding> {
    let has = |what: &[&str], line: &Line<'_>| what.iter().any(|one| line.text.contains(one));
    let line = lines.iter().find(|line| has(OF_PROCESS, line))?;
    if lines.iter().any(|line| has(ASKS, line)) {
        return None;
    }
    let why = "a process that is there may answer nobody";
    let spot = Spot::new(line.line.max(otherwise), why);
    let spot = spot.instead("exec curl -sf -o /dev/null --max-time 2 http://127.0.0.1:8404/lb-ready");
    Some(line.source.finding(Code::KeepalivedOnlyProcess, spot))
}
