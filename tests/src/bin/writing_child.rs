//! An app that writes training data, to be killed: says the number of each write once it was acknowledged, with a single write(2).
//!
//! `writing_child FOLDER SEED FIRST`, and on until it is killed.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;

use pollster::block_on;
use steadfast_core::client::{Config, SteadfastClient};
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_core::domain::time::from_ms;
use steadfast_tests::write;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, numbers @ ..] = &arguments[..] else {
        panic!("FOLDER SEED FIRST")
    };
    let numbers: Vec<u64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    let [seed, first] = numbers[..] else {
        panic!("FOLDER SEED FIRST")
    };
    // Not through Rust's buffer: it may write a line in two parts.
    let mut stdout = File::from(std::io::stdout().as_fd().try_clone_to_owned().expect("stdout"));
    let clock = ManualClock::new(from_ms(write::moment_ms(first)));
    let config = Config::new(folder.as_str());
    let client = block_on(SteadfastClient::open_with_clock(config, None, clock.clone())).expect("the store opens");
    for n in first.. {
        clock.set(from_ms(write::moment_ms(n)));
        write::perform(&client, seed, n).expect("a disk with room");
        stdout.write_all(format!("{n}\n").as_bytes()).expect("stdout");
    }
}
