//! How the binary is linked.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let of_target = |what: &str| env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if of_target("OS") != "linux" || of_target("ENV") != "gnu" {
        return;
    }
    // A third of the start of a position-independent executable is the loader at work on its 43 000 pointers. Those
    // of Go, kubectl among them, are not position-independent either; the `pie` feature asks for one.
    if env::var_os("CARGO_FEATURE_PIE").is_none() {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    // Of libgcc_s.so only what walks the stack is wanted. The copy that is linked in need not be found, loaded and set
    // up at every start; every C compiler that makes the library has it too.
    println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
}
