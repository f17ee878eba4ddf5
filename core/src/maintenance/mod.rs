//! Looking after the store: is it whole, and what can be mended, freed, backed up? The work is done in `database` and by the rooms' own
//! checks; this room is the exported object alone.

pub mod api;
pub mod report;
