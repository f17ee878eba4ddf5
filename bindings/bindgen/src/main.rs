//! The binding generator, a crate of its own so that the library never pays for `uniffi`'s command line.
fn main() {
    uniffi::uniffi_bindgen_main();
}
