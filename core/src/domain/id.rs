//! Identifiers, and how the same thing gets the same one everywhere.

pub use steadfast_protocol::id::{exercise, exercise_set, imported, lap, program_session, split, workout_log};

/// An identifier: `UUID` in Swift and Kotlin, 16 bytes in SQL, the hyphenated form in JSON.
pub type Id = uuid::Uuid;

uniffi::custom_type!(Id, String, {
    remote,
    lower: |id| id.to_string(),
    try_lift: |text| Ok(text.parse()?),
});
