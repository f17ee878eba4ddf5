//! The offline-first core of a fitness app.

uniffi::setup_scaffolding!("steadfast");

pub mod activities;
pub mod database;
pub mod domain;
pub mod error;
pub mod event;
pub mod interchange;
pub mod outbox;
pub mod recording;
pub mod recovery;
pub mod track;
