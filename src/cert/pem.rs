//! PEM text, its certificates and nothing else of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Error;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The DER of every certificate block; keys are not even decoded, and text around the blocks is passed over.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let text = String::from_utf8_lossy(pem);
    let mut found = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines().map(str::trim) {
        match (line, block.as_mut()) {
            (BEGIN, _) => block = Some(String::new()),
            (END, Some(_)) => found.push(decode(&block.take().unwrap_or_default())?),
            (_, Some(body)) => body.push_str(line),
            (_, None) => {}
        }
    }
    match block {
        Some(_) => Err(Error::Malformed("its last block has no end".into())),
        None => Ok(found),
    }
}

fn decode(body: &str) -> Result<Vec<u8>, Error> {
    let letters: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(letters).map_err(|error| Error::Malformed(error.to_string()))
}

pub(super) fn write(der: &[u8]) -> String {
    block(der, "\n") + "\n"
}

/// The text with its first certificate block replaced, line ends like those of the old block; every other byte stays.
pub(super) fn replace_first(pem: &[u8], der: &[u8]) -> Option<Vec<u8>> {
    let (mut at, mut begun) = (0, None);
    for line in pem.split_inclusive(|byte| *byte == b'\n') {
        let word = line.trim_ascii();
        let start = at + line.len() - line.trim_ascii_start().len();
        if word == BEGIN.as_bytes() {
            begun = Some((start, if line.ends_with(b"\r\n") { "\r\n" } else { "\n" }));
        }
        if let (true, Some((begin, line_end))) = (word == END.as_bytes(), begun) {
            let behind = &pem[start + END.len()..];
            return Some([&pem[..begin], block(der, line_end).as_bytes(), behind].concat());
        }
        at += line.len();
    }
    None
}

/// One block without the end of its last line.
fn block(der: &[u8], line_end: &str) -> String {
    let letters = STANDARD.encode(der);
    let mut text = format!("{BEGIN}{line_end}");
    for start in (0..letters.len()).step_by(64) {
        text.push_str(&letters[start..letters.len().min(start + 64)]);
        text.push_str(line_end);
    }
    text + END
}
