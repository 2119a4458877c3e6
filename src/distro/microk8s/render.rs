//! What MicroK8s makes of its template: the same bytes as its `render_csr_conf`, computed here.

/// The mark that stands for the node's own addresses, replaced wherever it stands, in comments too.
const MARK: &str = "#MOREIPS";

/// Interfaces of pod networks, whose first IPv4 address does not count as the node's own.
pub(super) const POD_INTERFACES: [&str; 4] = ["vxlan.calico", "flannel.1", "cni0", "ovn0"];

/// The node's addresses as it tells them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Addresses {
    /// In the order and spelling of `hostname -I`.
    pub all: Vec<String>,
    /// Those of the pod networks' interfaces.
    pub pods: Vec<String>,
}

impl Addresses {
    /// The addresses that come into the certificate, in their order (`get_ips`).
    pub fn own(&self) -> impl Iterator<Item = &str> {
        let is_own =
            |address: &&str| !address.starts_with("169.254.") && !self.pods.iter().any(|pod| pod == address);
        self.all.iter().map(String::as_str).filter(is_own)
    }
}

/// The configuration that the template becomes on a node with these addresses.
pub(super) fn render(template: &str, addresses: &Addresses) -> String {
    let own: Vec<_> = addresses.own().collect();
    if own == ["127.0.0.1"] {
        return template.replace(MARK, "");
    }
    let mut number = 3;
    let lines: Vec<_> = own
        .iter()
        .map(|address| {
            while is_taken(template, number) {
                number += 1;
            }
            let line = format!("IP.{number} = {address}");
            number += 1;
            line
        })
        .collect();
    template.replace(MARK, &lines.join("\n"))
}

/// Whether `grep '^IP.n'` finds the number: at the start of a line only, the dot for any character, and `IP.30` for 3.
fn is_taken(template: &str, number: u32) -> bool {
    let digits = number.to_string();
    template.split('\n').any(|line| {
        let mut characters = line.strip_prefix("IP").unwrap_or_default().chars();
        characters.next().is_some() && characters.as_str().starts_with(&digits)
    })
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, process::Command};

    use proptest::prelude::*;

    use super::*;

    fn fixtures() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/microk8s")
    }

    fn addresses(all: &str, pods: &str) -> Addresses {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Addresses { all: words(all), pods: words(pods) }
    }

    /// What the shell makes of it, with grep and sed as MicroK8s uses them.
    #[expect(clippy::disallowed_methods, reason = "a real shell is the judge")]
    fn shell(template: &str, addresses: &Addresses) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("csr.conf.template");
        std::fs::write(&path, template).unwrap();
        let output = Command::new("bash")
            .arg(fixtures().join("render.bash"))
            .arg(&path)
            .env("ADDRESSES", addresses.all.join(" "))
            .env("POD_ADDRESSES", addresses.pods.join(" "))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn every_template_renders_to_the_bytes_that_the_shell_makes() {
        let machines = [
            addresses("", ""),
            addresses("127.0.0.1", ""),
            addresses("169.254.7.1", ""),
            addresses("172.22.22.11", ""),
            addresses("172.22.22.11 10.1.64.128 172.17.0.1 fd00::11", "10.1.64.128"),
            addresses("169.254.7.1 172.22.22.11 10.1.1.0 10.1.1.1 172.22.22.3", "10.1.1.0 10.1.1.1"),
        ];
        for entry in std::fs::read_dir(fixtures().join("templates")).unwrap() {
            let path = entry.unwrap().path();
            let template = std::fs::read_to_string(&path).unwrap();
            for machine in &machines {
                let shown = (path.display(), machine);
                assert_eq!(render(&template, machine), shell(&template, machine), "{shown:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn numbers_are_given_out_as_the_shell_gives_them(
            taken in prop::collection::vec("( ?IP[. x][0-9]{1,3} = 1|#MOREIPS|IP|ip.3 = 1|#IP.3|é)\r?", 0..9),
            own in prop::collection::vec(1_u8..250, 0..12),
        ) {
            let template = taken.join("\n");
            let machine = addresses(&own.iter().map(|last| format!("10.0.0.{last} ")).collect::<String>(), "10.0.0.7");

            prop_assert_eq!(render(&template, &machine), shell(&template, &machine));
        }
    }
}
