//! Pages of a list, newest first. A page continues after a row, not after a count, so that a row that comes or goes between two pages
//! neither repeats nor hides another.

use super::id::Id;
use crate::error::{Result, SteadfastError};

/// Rows of one page at most.
pub const MAX_PAGE: u32 = 1000;

/// A place in the order (time, id), newest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// UTC milliseconds.
    pub at_ms: i64,
    /// The row's id; empty comes before every id.
    pub id: Vec<u8>,
}

impl Place {
    /// The row's place, as the app gets it: opaque to it.
    #[must_use]
    pub fn mark(at_ms: i64, id: Id) -> String {
        format!("{at_ms}.{}", id.simple())
    }

    /// Where a page begins: after the row of `after`, and before `until_ms`.
    ///
    /// # Errors
    /// `InvalidArgument` naming `after` if no page gave it.
    pub fn before(after: Option<&str>, until_ms: Option<i64>) -> Result<Self> {
        let until = Self {
            at_ms: until_ms.unwrap_or(i64::MAX),
            id: Vec::new(),
        };
        let Some(mark) = after else { return Ok(until) };
        let parse = || {
            let (at_ms, id) = mark.split_once('.')?;
            Some(Self {
                at_ms: at_ms.parse().ok()?,
                id: Id::try_parse(id).ok()?.as_bytes().to_vec(),
            })
        };
        let place = parse().ok_or_else(|| SteadfastError::invalid("after", "it is not the `next` of a page"))?;
        Ok(place.min(until))
    }
}

/// Checks how many rows a page is to have.
///
/// # Errors
/// `InvalidArgument` naming `limit`.
pub fn check_limit(limit: u32) -> Result<()> {
    if (1..=MAX_PAGE).contains(&limit) {
        Ok(())
    } else {
        Err(SteadfastError::invalid(
            "limit",
            format!("{limit} is not between 1 and {MAX_PAGE}"),
        ))
    }
}

/// Cuts one row more than asked for down to the page, and says where the next one begins.
#[must_use]
pub fn cut<T, M>(mut rows: Vec<T>, limit: u32, mark: impl Fn(&T) -> M) -> (Vec<T>, Option<M>) {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(mark) } else { None };
    (rows, next)
}
