//! Performs a scenario up to its next kill, and waits for that: `scenario_child FILE WORK FROM`.

use std::path::PathBuf;

use steadfast_tests::conformance::{READY, run_until_kill};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("FILE WORK FROM");
    let (file, work) = (PathBuf::from(next()), PathBuf::from(next()));
    match run_until_kill(&file, &work, next().parse().expect("a number")) {
        Ok(()) => {
            println!("{READY}");
            loop {
                std::thread::park();
            }
        }
        Err(why) => {
            println!("{}", why.replace('\n', " "));
            std::process::exit(1);
        }
    }
}
