//! What leads to the API servers without anything in between.

use serde::Serialize;

use super::{
    super::{
        Error, Wanted,
        template::{self as templates, filled},
        values::Values,
    },
    File, READ_BY_ALL, page, shared,
};
use crate::san::San;

pub(super) fn kube_vip(wanted: &Wanted) -> Result<Vec<File>, Error> {
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

pub(super) fn zone(wanted: &Wanted) -> Result<Vec<File>, Error> {
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
