//! Certificates made anew, judged by OpenSSL and by another parser.

mod cases;
mod properties;

use std::sync::LazyLock;

use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
    sign::Signer,
    stack::Stack,
    x509::{
        X509, X509Builder, X509Name, X509StoreContext,
        extension::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
            SubjectKeyIdentifier,
        },
        store::X509StoreBuilder,
    },
};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::*;

const SAN_ID: &str = "2.5.29.17";
const AKI_ID: &str = "2.5.29.35";

struct Authority {
    key: PKey<Private>,
    x509: X509,
    cert: ServingCert,
}

/// What an old certificate is like.
#[derive(Clone, Debug, Default)]
struct Shape {
    dns: Vec<String>,
    addresses: Vec<String>,
    mail: Vec<String>,
    is_critical: bool,
    is_unlinked: bool,
}

static EC: LazyLock<Authority> = LazyLock::new(|| authority(ec(Nid::X9_62_PRIME256V1), "lab CA"));
static LEAF: LazyLock<PKey<Private>> = LazyLock::new(|| rsa(2048));

fn ec(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

fn name(common: &str) -> X509Name {
    let mut name = X509Name::builder().unwrap();
    name.append_entry_by_text("O", "Kubernetes").unwrap();
    name.append_entry_by_text("CN", common).unwrap();
    name.build()
}

fn builder(version: i32, serial: u32, key: &PKey<Private>, issuer: &str, subject: &str) -> X509Builder {
    let mut builder = X509::builder().unwrap();
    builder.set_version(version).unwrap();
    let serial = BigNum::from_u32(serial).unwrap();
    builder.set_serial_number(&Asn1Integer::from_bn(&serial).unwrap()).unwrap();
    builder.set_issuer_name(&name(issuer)).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(1_700_000_000).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(2_800_000_000).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}

fn authority(key: PKey<Private>, subject: &str) -> Authority {
    let mut builder = builder(2, 1, &key, subject, subject);
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    let identifier = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(identifier).unwrap();
    builder.sign(&key, digest_for(&key)).unwrap();
    let x509 = builder.build();
    let cert = ServingCert::from_der(&x509.to_der().unwrap()).unwrap();
    Authority { key, x509, cert }
}

fn digest_for(key: &PKey<Private>) -> MessageDigest {
    let is_edwards = key.id() == openssl::pkey::Id::ED25519;
    if is_edwards { MessageDigest::null() } else { MessageDigest::sha256() }
}

fn leaf(authority: &Authority, shape: &Shape) -> ServingCert {
    let mut builder = builder(2, 7, &LEAF, "lab CA", "kubernetes");
    builder.append_extension(BasicConstraints::new().build().unwrap()).unwrap();
    let usage = KeyUsage::new().critical().digital_signature().key_encipherment().build().unwrap();
    builder.append_extension(usage).unwrap();
    let mut names = SubjectAlternativeName::new();
    for name in &shape.dns {
        names.dns(name);
    }
    for name in &shape.mail {
        names.email(name);
    }
    for name in &shape.addresses {
        names.ip(name);
    }
    if shape.is_critical {
        names.critical();
    }
    let context = builder.x509v3_context(Some(&authority.x509), None);
    let is_named = [&shape.dns, &shape.mail, &shape.addresses].iter().any(|names| !names.is_empty());
    let names = is_named.then(|| names.build(&context).unwrap());
    let link = AuthorityKeyIdentifier::new().keyid(true).issuer(true).build(&context);
    let usages = ExtendedKeyUsage::new().server_auth().client_auth().build().unwrap();
    let link = (!shape.is_unlinked).then(|| link.unwrap());
    for extension in names.into_iter().chain(link).chain([usages]) {
        builder.append_extension(extension).unwrap();
    }
    builder.sign(&authority.key, MessageDigest::sha256()).unwrap();
    ServingCert::from_der(&builder.build().to_der().unwrap()).unwrap()
}

fn names(texts: &[&str]) -> SanSet {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn draft(old: &ServingCert, authority: &Authority, adds: &SanSet) -> Result<Draft, Error> {
    drafted(old, authority, adds, SanSet::none())
}

fn drafted(
    old: &ServingCert,
    authority: &Authority,
    adds: &SanSet,
    removes: &SanSet,
) -> Result<Draft, Error> {
    let terms = Terms {
        authority: &authority.cert,
        adds,
        removes,
        serial: &Serial::new(&[0xfe, 0xdc, 0xba]).unwrap(),
        not_before: "2026-11-21T12:00:00.5Z".parse().unwrap(),
        not_after: "2027-11-21T12:00:00Z".parse().unwrap(),
    };
    Draft::of(old, &terms)
}

fn signature(draft: &Draft, authority: &Authority) -> Vec<u8> {
    let digest = MessageDigest::from_name(draft.digest()).unwrap();
    Signer::new(digest, &authority.key).unwrap().sign_oneshot_to_vec(draft.to_be_signed()).unwrap()
}

fn reissued(old: &ServingCert, authority: &Authority, adds: &SanSet) -> ServingCert {
    made(old, authority, adds, SanSet::none()).unwrap()
}

fn made(
    old: &ServingCert,
    authority: &Authority,
    adds: &SanSet,
    removes: &SanSet,
) -> Result<ServingCert, Error> {
    let draft = drafted(old, authority, adds, removes)?;
    let made = draft.put_into(old.to_pem().as_bytes(), &signature(&draft, authority))?;
    Ok(ServingCert::all_from_pem(&made)?.remove(0))
}

fn verifies(cert: &ServingCert, authority: &Authority) -> bool {
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(authority.x509.clone()).unwrap();
    let (store, leaf) = (store.build(), X509::from_der(&cert.der).unwrap());
    let chain = Stack::new().unwrap();
    X509StoreContext::new().unwrap().init(&store, &leaf, &chain, |context| context.verify_cert()).unwrap()
}

/// The extensions as another parser sees them, those named left out.
fn extensions_but(cert: &ServingCert, ids: &[&str]) -> Vec<(String, bool, Vec<u8>)> {
    let (_, cert) = X509Certificate::from_der(&cert.der).unwrap();
    let all = cert.extensions().iter();
    let all = all.map(|found| (found.oid.to_id_string(), found.critical, found.value.to_vec()));
    all.filter(|(id, ..)| !ids.contains(&id.as_str())).collect()
}

fn other_names(cert: &ServingCert) -> Vec<String> {
    let (_, cert) = X509Certificate::from_der(&cert.der).unwrap();
    let names = cert.subject_alternative_name().unwrap();
    let names = names.iter().flat_map(|names| &names.value.general_names);
    names.filter(|name| matches!(name, GeneralName::RFC822Name(_))).map(ToString::to_string).collect()
}

fn usual() -> Shape {
    Shape {
        dns: vec!["kubernetes".into(), "kubernetes.default".into()],
        addresses: vec!["10.32.0.1".into(), "127.0.0.1".into()],
        ..Shape::default()
    }
}
