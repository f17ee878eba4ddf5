//! Recording a workout from live sensors.
//!
//! Responsible for what counts: which fixes enter the track, how far, how high, how long. Not responsible for keeping it safe
//! (`recovery`) or for storing it (`activities`). Everything but `api` is pure.
//!
//! Where a rule lives: a fix is rejected in `gate`, a clock is mended in `timeline`, a pause counts in `timer`, a step in `odometer`,
//! a climb in `elevation`, a split in `splits`, a lap in `laps`, standing still in `auto_pause`, readings meet fixes in `readings`;
//! `session` puts
//! them in order, `finish` checks what may be saved.

pub mod active;
pub mod api;
pub mod arrival;
pub mod auto_pause;
pub mod autosave;
pub mod commit;
pub mod elevation;
pub mod finish;
pub mod gate;
pub mod laps;
pub mod live_subscription;
pub mod model;
pub mod odometer;
pub mod quantise;
pub mod readings;
pub mod recompute;
pub mod recorder;
pub mod recovered;
pub mod session;
pub mod splits;
pub mod timeline;
pub mod timer;
pub mod totals;
