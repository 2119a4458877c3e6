//! The kinds of balancers, and which files each of them is.

mod bsd;
mod proxyless;

use serde::Serialize;

use super::{
    Error, Gate, Wanted,
    pair::{Group, Held, Member},
    template::{self as templates, filled},
    values::Values,
};

/// What stands in front of the API servers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Haproxy,
    Nginx,
    Keepalived,
    Pfsense,
    Opnsense,
    Relayd,
    FreebsdCarp,
    KubeVip,
    Dns,
    /// Kinds that are known and refused.
    Ipfw,
    Ipvs,
    Iptables,
    Nftables,
}

/// A file of a configuration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// The machine whose own it is; `None` where it is the same on each.
    pub machine: Option<String>,
    pub path: &'static str,
    pub mode: u32,
    pub text: String,
}

/// A page as a template sees it.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    values: &'a Values,
    vip: Held,
    /// The held address with the port of the API.
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a Group>,
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<&'a Member>,
    interface: Option<&'a str>,
}

const READ_BY_ALL: u32 = 0o644;
const RUN_BY_ALL: u32 = 0o755;

pub(super) fn files(kind: Kind, wanted: &Wanted) -> Result<Vec<File>, Error> {
    match kind {
        Kind::Haproxy => proxy(wanted, "/etc/haproxy/haproxy.cfg", templates::HAPROXY),
        Kind::Nginx => nginx(wanted),
        Kind::Keepalived => keepalived(wanted),
        Kind::Pfsense => firewall(wanted, PFSENSE),
        Kind::Opnsense => firewall(wanted, OPNSENSE),
        Kind::Relayd => bsd::relayd(wanted),
        Kind::FreebsdCarp => bsd::freebsd(wanted),
        Kind::KubeVip => proxyless::kube_vip(wanted),
        Kind::Dns => proxyless::zone(wanted),
        Kind::Ipfw => {
            refused("ipfw", "its rules pass connections on by turns, whether or not anybody answers")
        }
        Kind::Ipvs => {
            refused("ipvs", "by itself it looks at no server, and sends clients to those that are gone")
        }
        Kind::Iptables => refused("iptables", "its rules pick a server by chance, whether or not it answers"),
        Kind::Nftables => refused("nftables", "its rules pick a server by chance, whether or not it answers"),
    }
}

fn refused(kind: &'static str, reason: &'static str) -> Result<Vec<File>, Error> {
    let instead = match kind {
        "ipfw" => {
            "type `cpctl lb render haproxy` and `cpctl lb render freebsd-carp`: HAProxy runs on FreeBSD, and CARP moves the address"
        }
        _ => {
            "type `cpctl lb render haproxy` and `cpctl lb render keepalived`: they run beside it and ask each server whether it is ready"
        }
    };
    Err(Error::Refused { kind, reason, instead })
}

fn page<'a>(wanted: &'a Wanted, values: &'a Values) -> Result<Page<'a>, Error> {
    let vip = wanted.held()?;
    Ok(Page {
        at: vip.with_port(values.port),
        vip: Held::of(vip, vip.prefix.unwrap_or(vip.width())),
        values,
        group: None,
        me: None,
        interface: wanted.interface.as_deref(),
    })
}

fn shared(path: &'static str, mode: u32, text: String) -> File {
    File { machine: None, path, mode, text }
}

/// A file for each machine, which tells it who it is.
fn of_each<'a>(
    group: &'a Group,
    page: &mut Page<'a>,
    (path, mode): (&'static str, u32),
    template: &str,
) -> Vec<File> {
    let members = group.members.iter();
    let made = members.map(|member| {
        (page.group, page.me) = (Some(group), Some(member));
        File { machine: Some(member.name.clone()), path, mode, text: filled(template, page) }
    });
    made.collect()
}

fn proxy(wanted: &Wanted, path: &'static str, template: &str) -> Result<Vec<File>, Error> {
    let values = Values::of(wanted)?;
    Ok(vec![shared(path, READ_BY_ALL, filled(template, &page(wanted, &values)?))])
}

fn nginx(wanted: &Wanted) -> Result<Vec<File>, Error> {
    if asks_for_certificates(wanted) {
        return Err(Error::unfit(
            "NGINX checks no server, so it can demand no name of one and shows nobody a certificate",
            "leave `--gate` and `--check-cert` out, or take HAProxy: `cpctl lb render haproxy`",
        ));
    }
    proxy(wanted, "/etc/nginx/nginx.conf", templates::NGINX)
}

fn asks_for_certificates(wanted: &Wanted) -> bool {
    wanted.gate == Gate::Name || wanted.check_cert.is_some()
}

fn keepalived(wanted: &Wanted) -> Result<Vec<File>, Error> {
    let values = Values::of(wanted)?;
    let mut page = page(wanted, &values)?;
    let group = Group::of(wanted)?;
    let mut files =
        of_each(&group, &mut page, ("/etc/keepalived/keepalived.conf", READ_BY_ALL), templates::KEEPALIVED);
    let script = |path, template| shared(path, RUN_BY_ALL, filled(template, &page));
    files.push(script("/usr/local/sbin/chk_lb_alive.sh", templates::CHK_LB_ALIVE));
    files.push(script("/usr/local/sbin/chk_lb_backends.sh", templates::CHK_LB_BACKENDS));
    let sysctl = filled(templates::NONLOCAL_BIND, &page);
    files.push(shared("/etc/sysctl.d/60-kube-api-vip.conf", READ_BY_ALL, sysctl));
    Ok(files)
}

/// A field sheet, and what the firewall makes of it.
struct Sheets {
    fields: (&'static str, &'static str),
    export: (&'static str, &'static str),
}

const PFSENSE: Sheets = Sheets {
    fields: ("pfsense-fields.txt", templates::PFSENSE_FIELDS),
    export: ("pfsense-haproxy.cfg", templates::PFSENSE_EXPORT),
};
const OPNSENSE: Sheets = Sheets {
    fields: ("opnsense-fields.txt", templates::OPNSENSE_FIELDS),
    export: ("opnsense-haproxy.conf", templates::OPNSENSE_EXPORT),
};

fn firewall(wanted: &Wanted, sheets: Sheets) -> Result<Vec<File>, Error> {
    #[derive(Serialize)]
    struct Sheet<'a> {
        #[serde(flatten)]
        page: Page<'a>,
        /// Set where two firewalls hold the address between them.
        vrid: Option<u8>,
    }
    let values = Values::of(wanted)?;
    let mut page = page(wanted, &values)?;
    if wanted.vrid.is_some() {
        let (vip, prefix) = wanted.held_in_network()?;
        page.vip = Held::of(vip, prefix);
    }
    let sheet = Sheet { page, vrid: wanted.vrid };
    let file = |(path, template): (&'static str, &str)| shared(path, READ_BY_ALL, filled(template, &sheet));
    Ok(vec![file(sheets.fields), file(sheets.export)])
}
