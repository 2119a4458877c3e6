//! Earlier runs that stopped part-way.

use super::Site;
use crate::{
    command::shared::records,
    journal::Account,
    report::{Code, Finding},
};

/// The runs on these nodes that this machine knows; one whose journal cannot be read is told by the verb that needs it.
pub(super) fn unfinished(site: &Site<'_>) -> Vec<Finding> {
    let accounts = records::unfinished(&site.inventory.nodes, site.world).unwrap_or_default();
    let finding = |account: &Account| {
        let run = &account.run;
        let message = format!("`{}` stopped part-way", account.plan.title);
        Finding::new(Code::RunUnfinished, format!("run {run}"), message)
            .remedy(format!("`cpctl resume {run}` finishes it, `cpctl undo {run}` takes it back"))
    };
    accounts.iter().map(finding).collect()
}
