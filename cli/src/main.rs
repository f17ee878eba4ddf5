//! `steadfast`: the desktop shell over the same objects that Swift and Kotlin call. It holds no rule of its own.
//!
//! - `args`, `values`: the command line; `shell`: opens the client; `output`: text or one JSON object, errors, exit codes
//! - `record`, `recover`, `backups`, `import`, `activities`, `check`, `demo`: recorded workouts, a command group each
//! - `program`, `strength` (its file: `draft`), `metric`, `habit`, `health`, `migrate`: what a person enters, or entered elsewhere
//! - `outbox`, `sync`, `account`, `diagnostics`: what the server has yet to hear, who is signed in, a report for a bug
//! - `replay`: feeds a recording in through the recorder's calls
//! - `activity`, `entry`, `table`, `progress`: an activity in words, what entries share, aligned tables, bars on the terminal
//! - `picture`, `draw`: an activity on a printed page

mod account;
mod activities;
mod activity;
mod args;
mod backups;
mod check;
mod demo;
mod diagnostics;
mod draft;
mod draw;
mod entry;
mod habit;
mod health;
mod import;
mod metric;
mod migrate;
mod outbox;
mod output;
mod picture;
mod program;
mod progress;
mod record;
mod recover;
mod replay;
mod shell;
mod strength;
mod sync;
mod table;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use output::Outcome;
use shell::Shell;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    std::panic::set_hook(Box::new(apologise));
    let as_json = arguments.json;
    let done = catch_unwind(AssertUnwindSafe(|| output::finish(run(arguments), as_json)));
    done.unwrap_or_else(|_| {
        if as_json {
            output::print("{\"error\":{\"category\":\"internal\",\"code\":\"panic\",\"severity\":\"critical\",\"retryable\":false,\"message\":\"An error in this program\",\"reason\":\"It stopped where it should not.\",\"suggestion\":\"What was recorded is safe: see `steadfast recover list`. Please report it.\"}}\n");
        }
        ExitCode::from(1)
    })
}

fn apologise(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(|location| format!(" ({}:{})", location.file(), location.line()))
        .unwrap_or_default();
    output::complain(&format!(
        "Sorry: this is an error in steadfast itself{place}.\nWhat was recorded is safe: see `steadfast recover list`.\nPlease report it with the lines above.\n"
    ));
}

fn run(arguments: Arguments) -> Outcome {
    let shell = Shell::new(&arguments)?;
    match arguments.command {
        Command::Demo { keep } => demo::run(shell, keep.as_deref()),
        Command::DemoChild => demo::child(&shell),
        Command::Record(arguments) => record::run(shell, arguments),
        Command::Recover(command) => recover::run(shell, command),
        Command::Backups(command) => backups::run(&shell, command),
        Command::Import { files, jobs } => import::run(shell, files, jobs),
        Command::Activities(command) => activities::run(&shell, command),
        Command::Program(command) => program::run(&shell, command),
        Command::Metric(command) => metric::run(&shell, command),
        Command::Habit(command) => habit::run(&shell, command),
        Command::Strength(command) => strength::run(&shell, command),
        Command::Health(command) => health::run(&shell, command),
        Command::Migrate { file } => migrate::run(&shell, &file),
        Command::Outbox(command) => outbox::run(&shell, command),
        Command::Sync(command) => sync::run(&shell, command),
        Command::Login {
            account,
            adopt,
            keep: _,
        } => account::login(&shell, account, adopt),
        Command::Logout { discard } => account::logout(&shell, discard),
        Command::Account => account::account(&shell),
        Command::Diagnostics => diagnostics::run(&shell),
        Command::Check { repair } => check::check(&shell, repair),
        Command::Backup => check::backup(&shell),
        Command::RestoreBackup => check::restore_backup(&shell),
        Command::FreeSpace => check::free_space(&shell),
    }
}
