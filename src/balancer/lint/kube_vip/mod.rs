//! kube-vip: the manifest that lets one control-plane node hold the address.

mod parse;
mod rules;

use super::{Facts, Files, Part, Source, Spot, vip};
use crate::report::{Code, Finding};

pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        match parse::parse(&source.text) {
            Ok(containers) => {
                for container in containers.iter().filter(|container| container.is_of_control_plane()) {
                    part.findings.extend(rules::judge(source, container));
                    part.findings.extend(taken(source, container, files, facts));
                    part.judged.push((*source, container.address().to_owned()));
                }
            }
            Err(error) => {
                let spot = Spot::new(1, format!("this is not judged: {error}"));
                part.findings.push(source.finding(Code::NotJudged, spot));
            }
        }
    }
    part
}

/// The address that is to move, where a node has it for itself.
fn taken(
    source: &Source,
    container: &parse::Container,
    files: &Files<'_, '_>,
    facts: &Facts<'_>,
) -> Option<Finding> {
    let variable = container.variable("address").or_else(|| container.variable("vip_address"))?;
    let value = variable.value.as_ref()?;
    let why = vip::taken(&value.text, files, facts)?;
    Some(source.finding(Code::VipTaken, Spot::new(value.line, why).instead(vip::INSTEAD)))
}
