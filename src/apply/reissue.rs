//! A certificate signed anew: the key signs on its own machine, and what comes back is judged here.

use super::{Cause, Run, seen::Seen};
use crate::{
    cert::reissue,
    node::{Act, Done},
    plan::{Reissue, Step},
};

impl Run<'_> {
    /// The file's bytes with the certificate that was signed now; `None` where it is in place already.
    ///
    /// Signing changes nothing anywhere, so it comes before the change is begun.
    pub(super) fn reissued(
        &mut self,
        step: &Step,
        reissue: &Reissue,
        seen: &Seen,
    ) -> Result<Option<Vec<u8>>, Cause> {
        if seen.is_reissued(&step.node, reissue)? {
            return Ok(None);
        }
        let Reissue { file, authority, draft, .. } = reissue;
        let sign = Act::Sign {
            key: authority.key.clone(),
            digest: draft.digest().into(),
            bytes: draft.to_be_signed().to_vec(),
        };
        let signer = authority.node.as_ref().unwrap_or(&step.node);
        let signature = match self.act(signer, &[sign])?.pop() {
            Some(Done::Output(output)) => output.stdout,
            _ => vec![],
        };
        let made = draft.put_into(seen.bytes(file).unwrap_or_default(), &signature);
        made.map(Some).map_err(|source| unsigned(&step.node, reissue, source))
    }
}

impl Seen {
    /// Whether the certificate is in place already; a file that holds neither it nor the one before is refused.
    pub(super) fn is_reissued(&self, node: &str, reissue: &Reissue) -> Result<bool, Cause> {
        let file = self.bytes(&reissue.file).unwrap_or_default();
        reissue.draft.is_made(file).map_err(|source| unsigned(node, reissue, source))
    }
}

fn unsigned(node: &str, reissue: &Reissue, source: reissue::Error) -> Cause {
    Cause::Unsigned { node: node.into(), path: reissue.file.clone(), source }
}
