//! Signing with a key of the simulated node, as `openssl dgst -sign` does.

use std::{io, path::Path};

use openssl::{error::ErrorStack, hash::MessageDigest, pkey::PKey, sign::Signer};

use super::node::SimulatedNode;
use crate::node::{Done, Error, Output};

impl SimulatedNode {
    pub(super) fn sign(&self, key: &Path, digest: &str, bytes: &[u8]) -> Result<Done, Error> {
        let cannot = self.cannot(format!("sign with {}", key.display()));
        let pem = self.read(key)?;
        let Some((pem, digest)) = pem.zip(MessageDigest::from_name(digest)) else {
            return Err(cannot(io::ErrorKind::NotFound.into()));
        };
        match signed(&pem, digest, bytes) {
            Ok(stdout) => Ok(Done::Output(Output { stdout, ..Output::default() })),
            Err(error) => Err(cannot(error.into())),
        }
    }
}

fn signed(pem: &[u8], digest: MessageDigest, bytes: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::private_key_from_pem_passphrase(pem, b"")?;
    Signer::new(digest, &key)?.sign_oneshot_to_vec(bytes)
}
