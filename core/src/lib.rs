//! Steadfast: the offline-first core of a fitness app. ARCHITECTURE.md is the map; the rooms below are its floors.

uniffi::setup_scaffolding!("steadfast");

pub mod accounts;
pub mod activities;
pub mod background;
pub mod client;
pub mod context;
pub mod database;
pub mod diagnostics;
pub mod domain;
pub mod error;
pub mod event;
pub mod habits;
pub mod interchange;
pub mod maintenance;
pub mod metrics;
pub mod migration;
pub mod outbox;
pub mod programs;
pub mod recording;
pub mod recovery;
pub mod strength;
#[cfg(feature = "sync")]
pub mod sync;
pub mod telemetry;
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

/// So is the page about training data.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/training-data.md")]
struct TrainingData;
