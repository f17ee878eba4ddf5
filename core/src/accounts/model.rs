//! The words of the accounts room.

/// What becomes of the data that was recorded without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum LocalData {
    /// It becomes the account's, and is sent to its server.
    Adopt,
    /// It stays apart, and is there again after signing out.
    Keep,
}

/// What becomes of the changes that the server has yet to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SignOut {
    /// They wait until somebody signs in to the account again.
    Keep,
    /// They are given up: the server never hears of them. Workouts that only this device has are gone.
    Discard,
}

/// What signing in did.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignInReport {
    /// Changes of the local account that are the account's now.
    pub adopted: u64,
    /// Changes that stay with the local account.
    pub kept: u64,
    /// Changes of the account that wait to be sent, with the adopted ones.
    pub pending: u64,
}

/// What signing out did.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignOutReport {
    /// Changes that wait for the next sign-in, dead ones among them.
    pub kept: u64,
    /// Changes that were given up.
    pub discarded: u64,
}
