//! What `packages/build` makes of a binary.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use ring::digest;

use super::{
    harness::{Cpctl, Ran},
    left_out::left_out,
    programs::{Network, Programs},
};

mod bill;
mod image;

pub const DOWNLOADS: &str = "https://cpctl.example/downloads";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The machine that the tests run on, as Debian calls it.
const DEBIAN: &str = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };

/// The packages of the tests' own binary, and of a stand-in for the other machine; `None` where the tools are not there.
pub fn made() -> Option<&'static Path> {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    if std::env::var("CPCTL_LAB").as_deref() != Ok("1") {
        left_out("needs the tools for packages, which the lab's setup installs");
        return None;
    }
    Some(MADE.get_or_init(|| {
        let stands_in = if DEBIAN == "amd64" { Machine::Aarch64 } else { Machine::X86_64 };
        pack("packages", &[Path::new(Cpctl::binary()), &stand_in("packages", stands_in)])
    }))
}

pub fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What an archive holds, in a directory of its own.
pub fn unpacked(archive: &Path) -> tempfile::TempDir {
    let into = tempfile::tempdir().unwrap();
    let mut tar = Command::new("tar");
    Ran::of(tar.arg("-C").arg(into.path()).arg("-xf").arg(archive)).exits(0);
    into
}

/// What an ELF file says that it is for.
#[derive(Clone, Copy)]
enum Machine {
    X86_64 = 62,
    Aarch64 = 183,
}

/// The first bytes of a program, and no program.
fn stand_in(name: &str, machine: Machine) -> PathBuf {
    let mut elf = [0; 64];
    elf[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    (elf[16], elf[18], elf[20], elf[52]) = (2, machine as u8, 1, 64);
    let file = scratch(&format!("{name}-{}", machine as u8));
    fs::write(&file, elf).unwrap();
    file
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn pack(name: &str, binaries: &[&Path]) -> PathBuf {
    let into = scratch(name);
    let mut build = build(&into, binaries);
    Ran::of(&mut build).exits(0);
    into
}

fn build(into: &Path, binaries: &[&Path]) -> Command {
    let mut build = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("packages/build"));
    for binary in binaries {
        build.arg("--binary").arg(binary);
    }
    build
        .arg(into)
        .env("MAINTAINER", "Jane Doe <jane@example.org>")
        .env("HOMEPAGE", "https://cpctl.example")
        .env("DOWNLOADS", DOWNLOADS)
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .env("LEVEL", "1");
    build
}

fn package(made: &Path) -> PathBuf {
    made.join(format!("cpctl_{VERSION}_{DEBIAN}.deb"))
}

fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let read =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    let mut files: Vec<_> = entries.map(read).collect();
    files.sort();
    files
}

#[test]
fn the_sums_are_those_of_all_that_is_made() {
    let Some(made) = made() else { return };

    let sums = fs::read_to_string(made.join("SHA256SUMS")).unwrap();

    let mut found: Vec<_> =
        files(made).into_iter().map(|(name, bytes)| format!("{}  {name}", sha256(&bytes))).collect();
    found.retain(|line| !line.ends_with(" SHA256SUMS"));
    let mut told: Vec<_> = sums.lines().collect();
    told.sort_unstable();
    found.sort();
    assert_eq!(told, found);
    assert_eq!(told.len(), 7);
}

#[test]
fn in_another_time_zone_language_and_directory_they_are_the_same() {
    if made().is_none() {
        return;
    }
    let binaries = [stand_in("same", Machine::X86_64), stand_in("same", Machine::Aarch64)];
    let binaries = binaries.each_ref().map(PathBuf::as_path);

    let here = pack("same-here", &binaries);
    let there = scratch("same-there");
    let mut build = build(&there, &binaries);
    Ran::of(build.env("TZ", "Asia/Tokyo").env("LANG", "C").env("TMPDIR", scratch("")).current_dir("/"))
        .exits(0);

    let sums = |made: &Path| fs::read_to_string(made.join("SHA256SUMS")).unwrap();
    assert_eq!(sums(&here), sums(&there));
}

#[test]
fn what_is_no_binary_is_not_packed() {
    if made().is_none() {
        return;
    }

    let ran = Ran::of(&mut build(&scratch("no-binary"), &[Path::new("/bin/sh"), Path::new("/etc/passwd")]));

    let ran = ran.exits(2);
    assert!(ran.stderr.contains("/etc/passwd: neither for x86_64 nor for aarch64"), "{}", ran.shown());
    assert!(!scratch("no-binary").exists());
}

#[test]
fn what_came_from_elsewhere_is_not_removed_with_what_is_made_anew() {
    if made().is_none() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let into = directory.path().join("into");
    let binary = stand_in("beside", Machine::X86_64);
    Ran::of(&mut build(&into, &[&binary])).exits(0);
    fs::write(into.join("notes"), "kept").unwrap();
    let before = files(&into);

    let refused = Ran::of(&mut build(&into, &[&binary])).exits(2);
    let after = files(&into);
    fs::remove_file(into.join("notes")).unwrap();
    Ran::of(&mut build(&into, &[&binary])).exits(0);

    assert!(refused.stderr.contains("into/notes: did not come from here"), "{}", refused.shown());
    assert_eq!(after, before);
}

#[test]
fn nobody_is_named_as_maintainer_who_was_not_asked() {
    let directory = tempfile::tempdir().unwrap();
    let binary = stand_in("nobody", Machine::X86_64);
    let mut build = build(&directory.path().join("into"), &[&binary]);

    let refused = Ran::of(build.env_remove("MAINTAINER")).exits(2);

    assert!(refused.stderr.starts_with("error: MAINTAINER is not set\n"), "{}", refused.shown());
    assert!(!directory.path().join("into").exists());
}

#[test]
fn debians_own_judge_finds_nothing_in_its_package() {
    let Some(made) = made() else { return };

    let mut lintian = Command::new("lintian");
    let ran = Ran::of(lintian.args(["--allow-root", "--fail-on", "error,warning"]).arg(package(made)));

    assert_eq!(ran.clone().exits(0).stdout, "", "{}", ran.shown());
}

/// Run where nothing is but Debian, with the package at its root.
const INSTALL_AND_REMOVE: &str = r#"
    every_path() { find / -xdev ! -path '/var/lib/dpkg/*' ! -path '/var/log/*' ! -path '/tmp/*' | sort; }
    every_path > /tmp/before
    dpkg --path-include '/usr/share/*' --install /cpctl.deb
    test -z "$(dpkg --verify cpctl)"
    test "$(dpkg --listfiles cpctl | grep -c /man1/)" -gt 25
    cpctl --version
    kubectl-cpctl --help | grep -m 1 'kubectl cpctl'
    bash -c '. /usr/share/bash-completion/completions/cpctl && complete -p cpctl'
    gzip -dc /usr/share/man/man1/kubectl-cpctl.1.gz | grep -c '^.TH CPCTL '
    dpkg --remove cpctl
    every_path | diff /tmp/before -
"#;

#[test]
fn on_a_clean_debian_it_is_installed_runs_and_leaves_nothing_when_it_goes() {
    let Some(made) = made() else { return };
    let Some(debian) = Programs::of_the_lab("a clean Debian") else { return };
    fs::copy(package(made), debian.root().join("cpctl.deb")).unwrap();

    let ran = debian.run(Network::Alone, &["bash", "-euc", INSTALL_AND_REMOVE]).exits(0);

    let version = format!("cpctl {VERSION}\n");
    let told = |what: &str| ran.stdout.contains(what);
    assert!(told(&version) && told("kubectl cpctl") && told("complete -F"), "{}", ran.shown());
}
