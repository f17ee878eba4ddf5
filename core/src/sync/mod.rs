//! Bringing the outbox to the server.
//!
//! [`engine`] decides, and does nothing: it is given what happened, the clocks and a random number, and says what to do. [`worker`] does
//! it, on threads of its own that sleep while there is nothing to do; [`table`] holds the transactions, [`transport`] the HTTP.

pub mod access;
pub mod api;
pub mod batch;
pub mod breaker;
pub mod classify;
pub mod connection;
pub mod engine;
mod lane;
pub mod link;
pub mod model;
pub mod retry_after;
mod status;
pub mod step;
pub mod suspects;
pub mod table;
pub mod tls;
pub mod token;
pub mod transport;
pub mod wishes;
mod worker;
