//! What the tests count.

use std::fmt;

/// The result of many kills.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Children that died by SIGKILL.
    pub kills: u64,
    /// Samples that a child was told are safe.
    pub acknowledged: u64,
    /// Of those, how many are nowhere any more.
    pub lost: u64,
    /// Activities or events that are there twice, and saved workouts that are offered again.
    pub duplicates: u64,
    /// Activities without all of their parts, and parts without activity.
    pub half_saved: u64,
    /// Everything that was not as promised, in words; empty if all is well.
    pub violations: Vec<String>,
}

impl Tally {
    /// Adds another tally.
    pub fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.duplicates += other.duplicates;
        self.half_saved += other.half_saved;
        self.violations.extend(other.violations);
    }

    /// Prints the line of figures and writes it to a file of `target/`; then holds the promises to it.
    ///
    /// # Panics
    /// If a promise was broken.
    pub fn conclude(&self, file: &str) {
        println!("{self}");
        std::fs::write(crate::scratch::target(file), format!("{self}\n")).expect("target can be written");
        assert!(
            self.violations.is_empty(),
            "{self}\n{}",
            self.violations[..self.violations.len().min(20)].join("\n")
        );
        assert_eq!((self.lost, self.duplicates, self.half_saved), (0, 0, 0), "{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kills,
            acknowledged,
            lost,
            duplicates,
            half_saved,
            violations: _,
        } = self;
        write!(
            to,
            "kills {kills}, acknowledged samples {acknowledged}, lost {lost}, duplicates {duplicates}, half-saved {half_saved}"
        )
    }
}
