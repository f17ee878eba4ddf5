//! Builds the fault shim as a shared object, for `LD_PRELOAD`.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=shim/fault.c");
    let object = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("libfault.so");
    // The shim stands between a program and glibc; elsewhere the tests that need it are left out.
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // `cc` builds static libraries only, but knows the compiler.
        let mut compiler = cc::Build::new().opt_level(2).get_compiler().to_command();
        compiler
            .args(["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&object)
            .arg("shim/fault.c")
            .arg("-lpthread");
        let status = compiler
            .status()
            .expect("a C compiler, as bundled SQLite needs one too");
        assert!(status.success(), "the shim does not compile");
    }
    println!("cargo:rustc-env=STEADFAST_FAULT_SHIM={}", object.display());
}
