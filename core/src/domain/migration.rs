//! Taking over what an earlier store of the app held: row by row, all or nothing, as often as the app likes.

use super::cancel::CancelToken;
use crate::error::{Result, SteadfastError};

/// What a migration did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct MigrationReport {
    /// Rows of the earlier store that wrote something here.
    pub imported: u64,
    /// Rows that wrote nothing: what they say is here already, was changed here since, or was deleted here.
    pub unchanged: u64,
    /// Rows in all.
    pub total: u64,
}

/// Writes one row after the other with `write`, which says whether it wrote anything; `one_more` hears of each. `cancel` is asked before each
/// row and once after the last, so that the caller's transaction is rolled back for whoever cancels before it commits.
///
/// # Errors
/// `Cancelled`; the first error of `write`.
pub fn each<R>(
    rows: impl IntoIterator<Item = R>,
    cancel: Option<&CancelToken>,
    mut one_more: impl FnMut(),
    mut write: impl FnMut(R) -> Result<bool>,
) -> Result<MigrationReport> {
    let mut report = MigrationReport::default();
    for row in rows {
        go_on(cancel)?;
        if write(row)? {
            report.imported += 1;
        } else {
            report.unchanged += 1;
        }
        report.total += 1;
        one_more();
    }
    go_on(cancel)?;
    Ok(report)
}

/// Checks every row before any is written, and gives what `check` makes of them. Its error says which row it is, counted from 0.
///
/// # Errors
/// The first error of `check`.
pub fn checked<R, T>(rows: &[R], check: impl Fn(&R) -> Result<T>) -> Result<Vec<T>> {
    rows.iter()
        .enumerate()
        .map(|(index, row)| check(row).map_err(|error| of_row(index, error)))
        .collect()
}

fn of_row(index: usize, error: SteadfastError) -> SteadfastError {
    match error {
        SteadfastError::Validation { code, field, detail } => SteadfastError::Validation {
            code,
            field,
            detail: format!("row {index}: {detail}"),
        },
        other => other,
    }
}

fn go_on(cancel: Option<&CancelToken>) -> Result<()> {
    if cancel.is_some_and(CancelToken::is_cancelled) {
        Err(SteadfastError::cancelled())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_whether_they_wrote() {
        let report = each([1, 2, 3, 4, 5], None, || (), |row| Ok(row % 2 == 0));
        let expected = MigrationReport {
            imported: 2,
            unchanged: 3,
            total: 5,
        };
        assert_eq!(report, Ok(expected));
    }

    #[test]
    fn whoever_cancels_stops_it_before_the_next_row_and_even_after_the_last() {
        for stop_at in 0..4 {
            let (cancel, mut written) = (CancelToken::new(), 0);
            let outcome = each(
                [(); 4],
                Some(cancel.as_ref()),
                || (),
                |()| {
                    if written == stop_at {
                        cancel.cancel();
                    }
                    written += 1;
                    Ok(true)
                },
            );
            assert_eq!((outcome, written), (Err(SteadfastError::cancelled()), stop_at + 1));
        }
    }

    #[test]
    fn a_refused_row_is_named() {
        let check = |row: &u32| {
            if *row < 3 {
                Ok(row * 10)
            } else {
                Err(SteadfastError::invalid("week", "too many"))
            }
        };
        assert_eq!(checked(&[1, 2], check), Ok(vec![10, 20]));
        assert_eq!(
            checked(&[1, 2, 3], check),
            Err(SteadfastError::invalid("week", "row 2: too many"))
        );
    }
}
