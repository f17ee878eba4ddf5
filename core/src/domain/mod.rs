//! The words that two rooms or more share: ids, time, samples, kinds, accounts. No rule of a room and no I/O.

pub mod account;
pub mod cancel;
pub mod civil_date;
pub mod column;
pub mod distance;
pub mod id;
pub mod instant;
pub mod kind;
pub mod lap;
pub mod manual_clock;
pub mod migration;
pub mod page;
pub mod program_day;
pub mod progress;
pub mod randomness;
pub mod record;
pub mod recording_state;
pub mod reported;
pub mod sample;
pub mod small_map;
pub mod split;
pub mod start_options;
pub mod sync_status;
pub mod tally;
pub mod text;
pub mod time;
