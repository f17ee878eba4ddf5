//! Bars on the terminal while a command works, fed by the core's events. Nowhere but on a terminal's standard error.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use steadfast_core::domain::progress::SavePhase;
use steadfast_core::event::{Event, EventListener, ListenerError};

/// The one bar of a command.
pub struct Progress {
    bar: ProgressBar,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }
}

impl Progress {
    /// Counts up to `total` of something: "samples", "files".
    ///
    /// indicatif draws on standard error, and only if that is a terminal.
    pub fn of(total: u64, what: &str) -> Self {
        let bar = ProgressBar::new(total);
        let style =
            ProgressStyle::with_template(&format!("  {{bar:30}} {{human_pos}} of {{human_len}} {what}  {{msg}}"));
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// So much of it is done.
    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// One more is done.
    pub fn one_more(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn warn(&self, words: &str) {
        self.bar
            .suspend(|| crate::output::complain(&format!("warning: {words}\n")));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn phase(phase: SavePhase) -> &'static str {
    match phase {
        SavePhase::Validating => "checking",
        SavePhase::Activity => "writing the activity",
        SavePhase::Track => "writing the track",
        SavePhase::Splits => "writing the splits",
        SavePhase::Committing => "committing",
        SavePhase::Clearing => "clearing up",
    }
}

impl EventListener for Progress {
    fn on_event(&self, event: Event) -> Result<(), ListenerError> {
        match event {
            Event::Progress { progress, .. } if progress.phase == SavePhase::Clearing => self.bar.set_message(""),
            Event::Progress { progress, .. } => {
                self.bar.set_message(format!(
                    "{} {}/{}",
                    phase(progress.phase),
                    progress.done,
                    progress.total
                ));
            }
            Event::StorageLow { free_bytes } => {
                let left = free_bytes
                    .map(|bytes| format!(": {} KB are left", bytes / 1024))
                    .unwrap_or_default();
                self.warn(&format!(
                    "the device is full{left}; what is recorded now is in memory only"
                ));
            }
            Event::Recording { .. }
            | Event::Changed { .. }
            | Event::Sync { .. }
            | Event::NeedsToken { .. }
            | Event::Alert { .. } => {}
        }
        Ok(())
    }
}
