//! The size of the library that an app ships, if it was built before and linked by `bindings/package/link.sh`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Plan;
use crate::measure::number;
use crate::report::{Budget, Measured, Report};

/// Profile `mobile`, symbols stripped; the second one without default features, for an app that only records.
pub fn measure(_: Plan, report: &mut Report) {
    for (name, path, megabytes) in [
        ("stripped library", "mobile/shipped/libsteadfast.so", 5.0),
        (
            "stripped library, recording alone",
            "recording-only/mobile/shipped/libsteadfast.so",
            2.5,
        ),
    ] {
        let library = crate::target().join(path);
        if !library.is_file() {
            println!("{name}: target/{path} is not built");
            continue;
        }
        match stripped_bytes(&library) {
            Ok(bytes) => report.add(&Measured {
                name,
                value: number(bytes) / 1e6,
                unit: "MB",
                peer: None,
                budget: Budget::AtMost(megabytes),
                beside: "profile mobile, this machine's architecture, uncompressed",
            }),
            Err(error) => println!("{name}: {error}"),
        }
    }
}

fn stripped_bytes(library: &Path) -> std::io::Result<u64> {
    let folder = crate::store::folder();
    let stripped = folder.path().join("stripped.so");
    let status = Command::new("strip").arg("-o").arg(&stripped).arg(library).status()?;
    if !status.success() {
        return Err(std::io::Error::other(format!("strip: {status}")));
    }
    Ok(fs::metadata(&stripped)?.len())
}
