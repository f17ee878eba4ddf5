//! Steadfast: the offline-first core of a fitness app. ARCHITECTURE.md is the map; the rooms below are its floors.

uniffi::setup_scaffolding!("steadfast");

pub mod activities;
pub mod background;
pub mod client;
pub mod context;
pub mod database;
pub mod diagnostics;
pub mod domain;
pub mod error;
pub mod event;
pub mod interchange;
pub mod maintenance;
pub mod outbox;
pub mod recording;
pub mod recovery;
pub mod track;
pub mod wake;

/// The page that a newcomer reads first is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The guide's first page is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/README.md")]
struct Guide;
