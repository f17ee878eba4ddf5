//! Which account may be signed in to. Pure.

use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::text::check_name;
use crate::error::{Result, SteadfastError};

/// Checks the name of an account.
///
/// # Errors
/// `InvalidArgument` naming `account_id`: empty, too long, with control characters, or `local`, which is the account without a server.
pub fn check_account_id(account_id: &str) -> Result<()> {
    check_name("account_id", account_id)?;
    if account_id == LOCAL_ACCOUNT {
        return Err(SteadfastError::invalid(
            "account_id",
            "`local` is the account of a device that is signed out",
        ));
    }
    Ok(())
}
