//! The embedded cluster: simulated nodes with real TLS on loopback, for rehearsals and for tests.
