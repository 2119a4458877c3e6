//! The image, read as one reads it who knows nothing but the specification: https://github.com/opencontainers/image-spec

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{VERSION, made, sha256, unpacked};

/// A layout, and which of its blobs were asked for.
struct Layout {
    directory: TempDir,
    seen: BTreeSet<String>,
}

impl Layout {
    fn of_the_packages() -> Option<Self> {
        let directory = unpacked(&made()?.join(format!("cpctl-{VERSION}-oci.tar")));
        Some(Self { directory, seen: BTreeSet::new() })
    }

    fn index(&self) -> Value {
        serde_json::from_slice(&fs::read(self.directory.path().join("index.json")).unwrap()).unwrap()
    }

    /// What a descriptor leads to, held against its digest and size.
    fn blob(&mut self, descriptor: &Value) -> PathBuf {
        let digest = descriptor["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap().to_owned();
        let path = self.directory.path().join("blobs/sha256").join(&digest);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(
            (sha256(&bytes), bytes.len() as u64),
            (digest.clone(), descriptor["size"].as_u64().unwrap())
        );
        self.seen.insert(digest);
        path
    }

    fn json(&mut self, descriptor: &Value) -> Value {
        serde_json::from_slice(&fs::read(self.blob(descriptor)).unwrap()).unwrap()
    }

    /// The descriptors of the manifests, one for each machine.
    fn manifests(&mut self) -> Vec<Value> {
        let index = self.index();
        assert_eq!(index["manifests"].as_array().unwrap().len(), 1);
        let images = self.json(&index["manifests"][0]);
        images["manifests"].as_array().unwrap().clone()
    }
}

fn gunzipped(path: &Path) -> Vec<u8> {
    Command::new("gzip").arg("-dc").arg(path).output().unwrap().stdout
}

fn listed(layer: &Path) -> String {
    let output = Command::new("tar").args(["--numeric-owner", "-tvzf"]).arg(layer).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_digest_and_size_in_the_image_holds_and_nothing_else_lies_in_it() {
    let Some(mut layout) = Layout::of_the_packages() else { return };

    for manifest in layout.manifests() {
        let manifest = layout.json(&manifest);
        let config = layout.json(&manifest["config"]);
        for (layer, diff) in manifest["layers"]
            .as_array()
            .unwrap()
            .iter()
            .zip(config["rootfs"]["diff_ids"].as_array().unwrap())
        {
            let layer = layout.blob(layer);
            assert_eq!(diff.as_str().unwrap(), format!("sha256:{}", sha256(&gunzipped(&layer))));
        }
    }

    let blobs = fs::read_dir(layout.directory.path().join("blobs/sha256")).unwrap();
    let blobs: BTreeSet<_> = blobs.map(|blob| blob.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(blobs, layout.seen);
    let version = fs::read_to_string(layout.directory.path().join("oci-layout")).unwrap();
    assert_eq!(version, r#"{"imageLayoutVersion":"1.0.0"}"#);
}

#[test]
fn one_name_leads_to_an_image_for_either_machine() {
    let Some(mut layout) = Layout::of_the_packages() else { return };

    let manifests = layout.manifests();

    let name = &layout.index()["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"];
    assert_eq!(name, VERSION);
    let platforms: Vec<_> = manifests.iter().map(|manifest| &manifest["platform"]).collect();
    let of = |machine: &str| json!({ "os": "linux", "architecture": machine });
    assert_eq!(platforms, [&of("amd64"), &of("arm64")]);
    for manifest in manifests {
        let machine = manifest["platform"]["architecture"].clone();
        let config = layout.json(&manifest)["config"].clone();
        assert_eq!(layout.json(&config)["architecture"], machine);
    }
}

#[test]
fn in_the_image_is_the_binary_and_a_user_who_is_not_root() {
    let Some(mut layout) = Layout::of_the_packages() else { return };

    let manifest = layout.manifests().remove(0);
    let manifest = layout.json(&manifest);

    let config = layout.json(&manifest["config"])["config"].clone();
    assert_eq!((&config["User"], &config["Entrypoint"]), (&"65532:65532".into(), &json!(["/usr/bin/cpctl"])));
    let layers: String =
        manifest["layers"].as_array().unwrap().iter().map(|layer| listed(&layout.blob(layer))).collect();
    let entries: Vec<_> = layers
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .map(|words| format!("{} {} {}", words[0], words[1], words.last().unwrap()))
        .collect();
    assert_eq!(
        entries,
        [
            "drwxr-xr-x 0/0 etc/",
            "-rw-r--r-- 0/0 etc/group",
            "-rw-r--r-- 0/0 etc/passwd",
            "drwxrwxrwt 0/0 tmp/",
            "drwxr-xr-x 0/0 home/",
            "drwxrwxrwt 65532/65532 home/nonroot/",
            "drwxr-xr-x 0/0 usr/",
            "drwxr-xr-x 0/0 usr/bin/",
            "-rwxr-xr-x 0/0 usr/bin/cpctl",
        ]
    );
}
