//! The kinds of balancers, and which files each of them is.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Error, Gate, Wanted,
    pair::{Group, Held, Member},
    template::{self as templates, filled},
    values::Values,
};
use crate::san::San;

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
/// relayd and pfctl refuse a file that others may read or write.
const ROOT_ALONE: u32 = 0o600;

pub(super) fn files(kind: Kind, wanted: &Wanted) -> Result<Vec<File>, Error> {
    match kind {
        Kind::Haproxy => proxy(wanted, "/etc/haproxy/haproxy.cfg", templates::HAPROXY),
        Kind::Nginx => nginx(wanted),
        Kind::Keepalived => keepalived(wanted),
        Kind::Pfsense => firewall(wanted, PFSENSE),
        Kind::Opnsense => firewall(wanted, OPNSENSE),
        Kind::Relayd => relayd(wanted),
        Kind::FreebsdCarp => freebsd(wanted),
        Kind::KubeVip => kube_vip(wanted),
        Kind::Dns => zone(wanted),
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

fn relayd(wanted: &Wanted) -> Result<Vec<File>, Error> {
    let values = Values::of(wanted)?;
    if values.codes.len() > 1 {
        return Err(Error::unfit(
            "relayd expects one answer of a check, and here two are expected while they change",
            "say which it is: `--anonymous allowed` or `--anonymous refused`",
        ));
    }
    if asks_for_certificates(wanted) {
        return Err(Error::unfit(
            "relayd's checks look at no certificate and show none",
            "leave `--gate` and `--check-cert` out, or take HAProxy: `cpctl lb render haproxy`",
        ));
    }
    let ports: BTreeSet<u16> = values.pools[0].servers.iter().map(|server| server.port).collect();
    if ports.len() > 1 {
        return Err(Error::unfit(
            "relayd leads to one port on all servers, and these differ",
            "take HAProxy: `cpctl lb render haproxy`",
        ));
    }
    let (vip, prefix) = wanted.held_in_network()?;
    let group = Group::of(wanted)?;
    let mut page = Page { vip: Held::of(vip, prefix), ..page(wanted, &values)? };
    let mut files = vec![shared("/etc/relayd.conf", ROOT_ALONE, filled(templates::RELAYD, &page))];
    files.extend(of_each(&group, &mut page, ("/etc/pf.kube-api.conf", ROOT_ALONE), templates::PF));
    files.extend(of_each(&group, &mut page, ("/etc/hostname.carp0", 0o640), templates::HOSTNAME_CARP));
    Ok(files)
}

fn freebsd(wanted: &Wanted) -> Result<Vec<File>, Error> {
    let values = Values::of(wanted)?;
    let (vip, prefix) = wanted.held_in_network()?;
    let group = Group::of(wanted)?;
    let mut page = Page { vip: Held::of(vip, prefix), ..page(wanted, &values)? };
    let mut files = of_each(&group, &mut page, ("/etc/rc.conf.local", READ_BY_ALL), templates::FREEBSD_RC);
    let same = |path, mode, template| shared(path, mode, filled(template, &page));
    files.push(same("/boot/loader.conf.local", READ_BY_ALL, templates::FREEBSD_LOADER));
    files.push(same("/usr/local/libexec/kube-api-carp", RUN_BY_ALL, templates::FREEBSD_WATCH));
    files.push(same("/usr/local/etc/rc.d/kube_api_carp", RUN_BY_ALL, templates::FREEBSD_SERVICE));
    Ok(files)
}

fn kube_vip(wanted: &Wanted) -> Result<Vec<File>, Error> {
    let values = Values::of(wanted)?;
    same_port(wanted, &values, "kube-vip moves an address to a control plane and changes no port")?;
    let page = page(wanted, &values)?;
    let (path, template) = match values.distribution {
        "kubeadm" => ("/etc/kubernetes/manifests/kube-vip.yaml", templates::KUBE_VIP_POD),
        "k3s" => ("/var/lib/rancher/k3s/server/manifests/kube-vip.yaml", templates::KUBE_VIP_DAEMON_SET),
        "rke2" => ("/var/lib/rancher/rke2/server/manifests/kube-vip.yaml", templates::KUBE_VIP_DAEMON_SET),
        "microk8s" => ("kube-vip.yaml", templates::KUBE_VIP_DAEMON_SET),
        other => {
            return Err(Error::unfit(
                format!("kube-vip runs as a pod, and a control plane of {other} runs none"),
                "put a balancer in front: `cpctl lb render haproxy` and `cpctl lb render keepalived`",
            ));
        }
    };
    Ok(vec![shared(path, READ_BY_ALL, filled(template, &page))])
}

/// Refuses another port at the shared address than at the servers, where nothing in between could change it.
fn same_port(wanted: &Wanted, values: &Values, why: &str) -> Result<(), Error> {
    let other = values.pools[0].servers.iter().find(|server| server.port != values.port);
    other.map_or(Ok(()), |server| {
        let hint = format!("write `endpoint: HOST:{}` into {}", server.port, wanted.inventory);
        Err(Error::unfit(
            format!("{why}: {} answers at {}, not at {}", server.name, server.port, values.port),
            hint,
        ))
    })
}

fn zone(wanted: &Wanted) -> Result<Vec<File>, Error> {
    #[derive(Serialize)]
    struct Zone {
        name: String,
        endpoint: String,
        is_held: bool,
        addresses: Vec<std::net::IpAddr>,
    }
    let endpoint = wanted.named_endpoint()?;
    let San::Dns(name) = &endpoint.host else {
        return Err(Error::unfit(
            format!("the endpoint {endpoint} is an address, and a zone gives addresses to a name"),
            format!(
                "write `endpoint: NAME:{}` into {}, or give `--endpoint`",
                endpoint.port, wanted.inventory
            ),
        ));
    };
    let addresses = match wanted.vip {
        Some(vip) => vec![vip.address],
        None => {
            let values = Values::of(wanted)?;
            same_port(wanted, &values, "a zone leads to addresses and changes no port")?;
            values.pools[0].servers.iter().map(|server| server.address).collect()
        }
    };
    let zone = Zone {
        name: name.to_string(),
        endpoint: endpoint.to_string(),
        is_held: wanted.vip.is_some(),
        addresses,
    };
    Ok(vec![shared("kube-api.zone", READ_BY_ALL, filled(templates::ZONE, &zone))])
}
