//! The commands that bring changes to the server.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use steadfast_core::outbox::model::ConflictChoice;

/// `sync …`.
#[derive(Debug, Subcommand)]
pub enum SyncCommand {
    /// Send what waits, until nothing is left that can be sent (exit code 1 if something is left)
    Once(ServerArguments),
    /// What waits, what was refused, and what has to be done first
    Status,
    /// Values of this device that lost to another device's newer ones, newest first
    Conflicts {
        /// At most this many, 1 to 1000
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Go on after the conflict with this number
        #[arg(long, value_name = "ID")]
        after: Option<u64>,
    },
    /// Decide one of them
    Resolve {
        /// Its number in the list
        id: u64,
        /// Leave the value that won, or write the one that lost again
        #[arg(value_enum)]
        choice: Choice,
    },
}

/// Which of two values stays.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Choice {
    /// The one that won.
    Kept,
    /// The one that lost.
    Lost,
}

impl From<Choice> for ConflictChoice {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Kept => Self::Kept,
            Choice::Lost => Self::Lost,
        }
    }
}

/// Where the server is, and how long to try.
#[derive(Debug, Args)]
pub struct ServerArguments {
    /// The server's address, `https://…`; `http://…` only for this machine
    #[arg(long, env = "STEADFAST_SERVER", value_name = "URL")]
    pub server: String,
    /// A file with the account's token [default: the environment's `STEADFAST_TOKEN`]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The token. There is no option for it: every process of the machine could read it.
    #[arg(long, env = "STEADFAST_TOKEN", hide = true, hide_env_values = true)]
    pub token: Option<String>,
    /// A certificate in PEM that is trusted instead of the system's
    #[arg(long, value_name = "FILE")]
    pub root_certificate: Option<PathBuf>,
    /// Stop after so many seconds; what is on its way then is sent again next time, and applied once
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub deadline: u32,
}
