//! Keys that sign where they lie, with the machine's own openssl.

use openssl::pkey::PKey;

use super::*;

fn has_openssl() -> bool {
    let is_there = ["/usr/bin/openssl", "/usr/local/bin/openssl"].iter().any(|path| Path::new(path).exists());
    if !is_there {
        left_out("signing on a node, because there is no openssl");
    }
    is_there
}

#[test]
fn a_key_signs_where_it_lies_and_what_comes_back_is_its_signature() {
    if !has_openssl() {
        return;
    }
    let (rsa, key) = (openssl::rsa::Rsa::generate(2048).unwrap(), PKey::ec_gen("secp384r1").unwrap());
    let keys = [(PKey::from_rsa(rsa).unwrap(), "sha256"), (key, "sha384")];
    for (shell, (key, digest)) in shells().into_iter().zip(keys.iter().cycle()) {
        let mut machine = Machine::new(shell);
        let path = machine.put("it's a.key", &key.private_key_to_pem_pkcs8().unwrap());
        let bytes: Vec<u8> = (0..3_000_u32).map(|n| (n % 251) as u8).collect();
        let before = machine.names();

        let done = machine.one(Act::Sign { key: path, digest: (*digest).into(), bytes: bytes.clone() });

        let Ok(Done::Output(output)) = done else { panic!("{shell}: {:?}", done.err()) };
        let digest = openssl::hash::MessageDigest::from_name(digest).unwrap();
        let mut verifier = openssl::sign::Verifier::new(digest, key).unwrap();
        assert!(verifier.verify_oneshot(&output.stdout, &bytes).unwrap(), "{shell}");
        assert_eq!(machine.names(), before, "nothing is left behind");
    }
}

#[test]
fn a_key_that_cannot_sign_says_so_and_nobody_is_asked_for_its_password() {
    if !has_openssl() {
        return;
    }
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let key = PKey::ec_gen("prime256v1").unwrap();
        let cipher = openssl::symm::Cipher::aes_256_cbc();
        let sealed = key.private_key_to_pem_pkcs8_passphrase(cipher, b"secret").unwrap();
        let keys =
            [machine.put("sealed.key", &sealed), machine.put("no.key", b"text\n"), machine.at("absent")];

        for key in keys {
            let error =
                machine.one(Act::Sign { key, digest: "sha256".into(), bytes: b"x".into() }).unwrap_err();

            let node::Error::Failed { command, status: 1.., stderr, .. } = &error else {
                panic!("{shell}: {error:?}")
            };
            assert_eq!(command.program, "openssl");
            assert!(!stderr.contains("Enter pass phrase"), "{stderr}");
        }
    }
}

#[test]
fn a_machine_without_openssl_says_so() {
    for shell in shells() {
        let mut machine = Machine::new(shell);
        let key = machine.put("ca.key", b"key");
        machine.program("base64", "#!/bin/sh\ncat\n");
        machine.node.places.path = format!("{}:/nowhere", machine.at("bin").display());
        for name in ["cat", "mktemp", "rm", "stat", "head", "flock", "sleep", "sh"] {
            let found = ["/usr/bin", "/bin"].map(|dir| Path::new(dir).join(name));
            let found = found.iter().find(|path| path.exists()).unwrap();
            symlink(found, machine.at(&format!("bin/{name}"))).unwrap();
        }

        let error = machine.one(Act::Sign { key, digest: "sha256".into(), bytes: b"x".into() }).unwrap_err();

        let node::Error::Deed { deed, source, .. } = &error else { panic!("{shell}: {error:?}") };
        assert_eq!(deed, &format!("sign with {}", machine.at("ca.key").display()));
        assert_eq!(source.to_string(), "there is no program openssl");
    }
}
