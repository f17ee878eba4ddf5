//! The scripted server in a process of its own, for the scenarios of every language: `scripted_server [tls]`.
//!
//! It says its address, then answers every line of stdin, a command as JSON, with a line: `{"answer": …}` or `{"error": "…"}`. It ends with
//! stdin, so that it never outlives whoever started it, however that ends.

use serde_json::{Value, json};
use steadfast_tests::server::Server;
use steadfast_tests::server::command::Command;

fn main() {
    let server = match std::env::args().nth(1).as_deref() {
        None => Server::start(),
        Some("tls") => Server::start_tls(),
        Some(other) => panic!("there is no {other}"),
    };
    println!("{}", json!({ "answer": server.url() }));
    for line in std::io::stdin().lines() {
        println!("{}", reply(&line.expect("text"), &server));
    }
}

fn reply(line: &str, server: &Server) -> Value {
    match serde_json::from_str::<Command>(line) {
        Ok(command) => json!({ "answer": command.perform(server) }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}
