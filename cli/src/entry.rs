//! What the commands about entries share: the clock on the wall, ids, the end of a page, numbers and days.

use std::time::SystemTime;

use serde_json::json;
use steadfast_core::domain::id::Id;

use crate::activity::local;
use crate::draw::format;
use crate::output::Report;

/// `2026-01-28 07:00` on the clock on the wall where it happened; in UTC where that is not known.
pub fn clock(time: SystemTime, utc_offset_s: Option<i32>) -> String {
    local(time, utc_offset_s, "%Y-%m-%d %H:%M")
        .trim_end_matches(" UTC")
        .to_owned()
}

/// Something was deleted.
pub fn deleted(id: Id) -> Report {
    Report::new(
        move || json!({ "deleted": id.to_string() }),
        move || format!("deleted {id}\n"),
    )
}

/// How a list goes on.
pub fn more(next: Option<&str>) -> String {
    next.map(|next| format!("more with --after {next}\n"))
        .unwrap_or_default()
}

/// A number with at most three decimals.
pub fn number(value: f64) -> String {
    let text = format::grouped(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_decimals_that_it_needs() {
        let texts = [0.0, 80.5, 80.512_646, 100.0, 2_092_000.0].map(number);
        assert_eq!(texts, ["0", "80.5", "80.513", "100", "2,092,000"]);
    }
}
