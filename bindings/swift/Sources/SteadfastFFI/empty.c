// SwiftPM builds no target without a source file. The functions of the header are in the Rust library.
