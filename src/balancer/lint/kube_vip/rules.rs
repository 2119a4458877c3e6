//! What is wrong with a kube-vip that holds a control plane's address.

use super::{
    super::{Source, Spot},
    parse::Container,
};
use crate::report::{Code, Finding};

type Rule = fn(&Container) -> Option<(Code, Spot)>;

const RULES: &[Rule] = &[cidr, election, old_address, timers, unpinned];

/// From this version on `vip_cidr` means nothing.
const SUBNET_SINCE: (u32, u32) = (0, 9);
/// Seconds of the lease, of its renewal and between two tries, where nothing is said.
const TIMERS: [(&str, u32); 3] =
    [("vip_leaseduration", 15), ("vip_renewdeadline", 10), ("vip_retryperiod", 2)];

pub(super) fn judge(source: &Source, container: &Container) -> Vec<Finding> {
    let told = RULES.iter().filter_map(|rule| rule(container));
    told.map(|(code, spot)| source.finding(code, spot)).collect()
}

fn cidr(container: &Container) -> Option<(Code, Spot)> {
    let variable = container.variable("vip_cidr")?;
    let is_gone = container.version().is_none_or(|version| version >= SUBNET_SINCE);
    let why = "kube-vip 0.9 and later do not know `vip_cidr`: the address gets another mask";
    (is_gone && container.variable("vip_subnet").is_none()).then(|| {
        (
            Code::KubeVipCidr,
            Spot::new(variable.name.line, why).instead("- name: vip_subnet, with the same value"),
        )
    })
}

fn election(container: &Container) -> Option<(Code, Spot)> {
    let arp = container.variable("vip_arp").filter(|_| container.is_on("vip_arp"))?;
    let why = "without an election every control-plane node takes the address at once";
    (!container.is_on("vip_leaderelection")).then(|| {
        let spot = Spot::new(arp.name.line, why).instead("- name: vip_leaderelection, with value: \"true\"");
        (Code::KubeVipElection, spot)
    })
}

fn old_address(container: &Container) -> Option<(Code, Spot)> {
    let variable = container.variable("vip_address").filter(|_| container.variable("address").is_none())?;
    let why = "`vip_address` is the old name of the variable";
    Some((Code::KubeVipAddress, Spot::new(variable.name.line, why).instead("- name: address")))
}

/// A lease that ends before its renewal is given up moves the address while all is well.
fn timers(container: &Container) -> Option<(Code, Spot)> {
    let said = |name: &str| container.variable(name).and_then(|variable| variable.value.as_ref());
    let mut seconds = [0; 3];
    for (place, (name, otherwise)) in seconds.iter_mut().zip(TIMERS) {
        *place = said(name).map_or(Some(otherwise), |value| value.text.parse().ok())?;
    }
    let [lease, renew, retry] = seconds;
    let line =
        TIMERS.iter().find_map(|(name, _)| said(name)).map_or(container.image.line, |value| value.line);
    let why = format!(
        "the lease ({lease} s) must last longer than its renewal ({renew} s), and that than a try ({retry} s)"
    );
    (lease <= renew || renew <= retry).then(|| {
        let spot = Spot::new(line, why);
        (Code::KubeVipTimers, spot.instead("vip_leaseduration 5, vip_renewdeadline 3, vip_retryperiod 1"))
    })
}

fn unpinned(container: &Container) -> Option<(Code, Spot)> {
    let is_digest = container.image.text.contains("@sha256:");
    let why = "the image is whatever is newest when a node starts";
    (container.version().is_none() && !is_digest).then(|| {
        let image =
            container.image.text.trim_end_matches(container.tag().unwrap_or_default()).trim_end_matches(':');
        (
            Code::KubeVipUnpinned,
            Spot::new(container.image.line, why).instead(format!("image: {image}:v1.2.3")),
        )
    })
}
