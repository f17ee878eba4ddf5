//! Whose data a row is.

/// The account that owns a row. `local` is the account of a device that never signed in.
pub type AccountId = String;

/// The account that exists before any sign-in and needs no server.
pub const LOCAL_ACCOUNT: &str = "local";
