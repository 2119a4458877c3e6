//! kube-vip: the manifest that lets one control-plane node hold the address.

mod parse;
mod rules;

use super::{Facts, Files, Part, Spot};
use crate::report::Code;

pub(super) fn judge<'a>(files: &Files<'_, 'a>, _: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        match parse::parse(&source.text) {
            Ok(containers) => {
                for container in containers.iter().filter(|container| container.is_of_control_plane()) {
                    part.findings.extend(rules::judge(source, container));
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
