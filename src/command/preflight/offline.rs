//! `cpctl preflight --offline FILE…`: files alone, for a pull request; nobody is asked anything.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, tz::TimeZone};

use super::{Seen, kubeconfigs, looked};
use crate::{
    balancer::lint::{self, ControlPlane, Facts, Kind, Source},
    cert::{self, ServingCert, Use},
    check::Filed,
    cli::{self, Common},
    command::shared::{configuration, machines, typed},
    endpoint::Endpoint,
    error::Error,
    inventory::{self, Inventory},
    kubeconfig::{self, Held, Kubeconfig, Selection},
    outcome::Preflight,
    report::{Code, Finding, Scope, checked},
    world::World,
};

/// The files by what they are.
#[derive(Default)]
struct Files {
    certificates: Vec<(String, Vec<ServingCert>)>,
    inventories: Vec<(String, Result<Inventory, Finding>)>,
    kubeconfigs: Vec<Source>,
    /// Of balancers, certificates with a key beside them, and those that nobody knows.
    others: Vec<Source>,
}

pub(super) fn look(args: &cli::Preflight, common: &Common, world: &World) -> Result<Preflight, Error> {
    let files = Files::read(&args.offline)?;
    let named = common.inventory.is_some().then(|| machines::named(common)).transpose()?.flatten();
    let inventory = named.or_else(|| files.inventory().cloned());
    let to = to(args, inventory.as_ref())?;
    let plane = inventory.map(|inventory| configuration::control_plane(&inventory, |node| node.host.clone()));

    let now = (world.now)();
    let mut seen = Seen::default();
    files.judge(to.as_ref(), plane.as_ref(), now, &mut seen);

    let rows = args.selection().of(checked(&seen.looked, &seen.findings));
    let fail_on = args.fail_on.severity();
    Ok(Preflight { to, rows, nodes: vec![], filed: vec![], now, fail_on, papers: vec![] })
}

/// The address that was typed, or the inventory's endpoint.
fn to(args: &cli::Preflight, inventory: Option<&Inventory>) -> Result<Option<Endpoint>, Error> {
    let known = inventory.and_then(|inventory| inventory.endpoint.clone());
    match &args.to {
        Some(text) => Ok(Some(cli::endpoint(text, known.map(|known| known.port))?)),
        None => Ok(known),
    }
}

impl Files {
    fn read(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut files = Self::default();
        for path in paths {
            files.take(path, typed::read(path)?)?;
        }
        Ok(files)
    }

    fn take(&mut self, path: &Path, bytes: Vec<u8>) -> Result<(), Error> {
        let name = path.display().to_string();
        if let Some(certs) = certificates(&bytes) {
            let invalid = |source| Error::Certificate { path: path.to_owned(), source };
            self.certificates.push((name.clone(), certs.map_err(invalid)?));
            if holds_key(&bytes) {
                let text = configuration::text(&name, bytes)?;
                self.others.push(Source { name, text, mode: None, kind: Some(Kind::Pem) });
            }
            return Ok(());
        }
        // A checkout's permissions say nothing of where the file will lie.
        let source =
            Source { name: name.clone(), text: configuration::text(&name, bytes)?, mode: None, kind: None };
        if kubeconfig::is_one(source.text.as_bytes()) || source.kind() == Some(Kind::Kubeconfig) {
            self.kubeconfigs.push(Source { kind: Some(Kind::Kubeconfig), ..source });
        } else if Inventory::is_one(&source.text) {
            let inventory = Inventory::parse(path.to_owned(), &source.text);
            self.inventories.push((name, inventory.map_err(|error| unreadable(&source, &error))));
        } else {
            self.others.push(source);
        }
        Ok(())
    }

    fn inventory(&self) -> Option<&Inventory> {
        self.inventories.iter().find_map(|(_, inventory)| inventory.as_ref().ok())
    }

    fn judge(&self, to: Option<&Endpoint>, plane: Option<&ControlPlane>, now: Timestamp, seen: &mut Seen) {
        for (name, inventory) in &self.inventories {
            seen.looked.push(looked(name, Scope::Inventory, None));
            seen.findings.extend(inventory.as_ref().err().cloned());
        }
        for (name, certs) in &self.certificates {
            seen.looked.push(looked(name, Scope::Certificate, None));
            seen.findings.extend(judged(name, certs, to, now));
        }
        let facts = Facts { plane, today: now.to_zoned(TimeZone::UTC).date() };
        let linted = lint::lint(&[self.others.as_slice(), &self.kubeconfigs].concat(), &facts);
        seen.findings.extend(linted.findings.into_iter().map(retold));
        seen.looked.extend(self.others.iter().map(|one| looked(&one.name, Scope::Configuration, None)));
        for source in &self.kubeconfigs {
            seen.looked.push(looked(&source.name, Scope::Kubeconfig, None));
            seen.findings.extend(further(source, to, now));
        }
    }
}

/// Whether a private key lies in the file; whose it is, the lint tells.
fn holds_key(bytes: &[u8]) -> bool {
    let begins = |line: &str| line.starts_with("-----BEGIN ") && line.contains("PRIVATE KEY-----");
    String::from_utf8_lossy(bytes).lines().any(begins)
}

/// The certificates of a file that holds some, be it with a key; `None` where it is another kind of file.
fn certificates(bytes: &[u8]) -> Option<Result<Vec<ServingCert>, cert::Error>> {
    let begins = |line: &[u8]| line.starts_with(b"-----BEGIN CERTIFICATE-----");
    if bytes.split(|byte| *byte == b'\n').any(begins) {
        return Some(ServingCert::all_from_pem(bytes));
    }
    ServingCert::from_der(bytes).ok().map(|cert| Ok(vec![cert]))
}

/// The first of a file is whose file it is; what follows it leads to its CA.
fn judged(subject: &str, certs: &[ServingCert], to: Option<&Endpoint>, now: Timestamp) -> Vec<Finding> {
    let each = certs.iter().enumerate().flat_map(|(position, cert)| {
        let place = format!("the certificate of `{}`", cert.subject);
        let of = if position == 0 { purpose(cert) } else { Use::Authority };
        let asked = to.map(|to| &to.host).filter(|_| of == Use::Server);
        let renew = (of == Use::Server)
            .then_some("`cpctl certs renew`, where a control plane serves it; else have it signed anew");
        let filed = Filed { subject, place: &place, cert, of, at: None, renew };
        filed.names(asked).into_iter().chain(filed.validity(now)).chain(filed.form()).collect::<Vec<_>>()
    });
    each.collect()
}

/// What a certificate that stands by itself is for, as far as it says.
fn purpose(cert: &ServingCert) -> Use {
    let logs_in_alone = || cert.form().is_some_and(|form| form.may_log_in && !form.may_serve);
    match cert.is_ca() {
        true => Use::Authority,
        false if logs_in_alone() => Use::Client,
        false => Use::Server,
    }
}

fn unreadable(source: &Source, error: &inventory::Error) -> Finding {
    let told =
        |message: String| Finding::new(Code::InventoryUnreadable, &source.name, message).remedy(error.hint());
    match error {
        inventory::Error::Yaml { line, reason, .. } => {
            let line = usize::try_from(*line).unwrap_or(1);
            told(reason.clone()).at(line, source.quote(line))
        }
        other => told(other.to_string()),
    }
}

/// There is no flag here that says what a file is.
fn retold(finding: Finding) -> Finding {
    match finding.code {
        Code::KindUnknown => finding.remedy(
            "leave it out, or say what it configures: `cpctl lb lint --kind KIND`; kubeconfigs, certificates and \
             inventories are known by what they hold",
        ),
        _ => finding,
    }
}

/// What a kubeconfig is judged by beside its own text.
fn further(source: &Source, to: Option<&Endpoint>, now: Timestamp) -> Vec<Finding> {
    let path = PathBuf::from(&source.name);
    let seen = [kubeconfig::Seen { real: path.clone(), path, text: source.text.clone(), mode: source.mode }];
    // One that cannot be read has been told.
    let Ok(kubeconfig) = Kubeconfig::read(&seen) else { return vec![] };
    // Whoever wrote the file could otherwise have any other file of this machine read.
    let is_beside = |held: &Held| kubeconfigs::is_beside(held, Path::new(&source.name));
    let files = kubeconfig.files.iter();
    let mut findings: Vec<_> =
        files.flat_map(|file| kubeconfigs::certificates(&source.name, file, is_beside, now)).collect();
    if let (Some(to), Ok(resolved)) = (to, kubeconfig.resolve(&Selection::Current)) {
        let remedy = format!("`cpctl kubeconfig repoint --kubeconfig {} --to {to}`", source.name);
        findings.extend(kubeconfigs::elsewhere(&source.name, resolved.cluster, to, &remedy));
    }
    findings
}
