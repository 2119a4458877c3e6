//! Every record of a real node, and a node that loses its power, its network or its client in the middle.

use std::{cell::Cell, collections::BTreeSet};

use super::{
    has_strace,
    laptop::{KILLED, Laptop, piped, record_of_the_edit},
};
use crate::{
    harness::{Cpctl, Ran},
    lab::{Count, Lab},
    wait::{awaited, until},
};

mod deaths;

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const ADD: [&str; 6] = ["certs", "add-san", "172.22.22.3", "--limit", "n2", "--yes"];

/// What n2 serves and holds. The counter of serial numbers never goes back.
const LOOK: &str = "openssl s_client -connect 127.0.0.1:16443 </dev/null 2>/dev/null | \
        openssl x509 -noout -serial -ext subjectAltName; \
    cd /var/snap/microk8s/current && \
    find certs args credentials var/lock ! -name ca.srl -printf '%p %M %u:%g\\n' \
        -type f -exec sha256sum {} + | sort; \
    for unit in /etc/systemd/system/snap.microk8s.*.service /etc/systemd/system/pod-*.service; do \
        echo \"$unit $(systemctl is-active \"${unit##*/}\")\"; done; \
    find /var/lib/cpctl -maxdepth 1 -name '*lock*' 2>/dev/null; true";

/// The lock of a node that is not changed.
const LOCKS: &str = "find /var/lib/cpctl -maxdepth 1 -name '*lock*' 2>/dev/null; true";

/// openssl on n2, which says when it signs and goes on once it may; the kicker, which only reads, does not wait.
const SLOW_OPENSSL: &str = "cd /snap/microk8s/current/usr/bin && mv openssl openssl.quick && \
    printf '#!/bin/sh\\ncase \"$*\" in *-req*)\\ntouch /run/signing\\n\
    while [ -e /run/wait ]; do sleep 0.1; done ;;\\nesac\\n\
    exec /usr/bin/openssl \"$@\"\\n' > openssl && chmod 755 openssl && touch /run/wait";
const QUICK_OPENSSL: &str =
    "cd /snap/microk8s/current/usr/bin && mv openssl.quick openssl && rm -f /run/signing";

/// Logins with a process that waits for the node's lock or holds it.
const AT_THE_LOCK: &str = "for process in /proc/[0-9]*; do \
    [ \"$(readlink \"$process/fd/9\")\" != /run/cpctl.lock ] || ps -o sid= \"${process##*/}\"; done | sort -u | wc -l";

struct Scene {
    lab: Lab,
    counts: Vec<Count>,
    before: BTreeSet<String>,
    laptops: Cell<u32>,
}

#[test]
fn on_a_real_node_nothing_is_lost_whoever_dies_in_the_middle() {
    if !has_strace("stopping the binary on real nodes") {
        return;
    }
    let Some(lab) = Lab::start("crashes") else { return };
    let counts = NODES.iter().map(|node| lab.count(node)).collect();
    let before = look(&lab);
    let scene = Scene { lab, counts, before, laptops: Cell::new(0) };

    let records = deaths::undisturbed(&scene);
    deaths::killed_at_every_record(&scene, records.len());
    deaths::from_another_machine(&scene, record_of_the_edit(&records));
    deaths::a_command_outlives_its_client(&scene);
    deaths::ssh_is_cut_after_the_edit(&scene, record_of_the_edit(&records));
    deaths::the_connection_breaks_after_the_edit(&scene, record_of_the_edit(&records));
    deaths::the_power_fails_after_the_edit(&scene, record_of_the_edit(&records));
}

impl Scene {
    /// A laptop that knows of no run yet.
    fn laptop(&self) -> Laptop<'_> {
        self.laptops.set(self.laptops.get() + 1);
        Laptop::new(&self.lab, self.laptops.get())
    }

    /// Demands that n2 serves the name and that nothing is held there.
    fn is_served(&self, when: &str) {
        let now = look(&self.lab);
        assert!(now.iter().any(|line| line.contains("IP Address:172.22.22.3")), "{when}: {now:#?}");
        let held = |line: &String| {
            line.contains("lock") && !line.contains("var/lock")
                || line.contains(".service ") && !line.ends_with(" active")
                || line.contains(".cpctl ")
        };
        let held: Vec<_> = now.difference(&self.before).filter(|line| held(line)).collect();
        assert_eq!(held, Vec::<&String>::new(), "{when}");
    }

    /// Demands that all is as it was before.
    fn is_as_before(&self, when: &str) {
        let now = look(&self.lab);
        let appeared: Vec<_> = now.difference(&self.before).collect();
        let gone: Vec<_> = self.before.difference(&now).collect();
        assert_eq!((appeared, gone), (vec![], vec![]), "{when}");
    }

    /// Demands that no kick, no killed pod and no restart was counted on any node.
    fn nobody_noticed(&self, when: &str) {
        let counts: Vec<_> = NODES.iter().map(|node| self.lab.count(node)).collect();
        assert_eq!(counts, self.counts, "{when}");
    }
}

fn look(lab: &Lab) -> BTreeSet<String> {
    let of_others = ["n1", "n3"].map(|node| lab.on(node, LOCKS).exits(0).stdout);
    let looks = of_others.into_iter().chain([lab.on("n2", LOOK).exits(0).stdout]);
    looks.flat_map(|look| look.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
