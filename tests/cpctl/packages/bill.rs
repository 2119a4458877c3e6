//! The bill of materials, against its schema and against what is built.

use std::{collections::BTreeSet, fs};

use boon::{Compiler, Schemas};
use serde_json::Value;

use super::{super::docs::text, VERSION, made};

const SCHEMAS: [&str; 3] = ["bom-1.5", "jsf-0.82", "spdx"];

fn bill() -> Option<Value> {
    let bill = made()?.join(format!("cpctl-{VERSION}.cdx.json"));
    Some(serde_json::from_slice(&fs::read(bill).unwrap()).unwrap())
}

fn compiler() -> Compiler {
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    for name in SCHEMAS {
        let file = format!("{name}.SNAPSHOT.schema.json");
        let schema = serde_json::from_str(&text(&format!("fixtures/schemas/cyclonedx/{file}"))).unwrap();
        compiler.add_resource(&format!("http://cyclonedx.org/schema/{file}"), schema).unwrap();
    }
    compiler
}

/// The component whose `purl` starts like this, up to its version.
fn named<'a>(bill: &'a Value, purl: &str) -> &'a Value {
    let starts = format!("pkg:{purl}@");
    let is_it = |component: &&Value| component["purl"].as_str().unwrap().starts_with(&starts);
    bill["components"].as_array().unwrap().iter().find(is_it).unwrap_or_else(|| panic!("{purl} is not named"))
}

#[test]
fn the_bill_is_as_the_schema_of_cyclonedx_describes_it() {
    let Some(mut bill) = bill() else { return };
    let (mut schemas, mut compiler) = (Schemas::new(), compiler());
    let bom =
        compiler.compile("http://cyclonedx.org/schema/bom-1.5.SNAPSHOT.schema.json", &mut schemas).unwrap();

    let wrong = schemas.validate(&bill, bom).err().map(|error| format!("{error:#}"));

    assert_eq!(wrong, None);
    bill["components"][0]["scope"] = "perhaps".into();
    assert!(schemas.validate(&bill, bom).is_err());
}

#[test]
fn the_bill_names_every_package_that_cargo_has_locked() {
    let Some(bill) = bill() else { return };
    let value = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(&format!("{key} = \""))).unwrap();
        line.trim_end_matches('"').to_owned()
    };
    let lock = text("Cargo.lock");
    let locked: BTreeSet<_> = lock
        .split("[[package]]")
        .skip(1)
        .map(|package| (value(package, "name"), value(package, "version")))
        .collect();

    let components = bill["components"].as_array().unwrap().iter().chain([&bill["metadata"]["component"]]);
    let named: BTreeSet<_> = components
        .map(|component| {
            (
                component["name"].as_str().unwrap().to_owned(),
                component["version"].as_str().unwrap().to_owned(),
            )
        })
        .collect();

    assert!(locked.len() > 200, "{}", locked.len());
    assert_eq!(locked.difference(&named).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
}

#[test]
fn the_bill_tells_what_is_in_the_binary_from_what_builds_and_tests_it() {
    let Some(bill) = bill() else { return };

    let scope = |name: &str| named(&bill, name)["scope"].as_str().unwrap();

    for inside in [
        "cargo/ring",
        "cargo/openssl-sys",
        "generic/openssl",
        "generic/libssh2",
        "generic/zlib",
        "generic/rust",
    ] {
        assert_eq!(scope(inside), "required", "{inside}");
    }
    for outside in ["cargo/criterion", "cargo/openssl-src", "cargo/serde_derive", "cargo/windows-link"] {
        assert_eq!(scope(outside), "excluded", "{outside}");
    }
}

#[test]
fn the_bill_has_the_version_of_openssl_that_is_linked() {
    let Some(bill) = bill() else { return };

    let version = named(&bill, "generic/openssl")["version"].as_str().unwrap();

    let linked = openssl::version::version();
    assert!(linked.starts_with(&format!("OpenSSL {version} ")), "{linked}: {version}");
}

#[test]
fn all_that_the_bill_says_to_depend_on_each_other_is_named_in_it() {
    let Some(bill) = bill() else { return };
    let refs: BTreeSet<_> = bill["components"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&bill["metadata"]["component"]])
        .map(|component| component["bom-ref"].as_str().unwrap())
        .collect();

    for edge in bill["dependencies"].as_array().unwrap() {
        let ends = edge["dependsOn"].as_array().unwrap().iter().chain([&edge["ref"]]);
        for end in ends {
            assert!(refs.contains(end.as_str().unwrap()), "{end}");
        }
    }
}
