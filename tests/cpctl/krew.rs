//! The manifest for krew, held against what krew takes: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest

use std::{collections::BTreeMap, fs};

use minijinja::{Environment, context};
use serde::Deserialize;

use super::{
    docs::text,
    packages::{self, DOWNLOADS},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Manifest {
    api_version: String,
    kind: String,
    metadata: BTreeMap<String, String>,
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Spec {
    version: String,
    homepage: String,
    short_description: String,
    description: String,
    caveats: String,
    platforms: Vec<Platform>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Platform {
    selector: BTreeMap<String, BTreeMap<String, String>>,
    uri: String,
    sha256: String,
    bin: String,
}

fn manifest() -> Manifest {
    let (version, sum) = (env!("CARGO_PKG_VERSION"), "0f".repeat(32));
    let (homepage, downloads) = ("https://cpctl.example", "https://cpctl.example/downloads");
    let sha256 = context! { x86_64 => &sum, aarch64 => &sum };
    let values = context! { version, homepage, downloads, sha256 };
    read(&Environment::new().render_str(&text("packages/krew.yaml"), values).unwrap())
}

fn read(manifest: &str) -> Manifest {
    serde_saphyr::from_str(manifest).unwrap()
}

#[test]
fn the_manifest_is_one_that_krew_takes() {
    let Manifest { api_version, kind, metadata, spec } = manifest();

    assert_eq!(api_version, "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!((kind.as_str(), metadata["name"].as_str(), metadata.len()), ("Plugin", "cpctl", 1));
    assert_eq!(spec.version, concat!("v", env!("CARGO_PKG_VERSION")));
    assert!(spec.homepage.starts_with("https://"));
    assert!(!spec.description.is_empty() && spec.caveats.contains("kubectl cpctl "));
    for platform in &spec.platforms {
        assert!(
            platform.uri.starts_with("https://") && platform.uri.ends_with(".tar.gz"),
            "{}",
            platform.uri
        );
        assert!(platform.sha256.len() == 64 && platform.sha256.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(platform.bin, "cpctl");
        assert_eq!(platform.selector.keys().collect::<Vec<_>>(), ["matchLabels"]);
        assert_eq!(platform.selector["matchLabels"].keys().collect::<Vec<_>>(), ["arch", "os"]);
    }
    let known: Vec<&str> =
        spec.platforms.iter().map(|platform| platform.selector["matchLabels"]["arch"].as_str()).collect();
    assert_eq!(known, ["amd64", "arm64"]);
}

#[test]
fn its_short_description_is_as_its_naming_guide_asks() {
    let short = manifest().spec.short_description;

    assert!(short.chars().count() <= 50 && !short.contains('\n'), "krew's list shows 50 letters: {short}");
    assert!(!short.ends_with('.') && !short.to_lowercase().contains("kubectl"), "{short}");
}

#[test]
fn the_one_that_packages_come_with_leads_to_their_archives() {
    let Some(made) = packages::made() else { return };

    let manifest = read(&fs::read_to_string(made.join("krew.yaml")).unwrap());

    assert_eq!(manifest.spec.homepage, "https://cpctl.example");
    assert_eq!(manifest.spec.platforms.len(), 2);
    for platform in manifest.spec.platforms {
        let archive = made.join(platform.uri.strip_prefix(DOWNLOADS).unwrap().trim_start_matches('/'));
        assert_eq!(platform.sha256, packages::sha256(&fs::read(&archive).unwrap()));
        assert!(packages::unpacked(&archive).path().join(platform.bin).is_file());
    }
}
