//! What the crash tests are made of.
//!
//! A test writes a [`script`], starts the `recording_child` on a [`scratch`] folder, lets the [`fault`] shim or the test itself kill it or
//! its disk, keeps a [`ledger`] of everything that the child was told is safe, and lets the [`audit`] compare that with what is left.

pub mod audit;
pub mod child;
pub mod conformance;
pub mod fault;
pub mod ledger;
pub mod performer;
pub mod run;
pub mod scratch;
pub mod script;
pub mod server;
pub mod store;
pub mod tally;
pub mod virtual_clock;
pub mod write;
