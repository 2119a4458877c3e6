//! Words of a call for the script that are more than paths.

use std::time::Duration;

use super::super::command::quote;

/// A run or a file of its record: one plain word, never a path.
pub(super) fn plain(name: &str) -> Result<&str, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.starts_with(['.', '-']) || !name.bytes().all(is_plain) {
        return Err(name.to_owned());
    }
    Ok(name)
}

/// `BACKEND/SERVER`, in the letters that HAProxy allows for either.
pub(super) fn served(server: &str) -> Result<String, String> {
    let is_name = |name: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        !name.is_empty() && name.bytes().all(is_plain)
    };
    match server.split_once('/') {
        Some((backend, name)) if is_name(backend) && is_name(name) => Ok(quote(server)),
        _ => Err(server.to_owned()),
    }
}

/// Whole seconds, rounded up.
pub(super) fn seconds(within: Duration) -> u64 {
    within.as_secs() + u64::from(within.subsec_nanos() > 0)
}
