//! The positions of a track, segment by segment.

use crate::domain::sample::Row;

/// For each segment that has a position, the indices of its rows with one, in order.
///
/// A segment may start at a row without a position (a reading); what follows belongs to the new segment all the same.
pub(super) fn positioned(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut segments: Vec<Vec<usize>> = Vec::new();
    let mut starts = true;
    for (index, row) in rows.iter().enumerate() {
        starts |= row.starts_segment();
        if row.position_e7().is_none() {
            continue;
        }
        match segments.last_mut() {
            Some(segment) if !starts => segment.push(index),
            _ => segments.push(vec![index]),
        }
        starts = false;
    }
    segments
}
