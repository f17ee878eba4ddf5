//! Positions as a short string for map services: Google's "Encoded Polyline Algorithm Format", precision 5
//! (developers.google.com/maps/documentation/utilities/polylinealgorithm).
//!
//! Latitude and longitude in turn, in 1e-5 degrees, each as the difference to the one before; zigzagged, cut into groups of five bits,
//! the lowest first, each group but the last marked by a sixth bit, plus 63 to make it a printable character.

use crate::domain::sample::Row;
use crate::error::{Result, SteadfastError};

use super::segments;

/// Quanta of ours in one of the format's.
const STEP_E7: i32 = 100;

/// One string a segment; rows without a position are passed over. What is decoded lies within 0.5e-5° of what was encoded.
#[must_use]
pub fn encode_segments(rows: &[Row]) -> Vec<String> {
    segments::positioned(rows)
        .iter()
        .map(|segment| encode(segment.iter().filter_map(|index| rows[*index].position_e7())))
        .collect()
}

/// One string for positions (latitude, longitude; 1e-7 degrees).
#[must_use]
pub fn encode(positions_e7: impl IntoIterator<Item = (i32, i32)>) -> String {
    let mut text = String::new();
    let mut before = (0, 0);
    for (latitude_e7, longitude_e7) in positions_e7 {
        let position = (nearest(latitude_e7), nearest(longitude_e7));
        push(&mut text, position.0 - before.0);
        push(&mut text, position.1 - before.1);
        before = position;
    }
    text
}

/// The positions of a string (latitude, longitude; 1e-7 degrees).
///
/// # Errors
/// `Validation` if it is not an encoded polyline, or leaves the earth.
pub fn decode(text: &str) -> Result<Vec<(i32, i32)>> {
    let wrong = |what: &str| SteadfastError::invalid("polyline", what);
    let mut positions = Vec::new();
    let mut bytes = text.as_bytes();
    let mut position = (0_i64, 0_i64);
    while !bytes.is_empty() {
        position.0 += pull(&mut bytes).ok_or_else(|| wrong("a latitude is cut off or not encoded"))?;
        position.1 += pull(&mut bytes).ok_or_else(|| wrong("a longitude is cut off or not encoded"))?;
        if position.0.abs() > 90 * 100_000 || position.1.abs() > 180 * 100_000 {
            return Err(wrong("a position lies beyond 90° of latitude or 180° of longitude"));
        }
        let in_quanta = |e5: i64| i32::try_from(e5).map(|e5| e5 * STEP_E7);
        let (Ok(latitude), Ok(longitude)) = (in_quanta(position.0), in_quanta(position.1)) else {
            return Err(wrong("a position lies beyond 90° of latitude or 180° of longitude"));
        };
        positions.push((latitude, longitude));
    }
    Ok(positions)
}

fn nearest(quanta: i32) -> i64 {
    (i64::from(quanta) + i64::from(STEP_E7) / 2).div_euclid(i64::from(STEP_E7))
}

fn push(text: &mut String, difference: i64) {
    let mut rest = super::bytes::zigzag(difference);
    loop {
        let [group, ..] = (rest & 0x1f).to_le_bytes();
        rest >>= 5;
        let more = if rest == 0 { 0 } else { 0x20 };
        text.push(char::from((group | more) + 63));
        if rest == 0 {
            return;
        }
    }
}

/// The next difference; `None` if the text ends within it, or it is longer than any difference of positions.
fn pull(bytes: &mut &[u8]) -> Option<i64> {
    let mut value = 0_u64;
    for shift in (0..35).step_by(5) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let group = u64::from(first.checked_sub(63).filter(|group| *group < 0x40)?);
        value |= (group & 0x1f) << shift;
        if group & 0x20 == 0 {
            return Some(super::bytes::unzigzag(value));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_format_s_own_example_is_encoded_as_published() {
        let positions = [
            (385_000_000, -1_202_000_000),
            (407_000_000, -1_209_500_000),
            (432_520_000, -1_264_530_000),
        ];
        assert_eq!(encode(positions), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
        assert_eq!(decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@").expect("published"), positions);
    }

    #[test]
    fn each_segment_is_a_string_of_its_own() {
        let row = |latitude_e7, flags| Row {
            latitude_e7,
            longitude_e7: Some(0),
            flags,
            ..Row::default()
        };
        let rows = [
            row(Some(0), 1),
            row(None, 0),
            row(Some(1000), 0),
            row(Some(2000), Row::SEGMENT_START),
        ];
        assert_eq!(
            encode_segments(&rows),
            [encode([(0, 0), (1000, 0)]), encode([(2000, 0)])]
        );
        assert_eq!(encode_segments(&[]), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_polyline_is_refused() {
        for text in [
            "_",
            "_p~iF",
            "_p~iF~ps|",
            "\u{7f}\u{7f}",
            "  ",
            "é",
            "~~~~~~~~~~~~",
            "_p~iF~ps|U~~~~~A??",
        ] {
            let error = decode(text).expect_err(text);
            assert_eq!(error.code_name(), "invalid_argument");
        }
        assert_eq!(decode("").expect("no position"), []);
    }

    proptest! {
        #[test]
        fn positions_come_back_within_half_a_step(
            positions in prop::collection::vec((-900_000_000..=900_000_000_i32, -1_800_000_000..=1_800_000_000_i32), 0..50)
        ) {
            let decoded = decode(&encode(positions.iter().copied())).expect("encoded here");
            prop_assert_eq!(decoded.len(), positions.len());
            for (decoded, position) in decoded.iter().zip(&positions) {
                prop_assert!((decoded.0 - position.0).abs() <= STEP_E7 / 2);
                prop_assert!((decoded.1 - position.1).abs() <= STEP_E7 / 2);
            }
        }

        #[test]
        fn any_text_gives_positions_on_earth_or_an_error(text: String) {
            if let Ok(positions) = decode(&text) {
                prop_assert!(positions.iter().all(|position| position.0.abs() <= 900_000_000));
            }
        }
    }
}
