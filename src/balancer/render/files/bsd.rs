//! Machines of OpenBSD and FreeBSD, whose address moves by CARP.

use std::collections::BTreeSet;

use super::{
    super::{
        Error, Wanted,
        pair::{Group, Held},
        template::{self as templates, filled},
        values::Values,
    },
    File, Page, READ_BY_ALL, RUN_BY_ALL, asks_for_certificates, of_each, page, shared,
};

/// relayd and pfctl refuse a file that others may read or write.
const ROOT_ALONE: u32 = 0o600;

pub(super) fn relayd(wanted: &Wanted) -> Result<Vec<File>, Error> {
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

pub(super) fn freebsd(wanted: &Wanted) -> Result<Vec<File>, Error> {
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
