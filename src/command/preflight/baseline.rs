//! The file of what is accepted.

use std::{fs, path::Path};

use jiff::tz::TimeZone;

use crate::{
    error::Error,
    outcome::Preflight,
    report::{Baseline, Selection, checked},
};

pub(super) fn read(path: &Path) -> Result<Baseline, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Baseline::parse(&path.display().to_string(), &text)
        .map_err(|unread| Error::Usage { message: unread.to_string(), hint: Baseline::SHAPE.into() })
}

/// What is accepted does not count; what is to say of the file itself is told even where other checks are asked for.
pub(super) fn apply(baseline: &Baseline, preflight: &mut Preflight, selection: &Selection) {
    let today = preflight.now.to_zoned(TimeZone::UTC).date();
    let told = baseline.apply(&mut preflight.rows, selection, today);
    let selection = Selection { only: vec![], skip: selection.skip.clone() };
    preflight.rows.extend(selection.of(checked(&[], &told)));
}
