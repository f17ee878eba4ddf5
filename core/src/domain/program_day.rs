//! A training day of a program, as the program counts its days.

use serde::{Deserialize, Serialize};

use super::text::check_name;
use crate::error::{Result, SteadfastError};

/// Weeks of a program at most.
const MAX_WEEK: u32 = 1000;
/// Days of a week of a program at most: some programs count one week of many days.
const MAX_DAY: u32 = 366;

/// A training day: what a program session and a workout log belong to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, uniffi::Record)]
pub struct ProgramDay {
    /// The app's id of the program: one line, not empty, at most 200 characters.
    pub program_id: String,
    /// 1 to 1000.
    pub week: u32,
    /// 1 to 366.
    pub day: u32,
}

impl ProgramDay {
    /// The day.
    #[must_use]
    pub fn new(program_id: impl Into<String>, week: u32, day: u32) -> Self {
        Self {
            program_id: program_id.into(),
            week,
            day,
        }
    }

    /// Checks that a program can have the day: a record that comes from outside may hold anything.
    ///
    /// # Errors
    /// `InvalidArgument` naming `program_id`, `week` or `day`.
    pub fn check(&self) -> Result<()> {
        check_name("program_id", &self.program_id)?;
        check_week(self.week)?;
        check_number("day", self.day, MAX_DAY)
    }

    /// The day itself, if a program can have it.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn checked(self) -> Result<Self> {
        self.check().map(|()| self)
    }
}

/// Checks the number of a week.
///
/// # Errors
/// `InvalidArgument` naming `week`.
pub fn check_week(week: u32) -> Result<()> {
    check_number("week", week, MAX_WEEK)
}

fn check_number(field: &str, value: u32, max: u32) -> Result<()> {
    if (1..=max).contains(&value) {
        Ok(())
    } else {
        Err(SteadfastError::invalid(
            field,
            format!("{value} is not between 1 and {max}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(program_id: &str, week: u32, day: u32) -> Option<String> {
        match ProgramDay::new(program_id, week, day).checked() {
            Err(SteadfastError::Validation { field, .. }) => field,
            _ => None,
        }
    }

    #[test]
    fn a_day_that_no_program_has_is_refused_by_the_field() {
        assert_eq!(refused("5x5", 1, 1), None);
        assert_eq!(refused("5x5", 1000, 366), None);
        assert_eq!(refused(" ", 1, 1).as_deref(), Some("program_id"));
        assert_eq!(refused("a\nb", 1, 1).as_deref(), Some("program_id"));
        assert_eq!(refused("5x5", 0, 1).as_deref(), Some("week"));
        assert_eq!(refused("5x5", 1001, 1).as_deref(), Some("week"));
        assert_eq!(refused("5x5", 1, 0).as_deref(), Some("day"));
        assert_eq!(refused("5x5", 1, 367).as_deref(), Some("day"));
    }
}
