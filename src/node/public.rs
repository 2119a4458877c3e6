//! What of a file with a key may be shown: the certificates beside it.

use base64::{Engine as _, engine::general_purpose::STANDARD};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const HELD: &str = "client-certificate-data:";

/// The whole certificates of a text in PEM, and those that a kubeconfig holds for its users; a block that ends otherwise
/// than it began is none.
pub fn certificates_in(text: &str) -> String {
    let held = text.lines().filter_map(held).map(|pem| blocks(&pem));
    [blocks(text)].into_iter().chain(held).collect()
}

fn held(line: &str) -> Option<String> {
    let value =
        line.trim_start_matches(['-', ' ', '\t']).strip_prefix(HELD)?.trim().trim_matches(['"', '\'']);
    String::from_utf8(STANDARD.decode(value).ok()?).ok()
}

fn blocks(text: &str) -> String {
    let (mut found, mut block) = (String::new(), None::<String>);
    for line in text.lines() {
        if line == BEGIN {
            block = Some(format!("{BEGIN}\n"));
        } else if line.starts_with(END) {
            found.extend(block.take().map(|inside| format!("{inside}{END}\n")));
        } else if let Some(inside) = block.as_mut().filter(|_| is_base64(line)) {
            inside.push_str(line);
            inside.push('\n');
        } else {
            block = None;
        }
    }
    found
}

fn is_base64(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
}
