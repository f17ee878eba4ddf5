//! The commands about what waits for the server.

use clap::Subcommand;
use steadfast_core::outbox::model::OutboxStatus;

use crate::values::entry::{EventName, status};

/// `outbox …`.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// How many events stand where
    Stats,
    /// Events, oldest first
    List {
        /// Only these: pending, processing, completed, failed, dead, replaced or discarded
        #[arg(long, value_parser = status)]
        status: Option<OutboxStatus>,
        /// At most this many, 1 to 1000
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Go on after the event with this number
        #[arg(long, value_name = "SEQ")]
        after: Option<u64>,
    },
    /// Everything about one event
    Show {
        /// Its number in the list, or the first 8 or more characters of its id
        event: EventName,
    },
    /// Events that should have been sent and were not attempted for five minutes
    Stale,
    /// Send dead and failed events again
    Retry {
        /// Their numbers in the list, or the first 8 or more characters of their ids
        #[arg(required = true)]
        events: Vec<EventName>,
    },
    /// Give events up: the server never hears of them, and the data looks as if they had not been made
    Discard {
        /// Their numbers in the list, or the first 8 or more characters of their ids
        #[arg(required = true)]
        events: Vec<EventName>,
    },
}
