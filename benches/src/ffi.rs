//! A track's way to Kotlin and to Swift, as columns and as points. The two programs that measure it are written in those languages and run
//! before this one (`./dev bench`); each leaves two lines, `columns_ms X` and `points_ms Y`.

use std::fs;

use crate::Plan;
use crate::report::{Budget, Measured, Report};

/// 100,000 rows.
pub fn measure(_: Plan, report: &mut Report) {
    for (language, name) in [
        ("kotlin", "a track as columns, to Kotlin"),
        ("swift", "a track as columns, to Swift"),
    ] {
        let file = crate::target().join("ffi").join(format!("{language}.txt"));
        let Ok(text) = fs::read_to_string(&file) else {
            println!("{name}: target/ffi/{language}.txt is not there");
            continue;
        };
        let figure = |wanted: &str| {
            text.lines()
                .filter_map(|line| line.split_once(' '))
                .find(|(name, _)| *name == wanted)
                .and_then(|(_, value)| value.parse::<f64>().ok())
        };
        let (Some(columns_ms), Some(points_ms)) = (figure("columns_ms"), figure("points_ms")) else {
            println!("{name}: target/ffi/{language}.txt does not say");
            continue;
        };
        report.add(&Measured {
            name,
            value: columns_ms,
            unit: "ms",
            peer: Some(("as records", points_ms)),
            budget: Budget::AtMost(20.0),
            beside: "100,000 rows, 13 columns, read from the store included",
        });
    }
}
