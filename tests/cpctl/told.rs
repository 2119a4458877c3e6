//! Comparing what cpctl says with what it said before.

/// Compares with the snapshot of this name, whatever the day, the certificates and the run.
macro_rules! assert_told {
    ($name:expr, $text:expr $(,)?) => {
        insta::with_settings!({ filters => vec![
            (r"\b\d{8}-\d{6}-[0-9a-z]{4}\b", "yyyymmdd-hhmmss-rand"),
            (r"\b[0-9a-f]{64}\b", "[sha256]"),
            (r"\b[0-9a-f]{30,40}\b", "[serial]"),
            (r"\b[0-9a-f]{16}\b", "[sha256, cut]  "),
            (r"\b36[45] days", "365 days"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-01-01 00:00"),
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-01-01T00:00:00Z"),
            (r"-----BEGIN CERTIFICATE-----(\\n|[A-Za-z0-9+/=\s])+-----END CERTIFICATE-----", "[certificate]"),
            (r"\b27[345] days", "274 days"),
            (r"PORT2: (no answer within 5 s|cannot connect: connection refused)", "PORT2: [silent]"),
            (r"\b127(\.1\d\d|\.2\d\d){3}\b", "127.100.100.100"),
            (r"\b\d+ s (ahead of|behind)", "N s $1"),
            (r"\(process \d+\)", "(process N)"),
            (r"\b(endpoint|cp\d) \d+ ms\b", "$1 N ms"),
            (r#""handshake_ms": \d+"#, "\"handshake_ms\": 1"),
        ] }, { insta::assert_snapshot!($name, $text) });
    };
}
pub(crate) use assert_told;
