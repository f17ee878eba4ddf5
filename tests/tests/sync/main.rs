//! Sync against a server that misbehaves, over real sockets: nothing is lost, nothing is applied twice, nothing dies that may not, and once
//! the server is well the queue empties by itself.

#[path = "../sync_world/mod.rs"]
mod sync_world;

mod access;
mod accounts;
mod faults;
mod life;
mod link;
mod poison;
mod requests;
mod restored;
mod single_run;
mod wake_ups;
