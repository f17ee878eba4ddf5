//! Measures the project's budgets.

use std::process::ExitCode;

fn main() -> ExitCode {
    steadfast_benches::bench()
}
