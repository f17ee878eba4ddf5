//! The splits as a table with bars.

use super::canvas::{Canvas, HAIR, Rect, SOFT, Style};
use super::colour::SpeedScale;
use super::format;
use super::model::{Sheet, SheetSplit};
use super::smooth::quantile;

/// Above the first row.
pub const HEAD: f64 = 46.0;
/// The smallest distance between two rows that can still be read.
pub const MIN_PITCH: f64 = 13.0;
/// A larger one would pull the table apart.
pub const MAX_PITCH: f64 = 24.0;
/// More rows are grouped: the table is as high as the sheet allows with `MIN_PITCH`.
pub const MAX_ROWS: usize = 44;

const NAME: Style = Style::new(13.0).bold();
const COLUMN: Style = Style::new(11.0).soft();
/// From here on there is room for the time of each split.
const WIDE: f64 = 460.0;

/// A row of the table: one split, or a group of neighbours.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    label: String,
    duration_s: f64,
    speed_mps: Option<f64>,
    /// Speed of the slowest and fastest split inside a group.
    range_mps: Option<(f64, f64)>,
    gain_m: f64,
    is_full: bool,
}

fn speed(split: &SheetSplit) -> Option<f64> {
    let of_pace = split.pace_s_per_km.map(|pace| 1000.0 / pace);
    let speed = of_pace.or(Some(split.distance_m / split.duration_s));
    speed.filter(|speed| speed.is_finite() && *speed > 0.0)
}

fn positive(value: f64) -> f64 {
    if value.is_finite() { value.max(0.0) } else { 0.0 }
}

/// How many splits share a row: 1, 2, 5, 10 … until the table has room.
fn group_size(count: usize) -> usize {
    let sizes = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_usize.saturating_pow(power)));
    sizes.into_iter().find(|size| count.div_ceil(*size) <= MAX_ROWS).unwrap_or(1)
}

/// The rows of the table, at most `MAX_ROWS`.
#[must_use]
pub fn rows(sheet: &Sheet) -> Vec<Row> {
    let size = group_size(sheet.splits.len());
    let row = |group: &[SheetSplit]| {
        let (first, last) = (group.first()?, group.last()?);
        let distance_m: f64 = group.iter().map(|split| positive(split.distance_m)).sum();
        let duration_s: f64 = group.iter().map(|split| positive(split.duration_s)).sum();
        let speeds = || group.iter().filter(|split| split.is_full).filter_map(speed);
        let is_full = group.len() == size && group.iter().all(|split| split.is_full);
        Some(Row {
            label: match (is_full, size) {
                (false, _) => format!("+{}", format::distance(distance_m, sheet.units)),
                (true, 1) => first.index.to_string(),
                (true, _) => format!("{}–{}", first.index, last.index),
            },
            duration_s,
            speed_mps: if size == 1 { speed(first) } else { Some(distance_m / duration_s).filter(|speed| speed.is_finite()) },
            range_mps: quantile(speeds(), 0.0).zip(quantile(speeds(), 1.0)).filter(|_| size > 1),
            gain_m: group.iter().map(|split| positive(split.elevation_gain_m)).sum(),
            is_full,
        })
    };
    sheet.splits.chunks(size).filter_map(row).collect()
}

/// The height that the rows need at this distance from each other.
#[must_use]
pub fn height(rows: usize, pitch: f64) -> f64 {
    HEAD + rows as f64 * pitch + 4.0
}

/// The distance of the rows in a table of this height.
#[must_use]
pub fn pitch(rows: usize, height: f64) -> f64 {
    ((height - HEAD - 4.0) / rows.max(1) as f64).clamp(MIN_PITCH, MAX_PITCH)
}

/// Draws the table into `area`; returns where it ends.
pub fn draw(canvas: &mut Canvas, area: Rect, sheet: &Sheet, rows: &[Row], scale: Option<SpeedScale>) -> f64 {
    let units = sheet.units;
    let unit = sheet.rate.unit(units);
    let pitch = pitch(rows.len(), area.h);
    let text = Style::new((pitch * 0.82).clamp(10.6, 12.5));
    let with_gain = rows.iter().any(|row| row.gain_m >= 0.5);
    let with_time = area.w >= WIDE;
    // Columns: label, (time,) rate, bar, gain bar, gain.
    let label_end = area.x + rows.iter().map(|row| text.width(&row.label)).fold(22.0, f64::max);
    let time_end = if with_time { label_end + 70.0 } else { label_end };
    let rate_end = time_end + if with_time { 62.0 } else { 48.0 };
    let gain_width = if area.w >= WIDE { 150.0 } else { 78.0 };
    let bar_start = rate_end + 10.0;
    let bar_end = if with_gain { area.right() - gain_width - 12.0 } else { area.right() };
    let gain_start = area.right() - gain_width;
    let gain_end = area.right() - 30.0;

    let speeds = || rows.iter().filter_map(|row| row.speed_mps);
    let usual = quantile(speeds(), 0.5).unwrap_or(1.0);
    // A split through a tunnel may claim anything; the others keep their length.
    let fastest = rows.iter().filter_map(|row| row.range_mps.map(|range| range.1).or(row.speed_mps)).fold(0.0, f64::max);
    let full_scale = fastest.min(usual * 2.0).max(1e-6);
    let most_gain = rows.iter().map(|row| row.gain_m).fold(1e-6, f64::max).max(5.0);
    let bar = |speed: f64| (speed / full_scale).clamp(0.0, 1.0) * (bar_end - bar_start);

    let grouped = rows.iter().any(|row| row.range_mps.is_some());
    canvas.text(area.x, area.y + 12.0, NAME, "Splits");
    let note = if grouped { "bar: mean; line: slowest to fastest" } else { "" };
    canvas.text(area.right(), area.y + 12.0, COLUMN.end(), note);
    let head = area.y + 34.0;
    canvas.text(label_end, head, COLUMN.end(), units.long());
    if with_time {
        canvas.text(time_end, head, COLUMN.end(), "time");
    }
    let rate_name = if sheet.rate.is_pace() { format!("min{unit}") } else { unit.to_owned() };
    if COLUMN.width(&rate_name) < rate_end - time_end - 4.0 {
        canvas.text(rate_end, head, COLUMN.end(), &rate_name);
    } else {
        canvas.text(bar_start, head, COLUMN, &rate_name);
    }
    if with_gain {
        canvas.text(area.right(), head, COLUMN.end(), &format!("gain, {}", units.short()));
    }
    canvas.line((area.x, area.y + HEAD - 4.0), (area.right(), area.y + HEAD - 4.0), HAIR, 1.0);

    let thickness = (pitch * 0.62).min(13.0);
    for (place, row) in rows.iter().enumerate() {
        let middle = area.y + HEAD + pitch * (place as f64 + 0.5);
        let baseline = middle + 4.2;
        canvas.text(label_end, baseline, text.end().soft(), &row.label);
        if with_time {
            canvas.text(time_end, baseline, text.end(), &format::duration(row.duration_s));
        }
        let told = row.speed_mps.map_or_else(|| format::UNKNOWN.to_owned(), |speed| format::rate(speed, sheet.rate, units));
        canvas.text(rate_end, baseline, text.end(), &told);
        if let Some(speed) = row.speed_mps {
            let colour = scale.map_or_else(|| SOFT.to_owned(), |scale| scale.colour(speed));
            let rect = Rect::new(bar_start, middle - thickness / 2.0, bar(speed), thickness);
            if row.is_full {
                canvas.rect(rect, &colour, 1.0);
            } else {
                // Hollow: a part is not to be compared with a whole.
                let inner = Rect::new(rect.x + 0.6, rect.y + 0.6, (rect.w - 1.2).max(0.5), rect.h - 1.2);
                canvas.frame(inner, &colour, 1.2, 1.0);
            }
        }
        if let Some((slowest, fastest)) = row.range_mps {
            let (from, to) = (bar_start + bar(slowest), bar_start + bar(fastest));
            let split = row.speed_mps.map_or(from, |speed| bar_start + bar(speed)).clamp(from, to);
            canvas.line((from, middle), (split, middle), "#ffffff", 1.2);
            canvas.line((split, middle), (to, middle), SOFT, 1.2);
        }
        if with_gain {
            let width = (row.gain_m / most_gain) * (gain_end - gain_start);
            canvas.rect(Rect::new(gain_start, middle - thickness / 2.0, width, thickness), "#b9c4b4", 1.0);
            canvas.text(area.right(), baseline, text.end().soft(), &format::height(row.gain_m, units));
        }
    }
    let bottom = area.y + HEAD + pitch * rows.len() as f64;
    let mean = sheet.totals.average_speed_mps.filter(|speed| speed.is_finite() && *speed > 0.0 && *speed < full_scale);
    if let Some(mean) = mean.filter(|_| rows.len() > 1) {
        let x = bar_start + bar(mean);
        canvas.dashed((x, area.y + HEAD - 2.0), (x, bottom), "#ffffff", 2.2, "");
        canvas.dashed((x, area.y + HEAD - 2.0), (x, bottom), SOFT, 0.9, "5 3");
    }
    bottom + 4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(full: u32, rest_m: f64) -> Sheet {
        let split = |index, distance_m, is_full| SheetSplit {
            index,
            distance_m,
            duration_s: distance_m * 0.3,
            pace_s_per_km: Some(300.0),
            elevation_gain_m: 2.0,
            is_full,
        };
        let mut splits: Vec<_> = (1..=full).map(|index| split(index, 1000.0, true)).collect();
        splits.push(split(full + 1, rest_m, false));
        Sheet { splits, ..Sheet::default() }
    }

    fn labels(sheet: &Sheet) -> Vec<String> {
        rows(sheet).into_iter().map(|row| row.label).collect()
    }

    #[test]
    fn a_marathon_keeps_every_kilometre() {
        let labels = labels(&sheet(42, 195.0));
        assert_eq!(labels.len(), 43);
        assert_eq!(labels[41..], ["42", "+0.20"]);
    }

    #[test]
    fn a_long_ride_is_grouped_and_loses_nothing() {
        let sheet = sheet(203, 400.0);
        let rows = rows(&sheet);
        assert_eq!(rows.len(), 41);
        assert_eq!((rows[0].label.as_str(), rows[40].label.as_str(), rows[40].is_full), ("1–5", "+3.40", false));
        assert!((rows.iter().map(|row| row.gain_m).sum::<f64>() - 408.0).abs() < 1e-9);
        assert!(rows.iter().all(|row| row.speed_mps.is_some_and(|speed| (speed - 1000.0 / 300.0).abs() < 1e-6)));
    }

    #[test]
    fn any_number_of_splits_fits() {
        for count in [0, 1, 44, 45, 88, 89, 5000, 123_456] {
            assert!(rows(&sheet(count, 1.0)).len() <= MAX_ROWS);
        }
    }
}
